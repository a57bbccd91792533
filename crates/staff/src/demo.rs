use crate::model::{AccountId, NewAccount, NewPost};
use crate::{actions, password, store};
use kernel::{Cx, PlaceKey, Result, Role};

/// The password of every demo account, as its sign-in page says.
pub const DEMO_PASSWORD: &str = "jiuyuan-2026";

/// One account for each role a visitor of the demo may try: account, name, role, level of the place.
const ACCOUNTS: [(&str, &str, Role, &str); 5] = [
    ("village", "王芳", Role::Village, "village"),
    ("township", "陈晓雯", Role::Township, "township"),
    ("county", "李明", Role::County, "county"),
    ("audit", "周谨", Role::AuditAdmin, "county"),
    ("system", "何安", Role::SystemAdmin, "county"),
];

/// Plants the demo's accounts at the first village and township of the county's places; the places come first.
/// Planted twice, nothing changes.
///
/// # Errors
/// The database's.
pub async fn plant(cx: &mut Cx) -> Result<()> {
    let mut hash = None;
    for (account, name, role, level) in ACCOUNTS {
        if store::find_credentials(cx, account).await?.is_some() {
            continue;
        }
        let hash = match &hash {
            Some(hash) => hash,
            None => hash.insert(password::hash(DEMO_PASSWORD, cx.world().dice.bytes()).await?),
        };
        let new = NewAccount { account, name, password: DEMO_PASSWORD, language: None, demo: true };
        let id: AccountId = actions::open_with_hash(cx, new, hash, false).await?;
        let places = store::list_places_in_force(cx, level).await?;
        let place = PlaceKey::from_code(places.first().map_or(cx.county(), String::as_str))?;
        actions::give_post(cx, &id, NewPost::at(role, place)).await?;
    }
    Ok(())
}

/// Plants an account at every township and village, `township-1`, `village-1` and so on in the order of their codes, for
/// trying many readers at once. Planted twice, nothing changes.
///
/// # Errors
/// The database's.
pub async fn plant_everywhere(cx: &mut Cx) -> Result<()> {
    let hash = password::hash(DEMO_PASSWORD, cx.world().dice.bytes()).await?;
    for (role, level) in [(Role::Township, "township"), (Role::Village, "village")] {
        for (n, place) in store::list_places_in_force(cx, level).await?.into_iter().enumerate() {
            let account = format!("{level}-{}", n + 1);
            if store::find_credentials(cx, &account).await?.is_some() {
                continue;
            }
            let new =
                NewAccount { account: &account, name: &account, password: DEMO_PASSWORD, language: None, demo: true };
            let id: AccountId = actions::open_with_hash(cx, new, &hash, false).await?;
            let place = PlaceKey::from_code(&place)?;
            actions::give_post(cx, &id, NewPost::at(role, place)).await?;
        }
    }
    Ok(())
}

/// The person of a demo account: `village`, `township`, `county`, …
#[must_use]
pub fn id_of(county: &str, account: &str) -> kernel::StaffId {
    kernel::StaffId(kernel::content_id("demo account", &[county, account]).to_string())
}
