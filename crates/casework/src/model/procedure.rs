use super::Gate;
use super::calendar::{Clock, day, day_if_any};
use rulebook::Words;
use serde::{Deserialize, Serialize};
use values::Day;

/// Who decides what, which gates, clocks, forms and notices a case passes through: one file of `policy/procedures/`.
///
/// `docs/guides/procedures.md` explains every field; [`Procedure::parse`] refuses what doesn't hold together.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Procedure {
    pub id: String,
    pub version: u32,
    /// The programme it leads to: a code of contract §3, or `monitoring`.
    pub programme: String,
    /// First digits of the places it holds for; `*`: all.
    pub region: String,
    #[serde(deserialize_with = "day")]
    pub valid_from: Day,
    #[serde(default, deserialize_with = "day_if_any")]
    pub valid_to: Option<Day>,
    pub status: String,
    pub legal_basis: String,
    pub title: Words,
    /// Findings that open it when a person decides for a visit: a rule set, or `set:programme`.
    #[serde(default)]
    pub opens_for: Vec<String>,
    /// The clock from the opening until a step is done.
    pub whole: Option<Whole>,
    #[serde(default)]
    pub causes: Vec<Choice>,
    #[serde(default)]
    pub measures: Vec<Choice>,
    pub notice: Option<NoticeText>,
    pub appeal: Appeal,
    #[serde(default, rename = "delegation")]
    pub delegations: Vec<Delegation>,
    #[serde(rename = "phase")]
    pub phases: Vec<Phase>,
    #[serde(rename = "step")]
    pub steps: Vec<Step>,
    #[serde(default, rename = "end")]
    pub ends: Vec<End>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Whole {
    pub within: u32,
    pub days: super::Days,
    /// The step that must be done by then.
    pub until: String,
}

/// One way to answer, or one cause or kind of help.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    pub id: String,
    pub title: Words,
    /// "Not known": always allowed, never held against anybody.
    #[serde(default)]
    pub dunno: bool,
    /// Of a cause: the kinds of help that fit it.
    #[serde(default)]
    pub measures: Vec<String>,
}

/// The public notice: how long it stands, how long it is kept, what it says.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoticeText {
    pub period: Clock,
    /// After its period; then the page forgets it.
    pub keep: Clock,
    /// With `{head} {place} {people} {programme} {from} {to}` and nothing else of the family.
    pub text: Words,
}

/// How a decision is looked at again, by somebody else.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Appeal {
    /// After the decision.
    pub within: Clock,
    /// From the appeal to its answer.
    pub answer: Clock,
    pub by: Vec<Level>,
    /// Where the case goes on when the appeal is granted.
    pub returns_to: String,
}

/// A step handed down to a lower level in one place, by a document with its dates.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Delegation {
    pub step: String,
    /// First digits of the place.
    pub place: String,
    pub to: Level,
    #[serde(deserialize_with = "day")]
    pub from: Day,
    #[serde(default, deserialize_with = "day_if_any")]
    pub until: Option<Day>,
    pub legal_basis: String,
}

/// A stretch of the way, shown as one line.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Phase {
    pub id: String,
    pub title: Words,
}

/// Who acts, from the village up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    Village,
    Township,
    County,
}

impl Level {
    pub const ALL: [Self; 3] = [Self::Village, Self::Township, Self::County];

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Village => "village",
            Self::Township => "township",
            Self::County => "county",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.code() == code)
    }

    /// One level up; the county is the highest that decides about a family.
    #[must_use]
    pub const fn up(self) -> Self {
        match self {
            Self::Village => Self::Township,
            Self::Township | Self::County => Self::County,
        }
    }
}

