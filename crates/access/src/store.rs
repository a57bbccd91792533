//! The only SQL of openings.

use kernel::{Cx, Moment, Result};

kernel::record! {
    /// An opening in a list, with its holder.
    #[derive(Clone, Debug)]
    pub struct Given {
        pub id: String,
        pub kind: String,
        pub name: String,
        pub staff: String,
        pub purpose: String,
        pub basis: String,
        pub place: Option<String>,
        pub members: i64,
        pub opens_at: Moment,
        pub closes_at: Moment,
        pub review: Option<String>,
    }
}

/// A new row of openings.
#[derive(Clone, Debug)]
pub struct New<'a> {
    pub id: &'a str,
    pub post: &'a str,
    pub staff: &'a str,
    pub kind: &'a str,
    pub place: Option<&'a str>,
    pub purpose: &'a str,
    pub basis: &'a str,
    pub closes_at: Moment,
}

pub async fn insert(cx: &mut Cx, new: &New<'_>) -> Result<()> {
    let (county, now, who) = (cx.county().to_owned(), cx.now, cx.who.label());
    cx.sql(
        "insert into openings (id, county_id, post, staff, kind, place, purpose, basis, opens_at, closes_at, made_at,
           made_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $9, $11)",
    )
    .bind(new.id)
    .bind(county)
    .bind(new.post)
    .bind(new.staff)
    .bind(new.kind)
    .bind(new.place)
    .bind(new.purpose)
    .bind(new.basis)
    .bind(now)
    .bind(new.closes_at)
    .bind(who)
    .run_one()
    .await
}

/// A household, or with `person` that person alone.
pub async fn insert_member(cx: &mut Cx, opening: &str, household: &str, person: &str) -> Result<()> {
    let county = cx.county().to_owned();
    cx.sql(
        "insert into opening_members (opening, county_id, household, person) values ($1, $2, $3, $4)
         on conflict (opening, household, person) do nothing",
    )
    .bind(opening)
    .bind(county)
    .bind(household)
    .bind(person)
    .run()
    .await
    .map(drop)
}

/// Openings of the county: in force, or broken glass that is open or waits for its review.
pub async fn list(cx: &mut Cx, glass: &str) -> Result<Vec<Given>> {
    let (county, now) = (cx.county().to_owned(), cx.now);
    cx.sql(
        "select o.id, o.kind, a.name, o.staff, o.purpose, o.basis, o.place, o.opens_at, o.closes_at, o.review,
           (select count(*) from opening_members m where m.opening = o.id) as members
         from openings o join accounts a on a.id = o.staff
         where o.county_id = $1 and (($2 = 'glass' and o.kind = 'break_glass')
               or ($2 <> 'glass' and o.kind <> 'break_glass' and o.closes_at > $3 and o.revoked_at is null))
         order by o.opens_at desc, o.id limit 500",
    )
    .bind(county)
    .bind(glass)
    .bind(now)
    .list()
    .await
}

pub async fn get(cx: &mut Cx, id: &str) -> Result<Given> {
    let county = cx.county().to_owned();
    cx.sql(
        "select o.id, o.kind, a.name, o.staff, o.purpose, o.basis, o.place, o.opens_at, o.closes_at, o.review,
           (select count(*) from opening_members m where m.opening = o.id) as members
         from openings o join accounts a on a.id = o.staff where o.county_id = $1 and o.id = $2",
    )
    .bind(county)
    .bind(id)
    .get()
    .await
}

pub async fn revoke(cx: &mut Cx, id: &str) -> Result<()> {
    let (now, by) = (cx.now, cx.who.label());
    cx.sql("update openings set revoked_at = $2, revoked_by = $3 where id = $1 and revoked_at is null")
        .bind(id)
        .bind(now)
        .bind(by)
        .run_one()
        .await
}

/// # Errors
/// `Conflict` when somebody reviewed it before.
pub async fn review(cx: &mut Cx, id: &str, verdict: &str) -> Result<()> {
    let (now, by) = (cx.now, cx.who.label());
    cx.sql("update openings set reviewed_at = $2, reviewed_by = $3, review = $4 where id = $1 and reviewed_at is null")
        .bind(id)
        .bind(now)
        .bind(by)
        .bind(verdict)
        .run_one()
        .await
}
