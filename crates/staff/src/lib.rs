//! Who works here: accounts, the posts they hold, and how they sign in.
//!
//! A post is a role at a place for a period; every right and every scope comes from posts in force today.
//! Signing in takes an account and a password (argon2id), or an identity provider that an administrator has linked the
//! account to; from the county upwards a second factor too, an app's code or a passkey. Failures block an account for a
//! while that doubles. A post can be lent during leave. Three administrators share the duties:
//! one opens accounts, one gives posts, one reads the trail.
//! A person sees their own sessions and ends the ones that aren't theirs. Those who watch over the machine or the
//! audit trail hold posts that open no family.
//! A demo plants one account for each of five roles and shows them on its sign-in page.

mod actions;
mod demo;
mod factors;
mod first;
mod jose;
mod model;
mod pages;
mod passkey;
mod password;
pub mod provider;
mod store;

pub use actions::{give_post, open_account};
pub use demo::{DEMO_PASSWORD, id_of as demo_id, plant as plant_demo, plant_everywhere};
pub use first::open_first;
pub use model::{AccountId, NewAccount, NewPost};
pub use store::KEEPS;

use kernel::sessions::Session;
use kernel::{
    Cx, Doing, Domain, Language, MenuEntry, MenuGroup, Migration, PUBLIC, Permission, Role, Routes, SIGNED_IN, Staff,
    StaffId,
};

/// Who may see the accounts and their posts.
pub const READ_ACCOUNTS: Permission =
    Permission::of("accounts.read", &[Role::SystemAdmin, Role::SecurityAdmin, Role::AuditAdmin]);
/// Opens and closes accounts, and makes up first passwords; gives no rights.
pub const OPEN_ACCOUNTS: Permission = Permission::of("accounts.open", &[Role::SystemAdmin]);
/// Gives and ends posts, and ends lost factors; opens no accounts.
pub const GIVE_POSTS: Permission = Permission::of("posts.give", &[Role::SecurityAdmin]);
/// Ends a machine's token.
pub const REVOKE_TOKENS: Permission = Permission::of("tokens.revoke", &[Role::SystemAdmin, Role::SecurityAdmin]);
/// Who may read and check the audit trail.
pub const READ_AUDIT: Permission = Permission::of("audit.read", &[Role::AuditAdmin]);

const MIGRATIONS: &[Migration] = &[
    Migration::new(1, "staff", include_str!("../migrations/0001_staff.sql")),
    Migration::new(2, "posts", include_str!("../migrations/0002_posts.sql")),
    Migration::new(3, "factors", include_str!("../migrations/0003_factors.sql")),
    Migration::new(4, "provider", include_str!("../migrations/0004_provider.sql")),
    Migration::new(5, "departments", include_str!("../migrations/0005_departments.sql")),
];
const LOCALES: ui::Locales =
    &[(Language::Zh, include_str!("../locales/zh.ftl")), (Language::En, include_str!("../locales/en.ftl"))];

/// Where somebody goes who has not signed in.
pub const SIGN_IN: &str = "/signin";

