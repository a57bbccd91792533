use crate::model::ProviderLink;
use kernel::{Cx, OnConstraint, Result, message};

/// The account that somebody at a provider is linked to.
pub(crate) async fn find_linked(cx: &mut Cx, issuer: &str, subject: &str) -> Result<Option<String>> {
    let found: Option<(String,)> = cx
        .sql("select staff from provider_links where issuer = $1 and subject = $2 and ended_at is null")
        .bind(issuer)
        .bind(subject)
        .find()
        .await?;
    Ok(found.map(|(staff,)| staff))
}

pub(crate) async fn list_links(cx: &mut Cx, staff: &str) -> Result<Vec<ProviderLink>> {
    cx.sql(
        "select id, staff, issuer, subject, made_at from provider_links
         where staff = $1 and ended_at is null order by made_at, id limit 20",
    )
    .bind(staff)
    .list()
    .await
}

pub(crate) async fn insert_link(cx: &mut Cx, staff: &str, issuer: &str, subject: &str) -> Result<()> {
    let (id, county, now, by) = (cx.new_id().to_string(), cx.county().to_owned(), cx.now, cx.who.label());
    let inserted = cx.sql(
        "insert into provider_links (id, county_id, staff, issuer, subject, made_at, made_by)
         values ($1, $2, $3, $4, $5, $6, $7)",
    );
    let inserted = inserted.bind(id).bind(county).bind(staff).bind(issuer).bind(subject).bind(now).bind(by);
    inserted.run_one().await.on_constraint("provider_links_subject", "subject", message("link-taken"))
}

/// Ends a link of this county; gives whose it was.
pub(crate) async fn end_link(cx: &mut Cx, id: &str) -> Result<String> {
    let (county, now, by) = (cx.county().to_owned(), cx.now, cx.who.label());
    let link = cx.sql("select staff from provider_links where id = $1 and county_id = $2 and ended_at is null");
    let (staff,): (String,) = link.bind(id).bind(county).get().await?;
    cx.sql("update provider_links set ended_at = $2, ended_by = $3 where id = $1 and ended_at is null")
        .bind(id)
        .bind(now)
        .bind(by)
        .run_one()
        .await?;
    Ok(staff)
}
