use crate::model::{AccountId, NewPost, PostRow};
use kernel::{Cx, Result};

pub(crate) async fn insert_post(
    cx: &mut Cx,
    id: &str,
    staff: &AccountId,
    post: NewPost<'_>,
    (delegated_from, reason): (Option<&str>, &str),
) -> Result<()> {
    let (county, now, who) = (cx.county().to_owned(), cx.now, cx.who.label());
    cx.sql(
        "insert into posts (id, county_id, staff, role, place, valid_from, valid_to, recorded_at, recorded_by,
           delegated_from, reason, department)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    )
    .bind(id)
    .bind(county)
    .bind(staff)
    .bind(post.role.code())
    .bind(post.place.as_str())
    .bind(post.period.from)
    .bind(post.period.to)
    .bind(now)
    .bind(who)
    .bind(delegated_from)
    .bind(reason)
    .bind(post.department)
    .run_one()
    .await
}

/// The posts of somebody that stand, and those they lent to others.
pub(crate) async fn list_posts(cx: &mut Cx, staff: &str) -> Result<Vec<PostRow>> {
    cx.sql(
        "select p.id, p.staff, a.name, p.role, p.place, p.valid_from, p.valid_to, p.department, p.delegated_from,
           (select max(places.name) from places
            where places.place = p.place and places.superseded_at is null) as place_name
         from posts p join accounts a on a.id = p.staff
         where p.superseded_at is null
               and (p.staff = $1 or p.delegated_from in (select o.id from posts o where o.staff = $1))
         order by p.recorded_at, p.id limit 200",
    )
    .bind(staff)
    .list()
    .await
}

/// A post that stands, in the county at hand.
pub(crate) async fn get_post(cx: &mut Cx, id: &str) -> Result<PostRow> {
    let county = cx.county().to_owned();
    cx.sql(
        "select p.id, p.staff, a.name, p.role, p.place, p.valid_from, p.valid_to, p.department, p.delegated_from,
           (select max(places.name) from places
            where places.place = p.place and places.superseded_at is null) as place_name
         from posts p join accounts a on a.id = p.staff
         where p.id = $1 and p.county_id = $2 and p.superseded_at is null",
    )
    .bind(id)
    .bind(county)
    .get()
    .await
}

/// Ends a post, and with it whatever was delegated from it; gives how many ended.
pub(crate) async fn end_post(cx: &mut Cx, id: &str, reason: &str) -> Result<u64> {
    let (now, by) = (cx.now, cx.who.label());
    cx.sql(
        "update posts set superseded_at = $2, superseded_by = $3, ended_reason = $4
         where (id = $1 or delegated_from = $1) and superseded_at is null",
    )
    .bind(id)
    .bind(now)
    .bind(by)
    .bind(reason)
    .run()
    .await
}
