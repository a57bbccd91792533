//! The only SQL of labels.

use kernel::signature::PublicHalf;
use kernel::{Columns, Cx, Moment, Result, Walk};

kernel::record! {
    /// A label on a sheet, with the family it is for.
    #[derive(Clone, Debug)]
    pub struct Label {
        pub household: String,
        pub place: String,
        pub head: String,
        pub token: String,
    }
}

/// The token of a household's label.
pub async fn find_token(cx: &mut Cx, household: &str) -> Result<Option<String>> {
    let found: Option<(String,)> = cx
        .scoped(
            Columns::family("place", "household"),
            "select token from labels where {scope} and {known} and household = $1",
        )
        .bind(household)
        .find()
        .await?;
    Ok(found.map(|(token,)| token))
}

/// The household a token leads to.
///
/// # Errors
/// `NotFound` out of scope, replaced or taken down.
pub async fn get_household(cx: &mut Cx, token: &str) -> Result<String> {
    let (household,): (String,) = cx
        .scoped(
            Columns::family("place", "household"),
            "select household from labels where {scope} and {known} and token = $1",
        )
        .bind(token)
        .get()
        .await?;
    Ok(household)
}

/// Labels in the order of their places; `after` is place and household of the last one seen.
pub async fn list(cx: &mut Cx, after: Option<(String, String)>, size: usize) -> Result<Vec<Label>> {
    let walk = Walk {
        place: "l.place",
        id: "l.household",
        household: "l.household",
        sql: "select l.household, l.place, f.head, l.token
              from labels l join household_files f on f.household = l.household and f.superseded_at is null
              where {known l} and {page}",
    };
    cx.page(walk, |query| query, after, size).await
}

/// Families that have none yet, in the order of their places: household and place.
pub async fn list_without(cx: &mut Cx, size: usize) -> Result<Vec<(String, String)>> {
    let walk = Walk {
        place: "f.place",
        id: "f.household",
        household: "f.household",
        sql: "select f.household, f.place from household_files f
              where {known f} and f.head <> ''
                and not exists (select 1 from labels l where l.household = f.household and l.superseded_at is null)
                and {page}",
    };
    cx.page(walk, |query| query, None, size).await
}

pub async fn insert(cx: &mut Cx, household: &str, place: &str, token: &str) -> Result<()> {
    let (id, county, now, who) = (cx.new_id().to_string(), cx.county().to_owned(), cx.now, cx.staff_id()?);
    cx.sql(
        "insert into labels (id, county_id, place, household, token, recorded_at, recorded_by)
         values ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(id)
    .bind(county)
    .bind(place)
    .bind(household)
    .bind(token)
    .bind(now)
    .bind(who)
    .run_one()
    .await
}

/// Takes a household's label down; gives how many there were.
pub async fn supersede(cx: &mut Cx, household: &str) -> Result<u64> {
    let (now, who) = (cx.now, cx.who.label());
    cx.sql(
        "update labels set superseded_at = $2, superseded_by = $3 /* unscoped: the family was read in scope */
         where household = $1 and superseded_at is null",
    )
    .bind(household)
    .bind(now)
    .bind(who)
    .run()
    .await
}

kernel::record! {
    /// A key that signs labels, without its secret half.
    #[derive(Clone, Debug)]
    pub struct Key {
        pub id: String,
        pub county_id: String,
        pub public_half: String,
        pub recorded_at: Moment,
        pub superseded_at: Option<Moment>,
        pub withdrawn_at: Option<Moment>,
    }
}

/// The sealed secret half that signs a county's labels today.
pub async fn find_secret(cx: &mut Cx, county: &str) -> Result<Option<String>> {
    let found: Option<(String,)> = cx
        .sql(
            "select secret_half from label_keys
             where county_id = $1 and superseded_at is null",
        )
        .bind(county)
        .find()
        .await?;
    Ok(found.map(|(secret,)| secret))
}

/// The public half by which a label is checked, unless it was withdrawn.
pub async fn find_public_half(cx: &mut Cx, id: &str) -> Result<Option<String>> {
    let found: Option<(String,)> =
        cx.sql("select public_half from label_keys where id = $1 and withdrawn_at is null").bind(id).find().await?;
    Ok(found.map(|(public,)| public))
}

/// Every key there was, the newest first.
pub async fn list_keys(cx: &mut Cx) -> Result<Vec<Key>> {
    cx.sql(
        "select id, county_id, public_half, recorded_at, superseded_at, withdrawn_at from label_keys
         order by recorded_at desc, id limit 200",
    )
    .list()
    .await
}

pub async fn insert_key(cx: &mut Cx, public: &PublicHalf, sealed: &str) -> Result<()> {
    let (county, now, who) = (cx.county().to_owned(), cx.now, cx.who.label());
    cx.sql(
        "insert into label_keys (id, county_id, public_half, secret_half, recorded_at, recorded_by)
         values ($1, $2, $3, $4, $5, $6)",
    )
    .bind(public.id())
    .bind(county)
    .bind(public.digits())
    .bind(sealed)
    .bind(now)
    .bind(who)
    .run_one()
    .await
}

/// The key that signed until now signs no more.
pub async fn supersede_key(cx: &mut Cx, county: &str) -> Result<()> {
    let (now, who) = (cx.now, cx.who.label());
    cx.sql(
        "update label_keys set superseded_at = $2, superseded_by = $3
         where county_id = $1 and superseded_at is null",
    )
    .bind(county)
    .bind(now)
    .bind(who)
    .run()
    .await
    .map(drop)
}

pub async fn withdraw_key(cx: &mut Cx, id: &str) -> Result<()> {
    let (now, who) = (cx.now, cx.who.label());
    cx.sql(
        "update label_keys set withdrawn_at = $2, withdrawn_by = $3
         where id = $1 and withdrawn_at is null",
    )
    .bind(id)
    .bind(now)
    .bind(who)
    .run_one()
    .await
}
