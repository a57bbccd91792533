//! Shares of families by what people decided after they looked: how a policy writes them down, and what of them may be
//! told.
//!
//! Pure: no SQL, no web, no clock.

use poverty::{Proportion, proportion};
use rulebook::Words;
use screening::model::{Decision, Reason, SETS, set_code};
use screening::store::Bucket;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use std::collections::BTreeSet;
use values::Day;

/// The indicators of a policy with the limits of what is told.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Indicators {
    /// Whether it is in force somewhere or an example.
    pub status: String,
    /// Families that must have been looked at before a rate is told.
    pub least_looked: i64,
    /// Fewer families than this aren't told outside the work area.
    pub smallest_cell: i64,
    pub indicator: Vec<Indicator>,
}

/// One number about the work, one version.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Indicator {
    pub id: String,
    pub version: u32,
    #[serde(deserialize_with = "day")]
    pub valid_from: Day,
    #[serde(default, deserialize_with = "day_if_any")]
    pub valid_to: Option<Day>,
    pub title: Words,
    pub measures: Words,
    /// In words, with `{numerator}` and `{denominator}`.
    pub formula: Words,
    /// Rule sets whose findings ask about a family.
    pub sets: Vec<String>,
    /// The tab a run has put those findings in.
    pub tab: String,
    /// What a person decided, by the code of the decision or of a dismissal's reason.
    pub numerator: Vec<String>,
    pub denominator: Vec<String>,
    /// Decisions that say nothing either way.
    pub aside: Vec<String>,
    /// How many days back decisions are counted.
    pub looks_back: i32,
    pub caveats: Vec<Words>,
    /// The law or the origin of the definition.
    pub basis: Words,
    /// Who answers for the number.
    pub office: Words,
}

/// A day as the file writes it, without quotes.
fn day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Day, D::Error> {
    let written = toml::value::Datetime::deserialize(deserializer)?;
    Day::parse_iso(&written.to_string()).map_err(|_| D::Error::custom(format!("{written} is no day")))
}

fn day_if_any<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Day>, D::Error> {
    day(deserializer).map(Some)
}

/// Reads a file of indicators.
///
/// # Errors
/// Everything that is wrong with it, in sentences.
pub fn parse(text: &str) -> Result<Indicators, Vec<String>> {
    let read: Indicators = toml::from_str(text).map_err(|cause| vec![cause.message().to_owned()])?;
    let mut wrong = Vec::new();
    if read.least_looked < 1 || read.smallest_cell < 1 {
        wrong.push("least_looked and smallest_cell are at least 1".to_owned());
    }
    for (at, one) in read.indicator.iter().enumerate() {
        wrong.extend(one.problems().into_iter().map(|sentence| format!("{}: {sentence}", one.id)));
        if read.indicator[..at].iter().any(|other| other.id == one.id && other.overlaps(one)) {
            wrong.push(format!("{}: two versions hold in the same period", one.id));
        }
    }
    if wrong.is_empty() { Ok(read) } else { Err(wrong) }
}

impl Indicators {
    /// Those that hold on a day.
    pub fn in_force(&self, on: Day) -> impl Iterator<Item = &Indicator> {
        self.indicator.iter().filter(move |one| one.valid_from <= on && one.valid_to.is_none_or(|to| on <= to))
    }

    #[must_use]
    pub fn find(&self, id: &str, on: Day) -> Option<&Indicator> {
        self.in_force(on).find(|one| one.id == id)
    }
}

impl Indicator {
    fn overlaps(&self, other: &Self) -> bool {
        self.valid_to.is_none_or(|to| other.valid_from <= to) && other.valid_to.is_none_or(|to| self.valid_from <= to)
    }

    fn problems(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        let mut is_wrong = |holds: bool, sentence: &str| wrong.extend(holds.then(|| sentence.to_owned()));
        let said = [&self.title, &self.measures, &self.formula, &self.basis, &self.office];
        let silent = |words: &&Words| words.zh.trim().is_empty() || words.en.trim().is_empty();
        is_wrong(said.into_iter().chain(&self.caveats).any(|one| silent(&one)), "something is not said in zh or en");
        is_wrong(self.caveats.is_empty(), "it has no caveat: say what it can’t tell");
        let filled = |words: &Words| [&words.zh, &words.en].iter().all(|text| has_both_numbers(text));
        is_wrong(!filled(&self.formula), "the formula names {numerator} and {denominator}, and nothing else in braces");
        let known = |set: &String| SETS.into_iter().any(|one| set_code(one) == set);
        is_wrong(self.sets.is_empty() || !self.sets.iter().all(known), "sets names none, or one there isn’t");
        let tab = Bucket::from_code(&self.tab);
        is_wrong(tab.is_none_or(Bucket::is_decided), "tab is one that a run fills: open, listed or undetermined");
        is_wrong(self.looks_back < 1, "looks_back is a number of days");
        is_wrong(self.valid_to.is_some_and(|to| to < self.valid_from), "it ends before it begins");
        let part = |codes: &[String]| codes.iter().cloned().collect::<BTreeSet<_>>();
        let (numerator, denominator, aside) = (part(&self.numerator), part(&self.denominator), part(&self.aside));
        is_wrong(
            numerator.is_empty() || !numerator.is_subset(&denominator),
            "the numerator is a part of the denominator",
        );
        is_wrong(!denominator.is_disjoint(&aside), "what stands aside is not in the denominator");
        let placed: BTreeSet<String> = denominator.union(&aside).cloned().collect();
        is_wrong(placed != verdicts(), "each decision and each reason stands in the denominator or aside");
        wrong
    }
}

