//! What changes in a family between two runs: births and deaths, marriages, moves, splits and merges.
//!
//! Pure, but for its submodules: [`actions`] ask for changes and decide them, [`policy`] says who agrees. A change that
//! stands is applied to the newest file, and to every later run's file until the registers have caught up.

pub mod actions;
pub mod policy;

use crate::model::{File, Member};
use kernel::{Message, PlaceKey, Role, Staff, message};
use serde::{Deserialize, Serialize};
use values::Day;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Birth,
    MarriageIn,
    MoveIn,
    Return,
    MarriageOut,
    MoveOut,
    Death,
    /// Nobody knows where they are.
    Missing,
    Imprisoned,
    /// Some set up a household of their own.
    Split,
    /// All go to another household.
    Merge,
    /// The other side of a merge: others came. Never asked for by itself.
    Joined,
}

impl Kind {
    /// What can be asked for, in the order of the form.
    pub const ASKED: [Self; 11] = [
        Self::Birth,
        Self::MarriageIn,
        Self::MoveIn,
        Self::Return,
        Self::MarriageOut,
        Self::MoveOut,
        Self::Death,
        Self::Missing,
        Self::Imprisoned,
        Self::Split,
        Self::Merge,
    ];

    /// The word in the database, in forms, in the policy and in message keys.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Birth => "birth",
            Self::MarriageIn => "marriage_in",
            Self::MoveIn => "move_in",
            Self::Return => "return",
            Self::MarriageOut => "marriage_out",
            Self::MoveOut => "move_out",
            Self::Death => "death",
            Self::Missing => "missing",
            Self::Imprisoned => "imprisoned",
            Self::Split => "split",
            Self::Merge => "merge",
            Self::Joined => "joined",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ASKED.into_iter().chain([Self::Joined]).find(|kind| kind.code() == code)
    }

    /// Whether somebody comes who wasn't known here.
    #[must_use]
    pub const fn brings(self) -> bool {
        matches!(self, Self::Birth | Self::MarriageIn | Self::MoveIn)
    }

    /// Why a family splits or merges; for the others, what happened says it.
    #[must_use]
    pub const fn reasons(self) -> &'static [Reason] {
        match self {
            Self::Split => &[Reason::Marriage, Reason::Divorce, Reason::GrownUp, Reason::Other],
            Self::Merge => &[Reason::Reunited, Reason::FoundTwice, Reason::Other],
            _ => &[],
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    Marriage,
    Divorce,
    /// A grown-up child keeps house by itself.
    GrownUp,
    /// They keep house together again.
    Reunited,
    /// One family was filed as two.
    FoundTwice,
    Other,
}

impl Reason {
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Marriage => "marriage",
            Self::Divorce => "divorce",
            Self::GrownUp => "grown_up",
            Self::Reunited => "reunited",
            Self::FoundTwice => "found_twice",
            Self::Other => "other",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Marriage, Self::Divorce, Self::GrownUp, Self::Reunited, Self::FoundTwice, Self::Other]
            .into_iter()
            .find(|reason| reason.code() == code)
    }
}

/// Who agrees before a change stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Approval {
    None,
    Township,
    County,
}

impl Approval {
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Township => "township",
            Self::County => "county",
        }
    }

    /// The county, where the word is not known: nothing stands by mistake.
    #[must_use]
    pub fn from_code(code: &str) -> Self {
        [Self::None, Self::Township].into_iter().find(|one| one.code() == code).unwrap_or(Self::County)
    }

    /// One level above where a relative works.
    #[must_use]
    pub fn above(self, kin: Option<&Kin>) -> Self {
        match kin.map(|kin| kin.level) {
            None => self,
            Some(Works::Village) => self.max(Self::Township),
            Some(Works::Township | Works::County) => Self::County,
        }
    }
}

/// The level at which a relative works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Works {
    Village,
    Township,
    County,
}

impl Works {
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
        Self::ALL.into_iter().find(|one| one.code() == code)
    }
}

/// A relative of the family who works where it would be decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kin {
    pub name: String,
    pub relation: String,
    pub level: Works,
}

/// What of a change is sealed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {
    /// Who came or went, as they were written down.
    pub members: Vec<Member>,
    /// The person at the head from now on, where that changes; of a split, the head of the new household.
    pub head: String,
    /// How it is known, and which papers were seen.
    pub words: String,
    pub kin: Option<Kin>,
}

/// A change as it is applied to a file.
#[derive(Clone, Debug)]
pub struct Change {
    pub kind: Kind,
    pub on: Day,
    pub details: Details,
}

