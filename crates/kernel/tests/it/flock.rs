//! A domain as small as can be: flocks at places, renamed by command, read as they were known.

use axum::extract::{Form, Path};
use kernel::commands::{Command, Received};
use kernel::events::{self, Event};
use kernel::sessions::Session;
use kernel::web::{Fault, Hooks, Reply, html};
use kernel::{
    Columns, Cx, Doing, Domain, FieldErrors, Interval, Language, Message, Migration, Opening, OpeningKind, Permission,
    PlaceKey, Post, Result, Role, Routes, Staff, StaffId, Walk, message, sessions,
};
use serde::{Deserialize, Serialize};
use testkit::{Setup, Village, Visitor};
use values::Validity;

pub const READ: Permission =
    Permission::of("flocks.read", &[Role::Village, Role::Helper, Role::Township, Role::County]);
pub const WRITE: Permission = Permission::of("flocks.write", &[Role::Township]);

const MIGRATIONS: &[Migration] = &[Migration::new(
    1,
    "flocks",
    "create table flocks (
       place text not null, id text not null, county_id text not null, name text not null, version bigint not null,
       recorded_at text not null, superseded_at text, primary key (place, id, version));
     create unique index flocks_name on flocks (name, version);
     create table counters (id text not null primary key, county_id text not null, n bigint not null);",
)];

pub const SETUP: Setup = Setup { domains, hooks: HOOKS, plant };

const HOOKS: Hooks = Hooks { find_staff, find_session, say, error_page, sign_in: "/signin" };

fn say(_: Language, message: &Message) -> String {
    message.key.to_owned()
}

fn error_page(cx: &Cx, fault: &Fault) -> axum::response::Response {
    html(format!("{} {} <input name=\"csrf\" value=\"{}\">", fault.status, fault.message.key, cx.visit.csrf))
}

fn domains() -> Vec<Domain> {
    let routes = Routes::new()
        .page("/flocks", list, READ)
        .page("/flocks/{id}", show, READ)
        .form("/flocks/{id}/name", rename, WRITE)
        .form("/counters/{id}/step", step, WRITE);
    let scoped_tables = &["flocks"];
    vec![Domain { routes, migrations: MIGRATIONS, scoped_tables, ..Domain::named("flocks") }]
}

/// Staff ids say who they are: `role:place`.
fn find_staff(_: Cx, id: StaffId) -> Doing<Option<Staff>> {
    Box::pin(async move {
        let (role, place) = id.0.split_once(':').unwrap();
        let place = PlaceKey::from_code(place)?.subtree();
        let role = Role::from_code(role).unwrap();
        let (id_of_post, place_name, period) = (String::new(), String::new(), Validity::default());
        let post =
            Post { id: id_of_post, role, place, place_name, period, department: None, openings: openings_of(role) };
        let county = Village::COUNTY.to_owned();
        let (account, name) = (id.0.clone(), id.0.clone());
        Ok(Some(Staff { id, account, name, county, language: None, posts: vec![post] }))
    })
}

fn find_session(cx: Cx, token: String) -> Doing<Option<(Session, Option<Staff>)>> {
    let mut cx = cx;
    Box::pin(async move {
        let Some(session) = sessions::find(&mut cx, &token).await? else { return Ok(None) };
        let staff = find_staff(cx, session.staff.clone()).await?;
        Ok(Some((session, staff)))
    })
}

pub async fn come_in(village: &Village, staff: &'static str) -> Visitor {
    let token = village.write(|mut cx| async move { sessions::start(&mut cx, &StaffId(staff.into()), "539901").await });
    let mut visitor = village.visitor();
    visitor.set_cookie("fuzhi", &token.await.unwrap());
    visitor
}

fn plant(cx: Cx) -> Doing<()> {
    let mut cx = cx;
    Box::pin(async move {
        for (place, id) in [("539901001001", "a"), ("539901001002", "b"), ("539901002001", "c"), ("539901002001", "d")]
        {
            insert(&mut cx, place, id, &format!("flock {id}"), 1).await?;
        }
        cx.sql("insert into counters (id, county_id, n) values ('hits', '539901', 0)").run_one().await
    })
}

async fn insert(cx: &mut Cx, place: &str, id: &str, name: &str, version: i64) -> Result<()> {
    let (county, now) = (cx.county().to_owned(), cx.now);
    cx.sql("insert into flocks (place, id, county_id, name, version, recorded_at) values ($1, $2, $3, $4, $5, $6)")
        .bind(PlaceKey::from_code(place)?.as_str())
        .bind(id)
        .bind(county)
        .bind(name)
        .bind(version)
        .bind(now)
        .run_one()
        .await
}

kernel::record! {
    #[derive(Clone, Debug, PartialEq, Eq, Serialize)]
    pub struct Flock {
        pub place: String,
        pub id: String,
        pub name: String,
        pub version: i64,
    }
}