/// What kind of thing happens in a step: which form it has, and what follows from having done it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// People who did this don't decide the case.
    Visit,
    Check,
    Meeting,
    /// Puts a notice up in the village.
    Notice,
    Review,
    /// A named person decides; its end is told in writing and may be appealed.
    Decision,
    Record,
    Plan,
    Help,
    Tracking,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    pub id: String,
    pub phase: String,
    pub kind: Kind,
    pub title: Words,
    /// What to do now, as a sentence.
    pub asks: Words,
    pub by: Vec<Level>,
    /// How many people do it together.
    #[serde(default = "one")]
    pub people: u32,
    /// Steps whose doers don't do this one.
    #[serde(default)]
    pub apart_from: Vec<String>,
    /// Runs beside the others from when that step is done.
    pub alongside: Option<String>,
    /// Off the usual way: the line of steps leaves it out until it is reached.
    #[serde(default)]
    pub branch: bool,
    /// From when the step is reached.
    pub clock: Option<Clock>,
    /// Of a notice that says something else than the procedure's.
    pub text: Option<Words>,
    #[serde(default)]
    pub fields: Vec<Field>,
    #[serde(default)]
    pub gates: Vec<Gate>,
    #[serde(rename = "outcome")]
    pub outcomes: Vec<Outcome>,
}

const fn one() -> u32 {
    1
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    pub id: String,
    pub kind: FieldKind,
    pub title: Words,
    pub hint: Option<Words>,
    #[serde(default = "yes")]
    pub required: bool,
    #[serde(default)]
    pub options: Vec<Choice>,
}

const fn yes() -> bool {
    true
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// Ticked, or not filled in.
    Yes,
    Text,
    Long,
    /// Not after today.
    Day,
    Count,
    /// Yuan with at most two decimals.
    Money,
    Choice,
    /// One main cause and at most two more, of the procedure's.
    Causes,
    /// A day and what shows it.
    Evidence,
}

/// One way a step ends.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    pub id: String,
    /// The words on its button.
    pub title: Words,
    /// The next step or an end; of a step alongside: nothing.
    pub to: Option<String>,
    /// Needs neither fields nor gates: going back to helping never waits for papers.
    #[serde(default)]
    pub unmet: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct End {
    pub id: String,
    pub title: Words,
    /// The first sentence of the letter to the family.
    pub tells: Words,
    /// What that letter is called, where it isn't just a letter of decision.
    #[serde(default)]
    pub letter: Option<Words>,
}

impl Procedure {
    /// Reads one procedure and holds it against itself.
    ///
    /// # Errors
    /// Everything that is wrong, each a sentence: an unknown field, a gap, a missing translation.
    pub fn parse(text: &str) -> Result<Self, Vec<String>> {
        let procedure: Self = toml::from_str(text).map_err(|error| vec![error.to_string()])?;
        let wrong = super::sound::problems(&procedure);
        if wrong.is_empty() { Ok(procedure) } else { Err(wrong) }
    }

    #[must_use]
    pub fn find_step(&self, id: &str) -> Option<&Step> {
        self.steps.iter().find(|step| step.id == id)
    }

    #[must_use]
    pub fn find_end(&self, id: &str) -> Option<&End> {
        self.ends.iter().find(|end| end.id == id)
    }

    /// Where a case begins.
    #[must_use]
    pub fn first(&self) -> &Step {
        &self.steps[0]
    }

    /// Whether it holds for a place on a day.
    #[must_use]
    pub fn holds(&self, place: &str, on: Day) -> bool {
        (self.region == "*" || place.starts_with(&self.region))
            && self.valid_from <= on
            && self.valid_to.is_none_or(|to| on <= to)
    }

    /// Whether a finding of this rule set and programme opens it.
    #[must_use]
    pub fn opens_for(&self, set: &str, programme: &str) -> bool {
        self.opens_for.iter().any(|one| match one.split_once(':') {
            Some((of, about)) => of == set && about == programme,
            None => one == set,
        })
    }
}

impl Step {
    #[must_use]
    pub fn find_field(&self, id: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.id == id)
    }

    #[must_use]
    pub fn find_outcome(&self, id: &str) -> Option<&Outcome> {
        self.outcomes.iter().find(|outcome| outcome.id == id)
    }
}