/// Puts a change into a file. Applied again, or after a register has caught up, it changes nothing.
pub fn apply(file: &mut File, change: &Change) {
    let Change { kind, on, details } = change;
    for told in &details.members {
        let known = file.members.iter_mut().find(|member| same(member, told));
        match (kind, known) {
            (Kind::Birth | Kind::MarriageIn | Kind::MoveIn | Kind::Joined, None) => {
                file.members.push(Member { co_living: true, from: Some(*on), to: None, ..told.clone() });
            }
            (Kind::Birth | Kind::MarriageIn | Kind::MoveIn | Kind::Joined | Kind::Return, Some(member)) => {
                member.co_living = true;
                member.to = None;
            }
            (Kind::Return, None) => {}
            (_, Some(member)) => {
                member.registered &= *kind != Kind::Death;
                // Whoever came back since is here.
                if member.from.is_none_or(|from| from <= *on) && member.co_living {
                    member.co_living = false;
                    member.to = Some(*on);
                }
            }
            (_, None) => {}
        }
    }
    let next = file.members.iter().position(|member| member.person == details.head && member.co_living);
    if let (Some(next), true) = (next, *kind != Kind::Split) {
        for (at, member) in file.members.iter_mut().enumerate() {
            match (at == next, member.relation.as_str()) {
                (true, _) => member.relation = "head".to_owned(),
                (false, "head") => member.relation = "other".to_owned(),
                _ => {}
            }
        }
    }
}

/// The same person: by id, by ID number, or by name and birth where one of the numbers is missing.
fn same(one: &Member, other: &Member) -> bool {
    let alike = || one.name == other.name && one.birth.is_some() && one.birth == other.birth;
    one.person == other.person
        || match (one.id_number, other.id_number) {
            (Some(a), Some(b)) => a == b,
            _ => alike(),
        }
}

/// How many live together.
#[must_use]
pub fn people(file: &File) -> i64 {
    file.members.iter().filter(|member| member.co_living).count() as i64
}

/// The name of the head, as lists show it; `None` where nobody of those living together is it.
#[must_use]
pub fn head(file: &File) -> Option<&str> {
    let heads = file.members.iter().filter(|member| member.co_living && member.relation == "head");
    heads.map(|member| member.name.as_str()).next()
}

/// The file of the household that a split makes: those who go, with what is known of each of them. What was known of the
/// household as a whole stays behind, because nobody knows yet how it divides; that it was once poor goes along.
#[must_use]
pub fn split_off(file: &File, change: &Change) -> File {
    let going = |member: &Member| change.details.members.iter().any(|told| same(member, told));
    let places: Vec<usize> = (0..file.members.len()).filter(|at| going(&file.members[*at])).collect();
    let moved = |member: Option<u32>| {
        let at = places.iter().position(|place| Some(*place as u32) == member)?;
        Some(Some(at as u32))
    };
    let member = |at: &usize| {
        let member = file.members[*at].clone();
        let relation = if member.person == change.details.head { "head" } else { "other" };
        Member { relation: relation.to_owned(), co_living: true, from: Some(change.on), to: None, ..member }
    };
    let mut made = File { members: places.iter().map(member).collect(), ..File::default() };
    made.axes.alleviated = file.axes.alleviated;
    for fact in &file.facts {
        made.facts.extend(moved(fact.member).map(|member| crate::model::Fact { member, ..fact.clone() }));
    }
    for conflict in &file.conflicts {
        let of_member = moved(conflict.member).map(|member| crate::model::Conflict { member, ..conflict.clone() });
        made.conflicts.extend(of_member);
    }
    made
}

/// A change that waits, as the question who may decide it needs it.
#[derive(Clone, Copy, Debug)]
pub struct Waiting<'w> {
    pub place: PlaceKey,
    pub approval: Approval,
    pub asked_by: &'w str,
    pub kin: Option<&'w Kin>,
}

/// Whether somebody may agree to a change or refuse it today.
///
/// # Errors
/// The sentence of the refusal.
pub fn can_decide(waiting: Waiting<'_>, staff: &Staff, today: Day) -> Result<(), Message> {
    let reaches = |role: Role| match role {
        Role::County => true,
        Role::Township => waiting.approval <= Approval::Township,
        _ => false,
    };
    let posts = staff.posts_with(crate::DECIDE_CHANGES, today);
    if !posts.into_iter().any(|post| post.place.contains(waiting.place) && reaches(post.role)) {
        return Err(match waiting.approval {
            Approval::County => message("change-refused-county"),
            _ => message("change-refused-township"),
        });
    }
    if staff.id.0 == waiting.asked_by {
        return Err(message("change-refused-own"));
    }
    if waiting.kin.is_some_and(|kin| kin.name.trim() == staff.name) {
        return Err(message("change-refused-kin"));
    }
    Ok(())
}