fn has_both_numbers(text: &str) -> bool {
    let rest = text.replacen("{numerator}", "", 1).replacen("{denominator}", "", 1);
    rest.len() + "{numerator}{denominator}".len() == text.len() && !rest.contains(['{', '}'])
}

/// Every way in which a person may have decided: a decision, or the reason of a dismissal.
fn verdicts() -> BTreeSet<String> {
    let decisions = Decision::ALL.iter().filter(|one| !matches!(one, Decision::Dismiss | Decision::Undo));
    decisions.map(|one| one.code()).chain(Reason::ALL.iter().map(|one| one.code())).map(str::to_owned).collect()
}

/// What stands of a family that is asked about. Where several findings ask, the one that says most stands: taken
/// further, else one still to be looked at, so that a family half looked at is nobody's success.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    Aside,
    Cleared,
    Waiting,
    Taken,
}

impl Standing {
    pub const ALL: [Self; 4] = [Self::Taken, Self::Cleared, Self::Aside, Self::Waiting];

    /// The word in addresses and message keys.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Taken => "taken",
            Self::Waiting => "waiting",
            Self::Cleared => "cleared",
            Self::Aside => "aside",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }

    /// The digit by which statements order them.
    #[must_use]
    pub const fn rank(self) -> &'static str {
        match self {
            Self::Taken => "3",
            Self::Waiting => "2",
            Self::Cleared => "1",
            Self::Aside => "0",
        }
    }

    #[must_use]
    pub fn from_rank(rank: &str) -> Self {
        Self::ALL.into_iter().find(|one| one.rank() == rank).unwrap_or(Self::Waiting)
    }
}

/// Families of a place by what stands of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub taken: i64,
    pub cleared: i64,
    pub aside: i64,
    pub waiting: i64,
}

/// What may be told of a tally.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Reading {
    /// Fewer looked at than the policy asks for.
    TooFew,
    /// So few of one kind that a family could be recognised from outside.
    Hidden,
    /// The share with its 95 % interval.
    Rate(Proportion),
}

impl Tally {
    pub fn add(&mut self, standing: Standing, families: i64) {
        *match standing {
            Standing::Taken => &mut self.taken,
            Standing::Cleared => &mut self.cleared,
            Standing::Aside => &mut self.aside,
            Standing::Waiting => &mut self.waiting,
        } += families;
    }

    /// Both together.
    #[must_use]
    pub fn with(mut self, other: Self) -> Self {
        for (standing, families) in Standing::ALL.map(|one| (one, other.of(one))) {
            self.add(standing, families);
        }
        self
    }

    #[must_use]
    pub const fn of(self, standing: Standing) -> i64 {
        match standing {
            Standing::Taken => self.taken,
            Standing::Cleared => self.cleared,
            Standing::Aside => self.aside,
            Standing::Waiting => self.waiting,
        }
    }

    /// Those that tell: the denominator.
    #[must_use]
    pub const fn looked(self) -> i64 {
        self.taken + self.cleared
    }

    /// The rate, as far as it may be told; `hides` from how few on families are hidden, 0 in the work area.
    #[must_use]
    pub fn reading(self, least_looked: i64, hides: i64) -> Reading {
        if self.looked() < least_looked {
            Reading::TooFew
        } else if self.hides_rate(hides) {
            Reading::Hidden
        } else {
            Reading::Rate(proportion(self.taken.unsigned_abs(), self.looked().unsigned_abs()))
        }
    }

    /// One kind of families as it may be told. Numerator and the rest of the denominator are hidden together:
    /// either would be their sum less the other.
    #[must_use]
    pub fn shown(self, standing: Standing, hides: i64) -> Option<i64> {
        let n = self.of(standing);
        let hidden = match standing {
            Standing::Taken | Standing::Cleared => self.hides_rate(hides),
            Standing::Aside | Standing::Waiting => is_few(n, hides),
        };
        (!hidden).then_some(n)
    }

    const fn hides_rate(self, hides: i64) -> bool {
        is_few(self.taken, hides) || is_few(self.cleared, hides)
    }

    const fn is_hidden(self, hides: i64) -> bool {
        self.hides_rate(hides) || is_few(self.waiting, hides)
    }
}

/// Whether it is so few that a family could be recognised.
#[must_use]
pub const fn is_few(families: i64, hides: i64) -> bool {
    0 < families && families < hides
}

/// The places that may be told one by one, and the others together. A single place left out would be the whole less
/// the rest, so the smallest of the others goes with it until what is put together may be told.
#[must_use]
pub fn gather<P>(mut places: Vec<(P, Tally)>, hides: i64) -> (Vec<(P, Tally)>, Option<Tally>) {
    let hidden: Vec<(P, Tally)> = places.extract_if(.., |(_, tally)| tally.is_hidden(hides)).collect();
    if hidden.is_empty() {
        return (places, None);
    }
    let mut rest = hidden.into_iter().fold(Tally::default(), |sum, (_, tally)| sum.with(tally));
    while rest.is_hidden(hides) {
        let smallest = (0..places.len()).min_by_key(|at| places[*at].1.looked() + places[*at].1.waiting);
        // Nothing may be told of any place.
        let Some(at) = smallest else { return (Vec::new(), None) };
        rest = rest.with(places.remove(at).1);
    }
    (places, Some(rest))
}

#[cfg(test)]
mod tests;
