use crate::Place;
use kernel::{Cx, PlaceKey, Result};
use std::collections::BTreeMap;

/// The place of a key.
///
/// # Errors
/// The database's.
pub async fn find(cx: &mut Cx, key: PlaceKey) -> Result<Option<Place>> {
    cx.sql(
        "select place, code, name, level, parent, valid_from, valid_to from places where place = $1 and {known}
         order by case when valid_to is null then 0 else 1 end, valid_to desc, code desc limit 1",
    )
    .bind(key.as_str())
    .find()
    .await
}

/// The place that has or had this code: the one in force when several did.
///
/// # Errors
/// The database's.
pub async fn find_by_code(cx: &mut Cx, code: &str) -> Result<Option<Place>> {
    cx.sql(
        "select place, code, name, level, parent, valid_from, valid_to from places where code = $1 and {known}
         order by case when valid_to is null then 0 else 1 end, valid_to desc limit 1",
    )
    .bind(code)
    .find()
    .await
}

/// The places that lie directly in one, by code.
///
/// # Errors
/// The database's.
pub async fn list_under(cx: &mut Cx, parent: PlaceKey) -> Result<Vec<Place>> {
    cx.sql(
        "select place, code, name, level, parent, valid_from, valid_to from places
         where parent = $1 and {known} order by code limit 2000",
    )
    .bind(parent.as_str())
    .list()
    .await
}

/// How many names one statement asks for.
const NAMED: usize = 64;

/// The names of places, by key: a page asks for its few, not for all that lie between them.
///
/// # Errors
/// The database's.
pub async fn list_names(cx: &mut Cx, keys: &[String]) -> Result<Vec<(String, String)>> {
    let (county, mut found) = (cx.county().to_owned(), Vec::new());
    for few in keys.chunks(NAMED) {
        let query = cx.sql(
            "select place, name from places
             where county_id = $1 and {known} and place in
                          ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,
                           $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39,
                           $40, $41, $42, $43, $44, $45, $46, $47, $48, $49, $50, $51, $52, $53, $54, $55, $56, $57,
                           $58, $59, $60, $61, $62, $63, $64, $65)
             order by place, code limit 20000",
        );
        let padded = few.iter().map(String::as_str).chain(std::iter::repeat("")).take(NAMED);
        let query = padded.fold(query.bind(county.as_str()), |query, key| query.bind(key));
        found.extend(query.list::<(String, String)>().await?);
    }
    Ok(found)
}

/// All places of the county, by key: a county has some hundreds, with its groups some thousands.
///
/// # Errors
/// The database's.
pub async fn list(cx: &mut Cx) -> Result<Vec<Place>> {
    let county = cx.county().to_owned();
    cx.sql(
        "select place, code, name, level, parent, valid_from, valid_to from places
         where county_id = $1 and {known} order by place, code limit 20000",
    )
    .bind(county)
    .list()
    .await
}

/// The key of every code the county's places have or had: what a load of a run asks for.
///
/// # Errors
/// The database's.
pub async fn keys(cx: &mut Cx) -> Result<BTreeMap<String, PlaceKey>> {
    list(cx).await?.into_iter().map(|place| Ok((place.code.clone(), place.key()?))).collect()
}

pub(crate) async fn list_successors(cx: &mut Cx, key: PlaceKey) -> Result<Vec<Place>> {
    cx.sql(
        "select p.place, p.code, p.name, p.level, p.parent, p.valid_from, p.valid_to from place_successors s
         join places p on p.place = s.successor and {known p} where s.place = $1 order by p.code limit 100",
    )
    .bind(key.as_str())
    .list()
    .await
}

pub(crate) async fn supersede(cx: &mut Cx, place: &Place) -> Result<u64> {
    let now = cx.now;
    cx.sql("update places set superseded_at = $3 where place = $1 and code = $2 and superseded_at is null")
        .bind(place.place.as_str())
        .bind(place.code.as_str())
        .bind(now)
        .run()
        .await
}

pub(crate) async fn insert(cx: &mut Cx, place: &Place) -> Result<()> {
    let (county, now, who) = (cx.county().to_owned(), cx.now, cx.who.label());
    cx.sql(
        "insert into places (place, county_id, code, name, level, parent, valid_from, valid_to, recorded_at, recorded_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(place.place.as_str())
    .bind(county)
    .bind(place.code.as_str())
    .bind(place.name.as_str())
    .bind(place.level.as_str())
    .bind(place.parent.as_deref())
    .bind(place.valid_from)
    .bind(place.valid_to)
    .bind(now)
    .bind(who)
    .run_one()
    .await
}

pub(crate) async fn insert_successor(cx: &mut Cx, place: PlaceKey, successor: PlaceKey) -> Result<()> {
    let (county, now) = (cx.county().to_owned(), cx.now);
    cx.sql(
        "insert into place_successors (place, successor, county_id, recorded_at) values ($1, $2, $3, $4)
         on conflict (place, successor) do nothing",
    )
    .bind(place.as_str())
    .bind(successor.as_str())
    .bind(county)
    .bind(now)
    .run()
    .await
    .map(drop)
}
