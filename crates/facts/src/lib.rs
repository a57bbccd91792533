//! Facts: from what departments delivered to what is known of every household and person, with the source of each value.
//!
//! [`records`] is a delivery, standardised into plain columns: the input of every stage behind intake. [`assembly`] finds
//! out who lives with whom; [`survey`] learns what only all records together tell; [`reckon`] reckons what is known of
//! the households of a [`Bucket`], one after the other; [`Ledger`] tells where each value came from.
//! The crate's root is the dictionary: what can be known, by name.
//!
//! Rules, pages and `facts.parquet` speak of facts by these names. The formulas are contract §4's; the window is the
//! twelve whole months before the month of `as_of`. A fact that nobody answered for is unknown, never 0.

mod assembled;
pub mod assembly;
mod assets;
pub mod bucket;
mod dwelling;
mod earner;
mod exact;
mod frame;
mod guarantees;
mod health;
mod home;
pub mod household;
mod income;
mod ledger;
mod lists;
mod makeup;
mod neighbours;
mod payments;
pub mod person;
mod quirks;
mod reckon;
pub mod records;
mod silence;
mod slips;
mod spans;
#[cfg(test)]
mod stories;
pub mod survey;
mod who;
mod work;

pub use assembled::{Doubtful, Facts, Trust, reckon, tally};
pub use bucket::Bucket;
pub use household::{HOUSEHOLD, HouseholdFact};
pub use ledger::{Ledger, Origin, Told};
pub use person::{PERSON, PersonFact};
pub use quirks::{Quirks, Tally};
use values::columns::Unit;

/// What a fact speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Entity {
    Household,
    Person,
}

/// How a fact's values are held: the column of that kind in its frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `Column::Bounds` in fen.
    Money,
    /// `Column::Bounds` in ten-thousandths; the unit is that of one whole, such as `m2` or `mu`.
    Number(&'static str),
    /// `Column::Bounds` of whole things, in the unit named.
    Count(&'static str),
    /// `Column::Flag`.
    Flag,
    /// `Column::Code`, one of the list.
    Code(&'static [&'static str]),
    /// `Column::Day`.
    Day,
    /// `Column::Area`.
    Area,
    /// `Column::Text`.
    Text,
}

/// One entry of the dictionary.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fact {
    pub name: &'static str,
    pub entity: Entity,
    pub kind: Kind,
    pub zh: &'static str,
    pub en: &'static str,
    /// How it is reckoned, in a line (contract §4).
    pub formula: &'static str,
    /// The records of contract §3 that feed it.
    pub records: &'static [&'static str],
    /// Reckoned with query answers: a risk rule may not read it.
    pub from_query_answer: bool,
}

impl Kind {
    /// The unit of the `Column::Bounds` that holds it, if it is a quantity.
    #[must_use]
    pub const fn unit(self) -> Option<Unit> {
        match self {
            Self::Money => Some(Unit::Fen),
            Self::Number(_) => Some(Unit::Number),
            Self::Count(_) => Some(Unit::Count),
            _ => None,
        }
    }

    /// The unit as `facts.parquet` and pages print it; empty where there is none.
    #[must_use]
    pub const fn unit_name(self) -> &'static str {
        match self {
            Self::Money => "fen",
            Self::Number(unit) | Self::Count(unit) => unit,
            _ => "",
        }
    }
}

/// The entry of that name.
#[must_use]
pub fn find(entity: Entity, name: &str) -> Option<&'static Fact> {
    let list: &'static [Fact] = match entity {
        Entity::Household => &HOUSEHOLD,
        Entity::Person => &PERSON,
    };
    list.iter().find(|fact| fact.name == name)
}

/// Declares an entity's facts: an enum for the code that reckons them, and the dictionary's entries in its order.
macro_rules! dictionary {
    ($(#[$doc:meta])* $entity:ident, $list:ident, $enum:ident {
        $($variant:ident $name:literal ($($kind:tt)*) $(@$mark:ident)? $zh:literal $en:literal $formula:literal
            [$($record:literal)*];)*
    }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u16)]
        pub enum $enum { $($variant),* }

        /// The entries, in the order of the enum.
        pub const $list: [$crate::Fact; [$($enum::$variant),*].len()] = [$(
            $crate::Fact {
                name: $name,
                entity: $crate::Entity::$entity,
                kind: $crate::Kind::$($kind)*,
                zh: $zh,
                en: $en,
                formula: $formula,
                records: &[$($record),*],
                from_query_answer: dictionary!(@mark $($mark)?),
            }
        ),*];
    };
    (@mark) => { false };
    (@mark answers) => { true };
}
use dictionary;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_labelled_in_both_languages() {
        for list in [&HOUSEHOLD[..], &PERSON[..]] {
            for (i, fact) in list.iter().enumerate() {
                assert!(list[..i].iter().all(|other| other.name != fact.name), "{} twice", fact.name);
                assert!(!fact.zh.is_ascii() && fact.en.is_ascii() && !fact.formula.is_empty(), "{}", fact.name);
            }
        }
        assert_eq!(find(Entity::Person, "age").map(|f| f.kind), Some(Kind::Count("years")));
    }
}
