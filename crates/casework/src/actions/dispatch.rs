//! Clues are given to those who look into them, one or many at a time.

use crate::WORK_CASES;
use households::clues::{self, ClueId};
use kernel::{Cx, Error, PlaceKey, Result, Staff, message};
use values::Day;

/// Those of the county who work with families, by name.
///
/// # Errors
/// The database's.
pub async fn owners(cx: &mut Cx) -> Result<Vec<Staff>> {
    let today = cx.today();
    let mut all = staff::colleagues(cx).await?;
    all.retain(|one| one.posts_with(WORK_CASES, today).next().is_some());
    Ok(all)
}

/// Gives these clues to a person, by a day.
///
/// # Errors
/// `Invalid` without clues, without a day from today on, or without a person whose post reaches every one of the families; `NotFound` for a
/// clue out of scope. Then none is given.
pub async fn dispatch(cx: &mut Cx, picked: &[ClueId], owner: &str, due_on: Option<Day>) -> Result<()> {
    let today = cx.today();
    let wrong = |field, key| Error::invalid(field, message(key));
    if picked.is_empty() {
        return Err(wrong("pick", "dispatch-nothing"));
    }
    let due_on = due_on.filter(|day| *day >= today).ok_or_else(|| wrong("due", "dispatch-day"))?;
    let owner = owners(cx).await?.into_iter().find(|one| one.id.0 == owner);
    let owner = owner.ok_or_else(|| wrong("owner", "dispatch-to-whom"))?;
    for clue in picked {
        let heard = households::store::get_clue(cx, clue).await?;
        let key = PlaceKey::from_code(&heard.place)?;
        if !owner.posts_with(WORK_CASES, today).any(|post| post.place.contains(key)) {
            return Err(wrong("owner", "dispatch-not-theirs"));
        }
        clues::dispatch_clue(cx, &heard, (&owner.id.0, &owner.name), due_on).await?;
    }
    Ok(())
}
