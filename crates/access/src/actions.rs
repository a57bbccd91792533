//! Giving, revoking, breaking the glass, looking at it afterwards: the only writers.

use crate::model::{GLASS_LASTS, VERDICTS, can_last, given_by};
use crate::store::{self, New};
use households::search::{as_id_number, normal};
use kernel::{Cx, Error, Moment, OpeningKind, PlaceKey, Post, Result, message};
use values::Day;

/// What is to be opened, to whom, why and until when.
#[derive(Clone, Debug)]
pub struct Giving {
    pub account: String,
    pub kind: OpeningKind,
    /// Household numbers or ID numbers, one a line.
    pub numbers: String,
    /// Of a warrant over a whole place.
    pub place: String,
    pub purpose: String,
    pub basis: String,
    pub until: Day,
}

/// Opens families to somebody's post.
///
/// # Errors
/// `Forbidden` when it isn't the giver's to give; `Invalid` with what to correct.
pub async fn give(cx: &mut Cx, giving: &Giving) -> Result<String> {
    let today = cx.today();
    let may =
        cx.staff()?.posts_with(crate::GIVE_OPENINGS, today).any(|post| given_by(post.role).contains(&giving.kind));
    if !may {
        return Err(Error::Forbidden);
    }
    for (field, text) in [("purpose", &giving.purpose), ("basis", &giving.basis)] {
        if text.trim().is_empty() {
            return Err(Error::invalid(field, message("opening-why-missing")));
        }
    }
    can_last(giving.kind, today, giving.until).map_err(|why| Error::invalid("until", why))?;
    let holder = staff::find_by_account(cx, giving.account.trim()).await?;
    let holder =
        holder.filter(|holder| holder.county == cx.county() && Some(&holder.id) != cx.staff_id().ok().as_ref());
    let holder = holder.ok_or_else(|| Error::invalid("account", message("opening-to-whom")))?;
    let fits = |post: &&Post| giving.kind.fits(post.role) && post.period.contains(today);
    let post = holder.posts.iter().find(fits).ok_or_else(|| Error::invalid("account", message("opening-no-post")))?;
    let place = match giving.place.trim() {
        "" => None,
        code if giving.kind == OpeningKind::Warrant => {
            let unknown = || Error::invalid("place", message("opening-place-unknown"));
            let key = PlaceKey::from_code(code).map_err(|_| unknown())?;
            Some(places::find(cx, key).await?.ok_or_else(unknown)?.place)
        }
        _ => return Err(Error::invalid("place", message("opening-place-warrant"))),
    };
    let members = members(cx, giving).await?;
    if place.is_none() && members.is_empty() {
        return Err(Error::invalid("numbers", message("opening-nothing")));
    }
    let (id, closes_at) = (cx.new_id().to_string(), Moment::start_of(giving.until.plus_days(1)));
    let (purpose, basis) = (giving.purpose.trim(), giving.basis.trim());
    let (kind, staff, place) = (giving.kind.code(), holder.id.0.as_str(), place.as_deref());
    store::insert(cx, &New { id: &id, post: &post.id, staff, kind, place, purpose, basis, closes_at }).await?;
    for (household, person) in &members {
        store::insert_member(cx, &id, household, person).await?;
    }
    cx.audit("opening_given", "staff", staff, &format!("{kind} {id} members={}", members.len())).await?;
    Ok(id)
}

