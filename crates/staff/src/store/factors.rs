use crate::model::Factor;
use kernel::{Cx, OnConstraint, Result, message};

/// The factors of somebody that are in use.
pub(crate) async fn list_factors(cx: &mut Cx, staff: &str) -> Result<Vec<Factor>> {
    cx.sql(
        "select id, staff, kind, label, secret, used, made_at from second_factors
         where staff = $1 and ended_at is null order by made_at, id limit 20",
    )
    .bind(staff)
    .list()
    .await
}

pub(crate) async fn insert_factor(cx: &mut Cx, factor: &Factor) -> Result<()> {
    let county = cx.county().to_owned();
    cx.sql(
        "insert into second_factors (id, county_id, staff, kind, label, secret, used, made_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(factor.id.as_str())
    .bind(county)
    .bind(factor.staff.as_str())
    .bind(factor.kind.as_str())
    .bind(factor.label.as_str())
    .bind(factor.secret.as_str())
    .bind(factor.used)
    .bind(factor.made_at)
    .run_one()
    .await
}

/// A step or count was used: only a later one is taken from now on.
pub(crate) async fn use_factor(cx: &mut Cx, id: &str, used: i64) -> Result<()> {
    cx.sql("update second_factors set used = $2 where id = $1 and used < $2 and ended_at is null")
        .bind(id)
        .bind(used)
        .run_one()
        .await
}

pub(crate) async fn end_factor(cx: &mut Cx, staff: &str, id: &str) -> Result<()> {
    let (now, by) = (cx.now, cx.who.label());
    cx.sql("update second_factors set ended_at = $3, ended_by = $4 where id = $2 and staff = $1 and ended_at is null")
        .bind(staff)
        .bind(id)
        .bind(now)
        .bind(by)
        .run_one()
        .await
}

pub(crate) async fn end_all_factors(cx: &mut Cx, staff: &str) -> Result<u64> {
    let (now, by) = (cx.now, cx.who.label());
    cx.sql("update second_factors set ended_at = $2, ended_by = $3 where staff = $1 and ended_at is null")
        .bind(staff)
        .bind(now)
        .bind(by)
        .run()
        .await
}

/// New codes take the place of the old ones.
pub(crate) async fn put_recovery_codes(cx: &mut Cx, staff: &str, codes: &[String]) -> Result<()> {
    cx.sql("delete from recovery_codes where staff = $1").bind(staff).run().await?;
    let (county, now) = (cx.county().to_owned(), cx.now);
    for code in codes {
        cx.sql("insert into recovery_codes (code, county_id, staff, made_at) values ($1, $2, $3, $4)")
            .bind(code.as_str())
            .bind(county.as_str())
            .bind(staff)
            .bind(now)
            .run_one()
            .await
            .on_constraint("recovery_codes_code", "code", message("error-busy"))?;
    }
    Ok(())
}

/// Whether this code was unused until now.
pub(crate) async fn use_recovery_code(cx: &mut Cx, staff: &str, code: &str) -> Result<bool> {
    let now = cx.now;
    let used = cx.sql("update recovery_codes set used_at = $3 where code = $2 and staff = $1 and used_at is null");
    Ok(used.bind(staff).bind(code).bind(now).run().await? == 1)
}

pub(crate) async fn count_recovery_codes(cx: &mut Cx, staff: &str) -> Result<i64> {
    let count = cx.sql("select count(*) from recovery_codes where staff = $1 and used_at is null");
    let (count,): (i64,) = count.bind(staff).get().await?;
    Ok(count)
}

/// Whether nothing was answered to this challenge before.
pub(crate) async fn use_challenge(cx: &mut Cx, challenge: &str) -> Result<bool> {
    let (county, now) = (cx.county().to_owned(), cx.now);
    let used = cx.sql(
        "insert into passkey_challenges (challenge, county_id, used_at) values ($1, $2, $3) on conflict (challenge) do nothing",
    );
    Ok(used.bind(challenge).bind(county).bind(now).run().await? == 1)
}
