use crate::actions::of_county;
use crate::factors::{self, Step};
use crate::provider::Known;
use crate::store;
use kernel::{Cx, Error, Result, message};

/// How far somebody has come whom a provider knows: the token of the step, or nothing where no account is theirs.
pub(crate) async fn come_by_provider(cx: &mut Cx, known: &Known) -> Result<Option<String>> {
    let Some(staff) = store::find_linked(cx, &known.issuer, &known.subject).await? else { return Ok(None) };
    let Some(found) = store::find_credentials_of(cx, &staff).await? else { return Ok(None) };
    let reached = if known.second_factor { Step::ProviderFactor } else { Step::Provider };
    Ok(Some(factors::step_token(cx, &found, reached)))
}

/// Says who an account is at the provider; for somebody else than oneself.
pub(crate) async fn link(cx: &mut Cx, staff: &str, subject: &str) -> Result<()> {
    let provider = cx.world().provider.clone().ok_or(Error::NotFound)?;
    if cx.staff_id()?.0 == staff {
        return Err(Error::Refused(message("staff-not-oneself")));
    }
    let (found, subject) = (of_county(cx, staff).await?, subject.trim());
    if subject.is_empty() || subject.len() > 255 {
        return Err(Error::invalid("subject", message("link-subject-missing")));
    }
    store::insert_link(cx, &found.id, &provider.issuer, subject).await?;
    cx.audit("provider_linked", "staff", &found.id, "").await
}

/// Ends a link; who came by it comes by the password again.
pub(crate) async fn unlink(cx: &mut Cx, link: &str) -> Result<String> {
    let staff = store::end_link(cx, link).await?;
    cx.audit("provider_unlinked", "staff", &staff, "").await?;
    Ok(staff)
}