#[must_use]
pub fn domain() -> Domain {
    let entry = |group, rank, text, path, permission| MenuEntry { group, rank, text, path, permission };
    Domain {
        migrations: MIGRATIONS,
        routes: Routes::new()
            .page(SIGN_IN, pages::sign_in::show, PUBLIC)
            .form("/session", pages::sign_in::enter, PUBLIC)
            .form("/session/end", pages::sign_in::leave, PUBLIC)
            .page("/signin/step", pages::step::show, PUBLIC)
            .form("/signin/code", pages::step::code, PUBLIC)
            .form("/signin/passkey", pages::step::passkey, PUBLIC)
            .form("/signin/entry", pages::step::entry, PUBLIC)
            .page("/signin/provider", pages::provider::go, PUBLIC)
            .page("/signin/provider/return", pages::provider::back, PUBLIC)
            .page("/signin/provider/end", pages::provider::leave, PUBLIC)
            .form("/signin/password", pages::step::password, PUBLIC)
            .form("/signin/enrolment", pages::step::enrolment, PUBLIC)
            .page("/account", pages::account::show, SIGNED_IN)
            .form("/account/password", pages::account::change_password, SIGNED_IN)
            .page("/account/factors", pages::account::new_factor, SIGNED_IN)
            .form("/account/factors", pages::account::add_factor, SIGNED_IN)
            .form("/account/passkeys", pages::passkeys::add, SIGNED_IN)
            .form("/account/recovery", pages::account::new_recovery, SIGNED_IN)
            .form("/factors/{id}/end", pages::account::end_factor, SIGNED_IN)
            .form("/sessions/{hash}/end", pages::account::end_session, SIGNED_IN)
            .form("/posts/{id}/delegation", pages::account::delegate, SIGNED_IN)
            .form("/posts/{id}/return", pages::account::take_back, SIGNED_IN)
            .page("/staff", pages::staff::list, READ_ACCOUNTS)
            .form("/staff", pages::person::open, OPEN_ACCOUNTS)
            .page("/staff/{id}", pages::person::show, READ_ACCOUNTS)
            .form("/staff/{id}/password", pages::person::reset_password, OPEN_ACCOUNTS)
            .form("/staff/{id}/closure", pages::person::close, OPEN_ACCOUNTS)
            .form("/staff/{id}/provider", pages::provider::link, OPEN_ACCOUNTS)
            .form("/provider-links/{id}/end", pages::provider::unlink, OPEN_ACCOUNTS)
            .form("/staff/{id}/posts", pages::person::appoint, GIVE_POSTS)
            .form("/staff/{id}/factors/end", pages::person::end_factors, GIVE_POSTS)
            .form("/staff/{id}/tokens", pages::machines::issue, OPEN_ACCOUNTS)
            .form("/tokens/{id}/revocation", pages::machines::revoke, REVOKE_TOKENS)
            .form("/posts/{id}/end", pages::person::end_post, GIVE_POSTS)
            .page("/audit", pages::audit::list, READ_AUDIT),
        menu: vec![
            entry(MenuGroup::Administration, 10, "staff-menu", "/staff", READ_ACCOUNTS),
            entry(MenuGroup::Administration, 20, "audit-menu", "/audit", READ_AUDIT),
            entry(MenuGroup::Own, 10, "account-menu", "/account", SIGNED_IN),
        ],
        locales: ui::learn(LOCALES),
        ..Domain::named("staff")
    }
}

/// `kernel::web::Hooks::find_staff`: the person of an account that is open, with the posts they hold.
#[must_use]
pub fn find_staff(cx: Cx, id: StaffId) -> Doing<Option<Staff>> {
    let mut cx = cx;
    Box::pin(async move { store::find_staff(&mut cx, &id).await })
}

/// `kernel::web::Hooks::find_session`: the living session a token opens, and its person.
#[must_use]
pub fn find_session(cx: Cx, token: String) -> Doing<Option<(Session, Option<Staff>)>> {
    let mut cx = cx;
    Box::pin(async move { store::find_session(&mut cx, &token).await })
}

/// Everybody of the county with an open account and the posts they hold: whom work can be given to.
///
/// # Errors
/// The database's.
pub async fn colleagues(cx: &mut Cx) -> kernel::Result<Vec<Staff>> {
    store::list_staff(cx).await
}

/// The counties that have accounts.
///
/// # Errors
/// The database's.
pub async fn list_counties(cx: &mut Cx) -> kernel::Result<Vec<String>> {
    store::list_counties(cx).await
}

/// The person of an open account, with the posts they hold.
///
/// # Errors
/// The database's.
pub async fn find_by_account(cx: &mut Cx, account: &str) -> kernel::Result<Option<Staff>> {
    match store::find_credentials(cx, account).await? {
        Some(found) => store::find_staff(cx, &StaffId(found.id)).await,
        None => Ok(None),
    }
}
