//! What may happen next, who may do it, what is missing, by when: the questions asked of a course.

use super::{About, Actor, At, Course, Field, FieldKind, Gate, GateKind, Kind, Level, Move, Outcome, Refusal, Step};
use rulebook::Words;
use std::collections::BTreeMap;
use values::{Day, Fen, MoneyUnit};

/// Something that must be done by a day.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Due {
    pub day: Day,
    pub what: What,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    Step(String),
    /// The whole way to the procedure's decision.
    Whole,
    Dispute(i64),
    Measure(i64),
}

impl Course<'_> {
    /// Whether somebody may make this move today: the one question for the button, the action and the test.
    ///
    /// # Errors
    /// Why not.
    pub fn can(&self, made: &Move, who: &Actor, today: Day) -> Result<(), Refusal> {
        match made {
            Move::Record { step, values, with, outcome } => {
                let step = self.workable(step)?;
                self.may(step, who)?;
                check_values(step, values, self, today)?;
                let Some(outcome) = outcome else { return Ok(()) };
                let outcome = step.find_outcome(outcome).ok_or(Refusal::NoSuch)?;
                let present = with.iter().filter(|name| !name.trim().is_empty() && **name != who.name).count() as u32;
                if present + 1 < step.people {
                    return Err(Refusal::Partner(step.people - 1 - present));
                }
                let missing = self.with_values(step, values, today).missing(step, outcome, today);
                if missing.is_empty() { Ok(()) } else { Err(Refusal::Missing(missing)) }
            }
            Move::Publish { step, words } => {
                let step = self.workable(step)?;
                self.may(step, who)?;
                let found = attachments::scan(words);
                match (step.kind, found.is_empty()) {
                    (Kind::Notice, true) if words.trim().is_empty() => Err(Refusal::Blank),
                    (Kind::Notice, true) => Ok(()),
                    (Kind::Notice, false) => Err(Refusal::Exposes(found)),
                    _ => Err(Refusal::NoNotice),
                }
            }
            Move::Dispute { about, words, .. } => self.can_dispute(*about, words, today),
            Move::Answer { dispute, words, .. } => self.can_answer(*dispute, words, who),
            Move::Kinship { name, relation, .. } => told(&[name, relation]),
            Move::Split { from, .. } => {
                self.running()?;
                told(&[from])
            }
            Move::Help { cause, measure, owner, .. } => {
                self.running()?;
                let known = |choices: &[super::Choice], id: &str| choices.iter().any(|choice| choice.id == id);
                let cause = cause.as_ref().is_none_or(|cause| known(&self.procedure.causes, cause));
                if !cause || !known(&self.procedure.measures, measure) {
                    return Err(Refusal::NoSuch);
                }
                told(&[owner])
            }
            Move::Given { measure, on, .. } => {
                let one = self.measure(*measure)?;
                if one.given.is_some() || one.stopped.is_some() || *on > today { Err(Refusal::NoSuch) } else { Ok(()) }
            }
            Move::Stop { measure, reason } => self.can_stop(*measure, reason, who),
            Move::End { words, .. } => {
                self.running()?;
                self.nothing_open()?;
                told(&[words])
            }
            Move::Reopen { words } => match self.at {
                At::End(_) => told(&[words]),
                At::Step(_) => Err(Refusal::NotEnded),
            },
            Move::Extend { step, until, reason } => self.can_extend(step, *until, reason, who),
            Move::Merge { .. } => self.running(),
        }
    }

    fn running(&self) -> Result<(), Refusal> {
        if self.step().is_some() { Ok(()) } else { Err(Refusal::Ended) }
    }

    fn measure(&self, version: i64) -> Result<&super::Measure, Refusal> {
        self.measures.iter().find(|one| one.version == version).ok_or(Refusal::NoSuch)
    }

    /// The step, when it is the one being done or runs beside it.
    fn workable(&self, id: &str) -> Result<&Step, Refusal> {
        self.running()?;
        let now = self.step().into_iter().chain(self.alongside()).find(|step| step.id == id);
        now.ok_or(Refusal::NotNow)
    }

    /// The levels that do a step here: handed down by a delegation, sent up by kinship, and a decision by a split.
    #[must_use]
    pub fn levels(&self, step: &Step) -> Vec<Level> {
        let mut by = step.by.clone();
        let handed = self.procedure.delegations.iter().find(|one| {
            one.step == step.id
                && self.place.starts_with(&one.place)
                && one.from <= self.entered.0
                && one.until.is_none_or(|until| self.entered.0 <= until)
        });
        if let Some(handed) = handed {
            by = vec![handed.to];
        }
        if self.split && step.kind == Kind::Decision {
            by = by.into_iter().map(Level::up).collect();
        }
        self.raised(by)
    }

    fn raised(&self, by: Vec<Level>) -> Vec<Level> {
        let raise = |mut level: Level| {
            while level != Level::County && self.kin.iter().any(|kin| kin.level == level) {
                level = level.up();
            }
            level
        };
        let mut levels: Vec<Level> = by.into_iter().map(raise).collect();
        levels.sort_unstable();
        levels.dedup();
        levels
    }

    /// Whether this person may work on the step at all.
    ///
    /// # Errors
    /// The level isn't theirs, they visited and would decide, or a relative of theirs is concerned.
    pub fn may(&self, step: &Step, who: &Actor) -> Result<(), Refusal> {
        let levels = self.levels(step);
        if !levels.iter().any(|level| who.levels.contains(level)) {
            return Err(Refusal::Level(levels));
        }
        if self.is_kin(who) {
            return Err(Refusal::Kin);
        }
        let apart = |done: &super::Done| {
            step.apart_from.contains(&done.step)
                || (step.kind == Kind::Decision
                    && self.procedure.find_step(&done.step).is_some_and(|other| other.kind == Kind::Visit))
        };
        let took_part = |done: &super::Done| done.by == who.id || done.with.contains(&who.name);
        if self.done.iter().any(|done| apart(done) && took_part(done)) { Err(Refusal::Visited) } else { Ok(()) }
    }

    fn is_kin(&self, who: &Actor) -> bool {
        self.kin.iter().any(|kin| kin.name.trim() == who.name)
    }

    fn can_dispute(&self, about: About, words: &str, today: Day) -> Result<(), Refusal> {
        told(&[words])?;
        match about {
            About::Question => Ok(()),
            About::Objection if self.standing_notice().is_some() => Ok(()),
            About::Objection => Err(Refusal::NoNotice),
            About::Appeal => {
                if self.open_disputes(About::Appeal).next().is_some() {
                    return Err(Refusal::StillOpen(1));
                }
                let (_, on, ..) = self.appealable().ok_or(Refusal::NothingToAppeal)?;
                let last = self.calendar.end(on, self.procedure.appeal.within);
                if today > last { Err(Refusal::TooLate(last)) } else { Ok(()) }
            }
        }
    }

    fn can_answer(&self, dispute: i64, words: &str, who: &Actor) -> Result<(), Refusal> {
        let open = self.disputes.iter().find(|one| one.version == dispute && one.answer.is_none());
        let one = open.ok_or(Refusal::NoSuch)?;
        told(&[words])?;
        let levels = match one.about {
            About::Objection | About::Question => self.raised(vec![Level::Township, Level::County]),
            About::Appeal => self.raised(self.procedure.appeal.by.clone()),
        };
        if !levels.iter().any(|level| who.levels.contains(level)) {
            return Err(Refusal::Level(levels));
        }
        if self.is_kin(who) {
            return Err(Refusal::Kin);
        }
        if one.about != About::Appeal {
            return Ok(());
        }
        let decided = |(_, _, by, name): (i64, Day, &str, &str)| by == who.id || name == who.name;
        let visited = self.done.iter().any(|done| {
            (done.by == who.id || done.with.contains(&who.name))
                && self.procedure.find_step(&done.step).is_some_and(|step| step.kind == Kind::Visit)
        });
        if self.appealable().is_some_and(decided) || visited { Err(Refusal::SamePerson) } else { Ok(()) }
    }

    fn can_stop(&self, measure: i64, reason: &str, who: &Actor) -> Result<(), Refusal> {
        if self.measure(measure)?.stopped.is_some() {
            return Err(Refusal::NoSuch);
        }
        let levels = self.raised(vec![Level::Township, Level::County]);
        if !levels.iter().any(|level| who.levels.contains(level)) {
            return Err(Refusal::Level(levels));
        }
        self.nothing_open()?;
        told(&[reason])
    }

    /// More time is given by one level up, later than it is due and at most as long again.
    fn can_extend(&self, step: &str, until: Day, reason: &str, who: &Actor) -> Result<(), Refusal> {
        let step = self.workable(step)?;
        let levels: Vec<Level> = self.levels(step).into_iter().map(Level::up).collect();
        if !levels.iter().any(|level| who.levels.contains(level)) {
            return Err(Refusal::Level(levels));
        }
        if self.is_kin(who) {
            return Err(Refusal::Kin);
        }
        let last = self.longest(step).ok_or(Refusal::NoSuch)?;
        if until <= self.clock_end(step).unwrap_or(until) || until > last {
            return Err(Refusal::Until(last));
        }
        told(&[reason])
    }

    /// The day a step is due by its clock alone.
    fn clock_end(&self, step: &Step) -> Option<Day> {
        let from = step.alongside.as_ref().and_then(|other| self.last_done(other)).map_or(self.entered.0, |d| d.on);
        step.clock.map(|clock| self.calendar.end(from, clock))
    }

    /// The last day a step that is being done may be extended to: its clock, once more.
    #[must_use]
    pub fn longest(&self, step: &Step) -> Option<Day> {
        Some(self.calendar.end(self.clock_end(step)?, step.clock?))
    }

    fn nothing_open(&self) -> Result<(), Refusal> {
        let open = self.open_disputes(About::Appeal).count() + self.open_disputes(About::Question).count();
        if open == 0 { Ok(()) } else { Err(Refusal::StillOpen(open)) }
    }

    /// The same course with these values written down.
    fn with_values(&self, step: &Step, values: &BTreeMap<String, String>, today: Day) -> Self {
        let mut after = self.clone();
        for (field, value) in values {
            let held = super::Held { value: value.clone(), name: String::new(), on: today, version: i64::MAX };
            after.held.insert((step.id.clone(), field.clone()), held);
        }
        after
    }

    /// What a step still lacks to end like this, each a sentence.
    #[must_use]
    pub fn missing(&self, step: &Step, outcome: &Outcome, today: Day) -> Vec<Words> {
        if outcome.unmet {
            return Vec::new();
        }
        let fields = step.fields.iter().filter(|field| field.required && self.fresh(step, &field.id).is_none());
        let fields = fields
            .map(|field| Words::new(format!("缺“{}”", field.title.zh), format!("“{}” is missing", field.title.en)));
        let gates = step.gates.iter().filter(|gate| gate.outcome.as_ref().is_none_or(|only| *only == outcome.id));
        let gates = gates.filter_map(|gate| self.lacks(step, gate, today).map(|n| filled(&gate.missing, n)));
        fields.chain(gates).collect()
    }

    /// How much a gate lacks; `None` when it is met. Counts that aren't written yet are their fields' business.
    fn lacks(&self, step: &Step, gate: &Gate, today: Day) -> Option<i64> {
        let count = |field: &str| self.fresh(step, field).and_then(|held| held.value.parse::<i64>().ok());
        let unless = |met: bool| (!met).then_some(1);
        let some = |n: usize| (n > 0).then_some(n as i64);
        match &gate.kind {
            GateKind::Done { step } => unless(self.is_done(step)),
            GateKind::AddsUp { fields, to } => {
                let sum: Option<i64> = fields.iter().map(|field| count(field)).sum();
                Some((sum? - count(to)?).abs()).filter(|n| *n != 0)
            }
            GateKind::AsMany { field, other } => Some(count(other)? - count(field)?).filter(|n| *n > 0),
            GateKind::Majority { field, of } => unless(count(field)? * 2 > count(of)?),
            GateKind::Given { field } => unless(self.fresh(step, field).is_some()),
            GateKind::Published => unless(self.standing_notice().is_some()),
            GateKind::PeriodOver => {
                let notice = self.standing_notice()?;
                Some(i64::from(notice.to.0 - today.0)).filter(|n| *n > 0)
            }
            GateKind::ObjectionsAnswered => some(self.open_disputes(About::Objection).count()),
            GateKind::QuestionsAnswered => some(self.open_disputes(About::Question).count()),
            GateKind::Disputed => unless(self.objections().next().is_some()),
            GateKind::Undisputed => some(self.objections().count()),
            GateKind::CausesMatched => some(self.unmatched().len()),
            GateKind::MeasuresPlanned => unless(self.measures.iter().any(|one| one.version > self.round_began.1)),
            GateKind::MeasuresGiven => {
                some(self.measures.iter().filter(|one| one.given.is_none() && one.stopped.is_none()).count())
            }
            GateKind::PassedSince { step, clock } => {
                let done = self.last_done(step)?;
                Some(i64::from(self.calendar.end(done.on, *clock).0 - today.0)).filter(|n| *n > 0)
            }
        }
    }

    /// Causes without help that fits.
    #[must_use]
    pub fn unmatched(&self) -> Vec<String> {
        let fits = |cause: &String| {
            let known = self.procedure.causes.iter().find(|one| one.id == *cause);
            known.is_some_and(|known| {
                self.measures.iter().any(|one| one.stopped.is_none() && known.measures.contains(&one.kind))
            })
        };
        self.causes().into_iter().filter(|cause| !fits(cause)).collect()
    }

    /// Everything that has a day to be done by, the earliest first.
    #[must_use]
    pub fn due(&self) -> Vec<Due> {
        let mut due = Vec::new();
        for step in self.step().into_iter().chain(self.alongside()) {
            let extended = self.extensions.get(&step.id).filter(|(version, _)| *version > self.since(step));
            let day = extended.map(|(_, until)| *until).or_else(|| self.clock_end(step));
            due.extend(day.map(|day| Due { day, what: What::Step(step.id.clone()) }));
        }
        if let Some(whole) = self.procedure.whole.as_ref().filter(|whole| !self.is_done(&whole.until))
            && self.step().is_some()
        {
            let clock = super::Clock { within: whole.within, days: whole.days };
            due.push(Due { day: self.calendar.end(self.round_began.0, clock), what: What::Whole });
        }
        for one in self.disputes.iter().filter(|one| one.answer.is_none()) {
            let day = self.calendar.end(one.on, self.procedure.appeal.answer);
            due.push(Due { day, what: What::Dispute(one.version) });
        }
        for one in self.measures.iter().filter(|one| one.given.is_none() && one.stopped.is_none()) {
            due.push(Due { day: one.due, what: What::Measure(one.version) });
        }
        due.sort();
        due
    }
}

