//! The list of indicators and the page of each; here what both say about a number.

mod indicator;
mod list;

use crate::model::{Reading, Tally, is_few};
use crate::policy;
use kernel::{Cx, Language, MenuEntry, MenuGroup, Permission, Role, Routes};
use rulebook::Words;
use ui::{Arg, Speaker, numbers};

/// Reads indicators: numbers of the post's whole place, and of the families behind them those its scope opens. A
/// warrant opens its families' numbers alone.
pub const READ_INDICATORS: Permission = Permission::of(
    "indicators.read",
    &[
        Role::Village,
        Role::Township,
        Role::County,
        Role::LeadingGroup,
        Role::City,
        Role::Province,
        Role::ExternalAuditor,
    ],
);

pub fn routes() -> Routes {
    Routes::new()
        .page("/indicators", list::show, READ_INDICATORS)
        .page("/indicators.xlsx", list::export, READ_INDICATORS)
        .page("/indicators/{id}", indicator::show, READ_INDICATORS)
        .page("/indicators/{id}/places.xlsx", indicator::export, READ_INDICATORS)
}

pub fn menu() -> Vec<MenuEntry> {
    vec![MenuEntry {
        group: MenuGroup::Work,
        rank: 90,
        text: "menu-indicators",
        path: "/indicators",
        permission: READ_INDICATORS,
    }]
}

/// The reader's half of a text for both.
fn of(w: Speaker, words: &Words) -> String {
    if w.language == Language::Zh { words.zh.clone() } else { words.en.clone() }
}

/// How the reader meets the numbers: who sees the families behind them sees every number.
struct Sight {
    /// From how few on families are hidden; 0 in the work area.
    hides: i64,
    /// Whether some families may be listed, and whether they are all that are counted.
    lists: bool,
    all: bool,
}

impl Sight {
    fn of(cx: &Cx) -> Self {
        let counted = cx.counting(READ_INDICATORS);
        let all = counted.scope() == cx.scope();
        let lists = cx.scope().lists() || !cx.scope().intervals().is_empty();
        Self { hides: if all { 0 } else { policy::built_in().smallest_cell }, lists, all }
    }

    /// The place somebody may narrow the numbers to. From outside none: the whole less one place would tell of the
    /// others what is too small to be told.
    fn place(&self, asked: &str) -> String {
        asked.chars().filter(|digit| self.hides == 0 && digit.is_ascii_digit()).take(15).collect()
    }

    /// A number as it may be told.
    fn count(&self, w: Speaker, n: Option<i64>) -> String {
        n.map_or_else(|| w.n("indicator-few", self.hides), numbers::count)
    }
}

fn sum(tallies: impl Iterator<Item = Tally>) -> Tally {
    tallies.fold(Tally::default(), Tally::with)
}

fn reading(sight: &Sight, tally: Tally) -> Reading {
    tally.reading(policy::built_in().least_looked, sight.hides)
}

fn percent(share: f64) -> String {
    numbers::percent((share * 10_000.0).round() as i64, 10_000).unwrap_or_default()
}

/// The number and its interval; words, and no interval, where no rate may be told.
fn value(w: Speaker, sight: &Sight, tally: Tally) -> (String, String) {
    match reading(sight, tally) {
        Reading::TooFew if tally.looked() == 0 => (w.t("not-yet"), String::new()),
        Reading::TooFew => (w.t("indicator-too-few"), String::new()),
        Reading::Hidden => (w.t("indicator-hidden"), String::new()),
        Reading::Rate(rate) => {
            let (low, high) = (percent(rate.low), percent(rate.high));
            let limits = [("low", Arg::Text(&low)), ("high", Arg::Text(&high))];
            (percent(rate.value), w.with("indicator-interval", &limits))
        }
    }
}

/// The denominator as it may be told.
fn looked(w: Speaker, sight: &Sight, tally: Tally) -> String {
    sight.count(w, Some(tally.looked()).filter(|n| !is_few(*n, sight.hides)))
}