pub async fn get(cx: &mut Cx, id: &str) -> Result<Flock> {
    cx.scoped(BY_HOUSEHOLD, "select place, id, name, version from flocks where id = $1 and {scope} and {known}")
        .bind(id)
        .get()
        .await
}

pub async fn page(cx: &mut Cx, after: Option<(String, String)>, size: usize) -> Result<Vec<Flock>> {
    let sql = "select place, id, name, version from flocks f where {known f} and {page}";
    cx.page(Walk { place: "place", id: "id", household: "id", sql }, |query| query, after, size).await
}

async fn list(mut cx: Cx) -> Reply {
    let (count,): (i64,) = cx
        .scoped(Columns::family("f.place", "f.id"), "select count(*) from flocks f where {scope} and {known f}")
        .get()
        .await?;
    let names: Vec<String> = page(&mut cx, None, 50).await?.into_iter().map(|flock| flock.name).collect();
    Ok(html(format!("{count} flocks: {} <input name=\"csrf\" value=\"{}\">", names.join(", "), cx.visit.csrf)))
}

async fn show(mut cx: Cx, Path(id): Path<String>) -> Reply {
    let flock = get(&mut cx, &id).await?;
    cx.audit("flock_read", "flock", &id, "").await?;
    Ok(html(flock.name))
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Rename {
    pub name: String,
}

#[derive(Deserialize)]
pub struct RenameForm {
    command: String,
    base: i64,
    name: String,
}

#[derive(Serialize)]
struct Renamed<'a> {
    id: &'a str,
}

impl Event for Renamed<'_> {
    const KIND: &'static str = "flock_renamed";
    fn subject(&self) -> &str {
        self.id
    }
}

async fn rename(mut cx: Cx, Path(id): Path<String>, Form(form): Form<RenameForm>) -> Reply {
    let body = Rename { name: form.name };
    let command = Command { id: form.command, device_at: None, base: Some(form.base), body };
    let version = rename_flock(&mut cx, &id, command).await?;
    Ok(html(format!("version {version}")))
}

/// An action as every domain writes it: replayed, checked, carried out, noted, told.
pub async fn rename_flock(cx: &mut Cx, id: &str, command: Command<Rename>) -> Result<i64> {
    if let Received::Before(version) = command.receive(cx, "rename_flock").await? {
        return Ok(version);
    }
    let flock = get(cx, id).await?;
    command.check_base("flock", id, flock.version, &flock)?;
    let mut wrong = FieldErrors::default();
    if command.body.name.is_empty() {
        wrong.add("name", message("name-empty"));
    }
    wrong.into_result()?;
    let now = cx.now;
    cx.sql("update flocks set superseded_at = $3 where id = $1 and version = $2 /* unscoped: read in scope above */")
        .bind(id)
        .bind(flock.version)
        .bind(now)
        .run_one()
        .await?;
    let version = flock.version + 1;
    let inserted = insert(cx, &flock.place, id, &command.body.name, version).await;
    kernel::OnConstraint::on_constraint(inserted, "flocks_name", "name", message("name-taken"))?;
    cx.audit("flock_renamed", "flock", id, "name").await?;
    events::emit(cx, &Renamed { id }).await?;
    command.carried_out(cx, "rename_flock", &version).await?;
    Ok(version)
}

/// Reads and writes one row: what fifty people do at once.
async fn step(mut cx: Cx, Path(id): Path<String>) -> Reply {
    let (n,): (i64,) = cx.sql("select n from counters where id = $1").bind(id.as_str()).get().await?;
    cx.sql("update counters set n = $2 where id = $1 and n = $3")
        .bind(id.as_str())
        .bind(n + 1)
        .bind(n)
        .run_one()
        .await?;
    Ok(html(format!("{}", n + 1)))
}

pub fn interval(code: &str) -> Interval {
    PlaceKey::from_code(code).unwrap().subtree()
}

pub const BY_HOUSEHOLD: Columns = Columns::family("place", "id");

/// A helper is paired with the flocks that the opening `paired` lists.
fn openings_of(role: Role) -> Vec<Opening> {
    let paired = Opening { id: "paired".to_owned(), kind: OpeningKind::Pairing, place: None };
    if role == Role::Helper { vec![paired] } else { Vec::new() }
}

/// Pairs the helper with a flock.
pub async fn pair(village: &Village, flock: &'static str) {
    let paired = village.write(|mut cx| async move {
        cx.sql(
            "insert into openings (id, county_id, post, staff, kind, purpose, basis, opens_at, closes_at, made_at,
             made_by) values ('paired', '539901', '', '', 'pairing', '', '', '', '9', '', '')",
        )
        .run_one()
        .await?;
        cx.sql(
            "insert into opening_members (opening, county_id, household, person) values ('paired', '539901', $1, '')",
        )
        .bind(flock)
        .run_one()
        .await
    });
    paired.await.unwrap();
}
