use crate::actions::of_county;
use crate::model::{AccountId, NewPost, PostRow, can_delegate};
use crate::store;
use kernel::{Cx, Error, PlaceKey, Result, StaffId, message};
use values::{Day, Validity};

/// Gives somebody a post; gives back its id.
///
/// # Errors
/// [`Error::Refused`] when it doesn't go together with a post they hold: separated duties stay with separate people.
pub async fn give_post(cx: &mut Cx, staff: &AccountId, post: NewPost<'_>) -> Result<String> {
    insert(cx, staff, post, (None, "")).await
}

async fn insert(
    cx: &mut Cx,
    staff: &AccountId,
    post: NewPost<'_>,
    (delegated_from, reason): (Option<&str>, &str),
) -> Result<String> {
    let held = store::find_staff(cx, &StaffId(staff.as_str().to_owned())).await?.ok_or(Error::NotFound)?;
    if held.posts.iter().any(|other| !other.role.goes_with(post.role)) {
        return Err(Error::Refused(message("staff-duties-apart")));
    }
    let id = cx.new_id().to_string();
    store::insert_post(cx, &id, staff, post, (delegated_from, reason)).await?;
    let verb = if delegated_from.is_some() { "post_delegated" } else { "post_given" };
    let department = post.department.map(|department| format!(" department={department}")).unwrap_or_default();
    let detail = format!("role={} place={}{department}", post.role.code(), post.place);
    cx.audit(verb, "staff", staff.as_str(), &detail).await?;
    Ok(id)
}

/// A post from the page of whoever gives posts: to somebody else than themselves.
pub(crate) async fn appoint(cx: &mut Cx, staff: &str, post: NewPost<'_>, reason: &str) -> Result<()> {
    if cx.staff_id()?.0 == staff {
        return Err(Error::Refused(message("staff-not-oneself")));
    }
    if reason.trim().is_empty() {
        return Err(Error::invalid("reason", message("staff-reason-missing")));
    }
    let found = of_county(cx, staff).await?;
    insert(cx, &AccountId(found.id), post, (None, reason.trim())).await.map(drop)
}

/// Lends one's own post to somebody during leave.
pub(crate) async fn delegate(cx: &mut Cx, post: &str, account: &str, days: (Day, Day), reason: &str) -> Result<()> {
    let own = cx.staff_id()?;
    let post = store::get_post(cx, post).await?;
    let today = cx.today();
    let in_force = post.valid_from.is_none_or(|from| from <= days.0) && post.valid_to.is_none_or(|to| today <= to);
    if post.staff != own.0 || !in_force {
        return Err(Error::NotFound);
    }
    can_delegate(&post, days.0, days.1).map_err(Error::Refused)?;
    if days.1 < today {
        return Err(Error::invalid("to", message("delegation-past")));
    }
    let to = store::find_credentials(cx, account.trim()).await?.filter(|to| to.county_id == cx.county());
    let to = to.filter(|to| to.id != own.0).ok_or_else(|| Error::invalid("account", message("delegation-to-whom")))?;
    let role = post.role().ok_or(Error::NotFound)?;
    let period = Validity { from: Some(days.0), to: Some(days.1) };
    let lent =
        NewPost { role, place: PlaceKey::from_code(&post.place)?, period, department: post.department.as_deref() };
    insert(cx, &AccountId(to.id), lent, (Some(&post.id), reason.trim())).await.map(drop)
}

/// Takes back what one lent.
pub(crate) async fn take_back(cx: &mut Cx, post: &str) -> Result<()> {
    let (own, lent) = (cx.staff_id()?, store::get_post(cx, post).await?);
    let from = lent.delegated_from.as_deref().ok_or(Error::NotFound)?;
    if store::get_post(cx, from).await?.staff != own.0 {
        return Err(Error::NotFound);
    }
    end(cx, &lent, "").await
}

/// Ends somebody's post, as whoever gives posts.
pub(crate) async fn end_post(cx: &mut Cx, post: &str, reason: &str) -> Result<()> {
    let held = store::get_post(cx, post).await?;
    if cx.staff_id()?.0 == held.staff {
        return Err(Error::Refused(message("staff-not-oneself")));
    }
    if reason.trim().is_empty() {
        return Err(Error::invalid("reason", message("staff-reason-missing")));
    }
    end(cx, &held, reason.trim()).await
}

async fn end(cx: &mut Cx, post: &PostRow, reason: &str) -> Result<()> {
    store::end_post(cx, &post.id, reason).await?;
    let detail = format!("role={} place={}", post.role, post.place);
    cx.audit("post_ended", "staff", &post.staff, &detail).await
}
