//! 谁看过: who opened pages about a family, who saw a hidden value and what for. The family reads the same list.

use crate::store::{self, Entered, Reveal};
use kernel::{Cx, Moment, Result};
use ui::{Arg, Speaker, numbers};
use values::Day;

/// One line of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    pub who: String,
    pub when: String,
    pub what: String,
}

/// Who looked at a household.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Looked {
    /// The newest first.
    pub lines: Vec<Look>,
    /// There are others before them, and the whole list tells them.
    pub more: bool,
}

/// How much is told: entries of the trail that are read, and lines made of them at most.
const LATEST: (i64, usize) = (12, 3);
const WHOLE: (i64, usize) = (200, 30);

/// Who looked at a household that was read within scope: only the latest, or the `whole` list. What somebody opened several
/// times in a day is one line; a hidden value that was shown, where any was (`revealed`), is always a line of its own.
///
/// # Errors
/// The database's.
pub async fn list(cx: &mut Cx, w: Speaker, household: &str, revealed: bool, whole: bool) -> Result<Looked> {
    let (entries, most) = if whole { WHOLE } else { LATEST };
    let (today, mut lines) = (cx.today(), Vec::new());
    let reveals = if revealed { store::list_reveals(cx, household).await? } else { Vec::new() };
    for reveal in reveals {
        lines.push((reveal.recorded_at, shown(w, &reveal, today)));
    }
    let entered = store::list_looks(cx, household, entries).await?;
    // Where there are older ones, nobody has counted the oldest day's to its end.
    let cut = entered.last().filter(|_| entered.len() as i64 == entries).map(|oldest| oldest.at.day());
    for (times, entered) in by_day(entered) {
        let times = if cut == Some(entered.at.day()) { 1 } else { times };
        lines.push((entered.at, opened(w, &entered, times, today)));
    }
    lines.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    let more = !whole && (cut.is_some() || lines.len() > most);
    Ok(Looked { lines: lines.into_iter().map(|(_, look)| look).take(most).collect(), more })
}

/// The newest of each person, day and kind of page, with how many there were.
fn by_day(all: Vec<Entered>) -> Vec<(i64, Entered)> {
    let mut counted: Vec<(i64, Entered)> = Vec::new();
    for one in all {
        let same = |(_, other): &&mut (i64, Entered)| {
            other.actor == one.actor && other.at.day() == one.at.day() && page_of(other) == page_of(&one)
        };
        match counted.iter_mut().find(same) {
            Some((times, _)) => *times += 1,
            None => counted.push((1, one)),
        }
    }
    counted
}

/// The kind of page: the first word of what the trail says of it.
fn page_of(entered: &Entered) -> &str {
    match entered.verb.as_str() {
        "read" => entered.detail.split(' ').next().unwrap_or_default(),
        verb => verb,
    }
}

fn opened(w: Speaker, entered: &Entered, times: i64, today: Day) -> Look {
    let who = match (&entered.name, &entered.place) {
        (Some(name), Some(place)) => w.with("look-who", &[("who", Arg::Text(name)), ("place", Arg::Text(place))]),
        (Some(name), None) => name.clone(),
        (None, _) if entered.actor.starts_with("resident:") => w.t("look-family"),
        (None, _) => w.t("look-gone"),
    };
    let page = page_of(entered);
    let page = w.find(&format!("look-page-{page}")).unwrap_or_else(|| w.t("look-page"));
    let what =
        if times == 1 { page } else { w.with("look-times", &[("what", Arg::Text(&page)), ("n", Arg::Count(times))]) };
    Look { who, when: when(w, entered.at, today), what }
}

fn shown(w: Speaker, reveal: &Reveal, today: Day) -> Look {
    let (field, purpose) = (w.t(&format!("field-{}", reveal.field)), w.t(&format!("purpose-{}", reveal.purpose)));
    Look {
        who: reveal.recorded_name.clone(),
        when: when(w, reveal.recorded_at, today),
        what: w.with("look-line", &[("field", Arg::Text(&field)), ("purpose", Arg::Text(&purpose))]),
    }
}

fn when(w: Speaker, at: Moment, today: Day) -> String {
    format!("{} {}", numbers::date(w.language, at.day(), today), at.clock_face())
}