/// `{n}` in the words of a gate.
fn filled(words: &Words, n: i64) -> Words {
    let n = n.to_string();
    Words::new(words.zh.replace("{n}", &n), words.en.replace("{n}", &n))
}

fn told(texts: &[&str]) -> Result<(), Refusal> {
    if texts.iter().all(|text| !text.trim().is_empty()) { Ok(()) } else { Err(Refusal::Blank) }
}

/// Whether every value reads as its field says; an empty one takes back what stood there.
fn check_values(
    step: &Step,
    values: &BTreeMap<String, String>,
    course: &Course<'_>,
    today: Day,
) -> Result<(), Refusal> {
    for (id, value) in values {
        let field = step.find_field(id).ok_or(Refusal::NoSuch)?;
        if !value.trim().is_empty() && !reads(field, value.trim(), course, today) {
            return Err(Refusal::Wrong { field: id.clone(), title: field.title.clone() });
        }
    }
    Ok(())
}

fn reads(field: &Field, value: &str, course: &Course<'_>, today: Day) -> bool {
    let day = |text: &str| Day::parse_iso(text).is_ok_and(|day| day <= today);
    match field.kind {
        FieldKind::Yes => value == "yes",
        FieldKind::Text => value.chars().count() <= 200,
        FieldKind::Long => value.chars().count() <= 4000,
        FieldKind::Day => day(value),
        FieldKind::Count => value.parse::<u32>().is_ok_and(|n| n < 1_000_000),
        FieldKind::Money => Fen::parse(value, MoneyUnit::Yuan).is_ok_and(|fen| fen.0 >= 0),
        FieldKind::Choice => field.options.iter().any(|option| option.id == value),
        FieldKind::Causes => {
            let causes: Vec<&str> = value.split(',').collect();
            let known = |id: &&str| course.procedure.causes.iter().any(|cause| cause.id == *id);
            (1..=3).contains(&causes.len()) && causes.iter().all(known)
        }
        FieldKind::Evidence => value.split_once(' ').is_some_and(|(on, what)| day(on) && !what.trim().is_empty()),
    }
}