/// The households, or for a department the persons, that the numbers name. A giver who works with families names those
/// within reach; a warrant reaches any, and whoever enters it is shown none.
async fn members(cx: &mut Cx, giving: &Giving) -> Result<Vec<(String, String)>> {
    let mut members = Vec::new();
    for typed in giving.numbers.lines().map(str::trim).filter(|line| !line.is_empty()).take(2_000) {
        let unknown = || Error::invalid("numbers", message("opening-number-unknown").with("a", typed));
        let word = word(cx, typed);
        let household = if giving.kind == OpeningKind::Warrant {
            households::store::find_anywhere(cx, &word).await?.ok_or_else(unknown)?
        } else {
            let found = households::store::search(cx, &word, 2).await?;
            let [one] = found.as_slice() else { return Err(unknown()) };
            one.household.clone()
        };
        let person = if giving.kind == OpeningKind::Matched {
            let filed = households::store::get_file(cx, &household).await?;
            let file = households::actions::open(cx, &filed)?.ok_or_else(unknown)?;
            let id = as_id_number(typed).ok_or_else(unknown)?;
            let member = file.members.iter().find(|one| one.masked_id().is_some_and(|own| own.key() == id.key()));
            member.ok_or_else(unknown)?.person.clone()
        } else {
            String::new()
        };
        members.push((household, person));
    }
    Ok(members)
}

fn word(cx: &Cx, typed: &str) -> String {
    match as_id_number(typed) {
        Some(id) => cx.world().keys.blind("id_number", &id.reveal()),
        None => normal(typed),
    }
}

/// Takes an opening back before its end.
///
/// # Errors
/// `NotFound` when it isn't the giver's kind; `Conflict` when it was revoked already.
pub async fn revoke(cx: &mut Cx, id: &str) -> Result<()> {
    let (today, given) = (cx.today(), store::get(cx, id).await?);
    let kind = OpeningKind::from_code(&given.kind).ok_or(Error::NotFound)?;
    if !cx.staff()?.posts_with(crate::GIVE_OPENINGS, today).any(|post| given_by(post.role).contains(&kind)) {
        return Err(Error::NotFound);
    }
    store::revoke(cx, id).await?;
    cx.audit("opening_revoked", "staff", &given.staff, id).await
}

/// Opens one family for four hours, found by the exact ID number or household number; gives the household. Who did it
/// and why stands in the trail at once, whether a family was found or not, and waits for a review.
///
/// # Errors
/// `Invalid` without a reason or when no family has that number.
pub async fn break_glass(cx: &mut Cx, number: &str, reason: &str) -> Result<Option<String>> {
    if reason.trim().chars().count() < 5 {
        return Err(Error::invalid("reason", message("glass-reason-missing")));
    }
    let (today, staff) = (cx.today(), cx.staff()?.clone());
    let post = staff.posts_with(crate::BREAK_GLASS, today).next().ok_or(Error::Forbidden)?;
    let word = word(cx, number.trim());
    let Some(household) = households::store::find_anywhere(cx, &word).await? else {
        cx.audit("glass_missed", "staff", &staff.id.0, "").await?;
        return Ok(None);
    };
    let (id, closes_at) = (cx.new_id().to_string(), cx.now.plus(GLASS_LASTS));
    let purpose = kernel::crypto::seal_text(cx, &household, "openings.purpose", reason.trim()).await?;
    let kind = OpeningKind::BreakGlass.code();
    let new = New {
        id: &id,
        post: &post.id,
        staff: &staff.id.0,
        kind,
        place: None,
        purpose: &purpose,
        basis: &household,
        closes_at,
    };
    store::insert(cx, &new).await?;
    store::insert_member(cx, &id, &household, "").await?;
    cx.audit("glass_broken", "household", &household, &id).await?;
    Ok(Some(household))
}

/// Somebody else says whether the glass was broken for good reason.
///
/// # Errors
/// `Refused` for whoever broke it; `Conflict` when it was reviewed before.
pub async fn review(cx: &mut Cx, id: &str, verdict: &str) -> Result<()> {
    let given = store::get(cx, id).await?;
    if given.kind != OpeningKind::BreakGlass.code() || !VERDICTS.contains(&verdict) {
        return Err(Error::NotFound);
    }
    if cx.staff_id()?.0 == given.staff {
        return Err(Error::Refused(message("review-not-oneself")));
    }
    store::review(cx, id, verdict).await?;
    cx.audit("glass_reviewed", "staff", &given.staff, &format!("{id} {verdict}")).await
}
