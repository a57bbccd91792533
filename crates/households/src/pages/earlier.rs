//! What was known before: a fact's earlier values, each with the day the program learned it.

use super::show;
use crate::actions;
use crate::model::{Fact, File};
use crate::store::Filed;
use kernel::{Cx, Result};
use ui::{Speaker, numbers};
use values::Day;

/// The files that stood before, the newest first, each with the day it was taken in.
pub struct Earlier(Vec<(Day, File)>);

/// A value that stood before.
pub struct Before {
    pub value: String,
    /// The day to look back to, as an address has it, and in words.
    pub known: String,
    pub on: String,
}

impl Earlier {
    pub fn of(cx: &Cx, files: &[Filed]) -> Result<Self> {
        let opened =
            files.iter().map(|filed| Ok(actions::open(cx, filed)?.map(|file| (filed.recorded_at.day(), file))));
        Ok(Self(opened.collect::<Result<Vec<_>>>()?.into_iter().flatten().collect()))
    }

    /// The values a fact had before, where there was one at a time, each as it last stood.
    pub fn values(&self, w: Speaker, file: &File, fact: &Fact, today: Day) -> Vec<Before> {
        if fact.source.is_some() {
            return Vec::new();
        }
        let who = |file: &File, fact: &Fact| Some(file.members.get(fact.member? as usize)?.person.clone());
        let (of, mut newer) = (who(file, fact), &fact.value);
        let mut before = Vec::new();
        for (day, older) in &self.0 {
            let same = |one: &&Fact| one.fact == fact.fact && one.source.is_none() && who(older, one) == of;
            let Some(found) = older.facts.iter().find(same).filter(|one| one.value != *newer) else { continue };
            newer = &found.value;
            before.push(Before {
                value: show::value(w, found),
                known: day.to_string(),
                on: numbers::date(w.language, *day, today),
            });
        }
        before
    }
}
