use super::{
    About, Actor, Answer, At, Calendar, Dispute, Done, Ending, Entry, Held, Kin, Kind, Measure, Move, Notice,
    Procedure, Step, Stopped,
};
use std::collections::BTreeMap;
use values::Day;

/// The way a case has taken so far, replayed from its entries.
#[derive(Clone, Debug)]
pub struct Course<'p> {
    pub procedure: &'p Procedure,
    pub(super) calendar: &'p Calendar,
    /// Key of the place the family lives in.
    pub place: &'p str,
    pub opened: Day,
    pub at: At,
    /// The day it came to where it stands, and the entry that brought it there.
    pub entered: (Day, i64),
    /// Reopening and a granted appeal begin another round, which leans on nothing of the one before.
    pub round: u32,
    pub(super) round_began: (Day, i64),
    pub(super) held: BTreeMap<(String, String), Held>,
    pub done: Vec<Done>,
    pub notice: Option<Notice>,
    pub disputes: Vec<Dispute>,
    pub measures: Vec<Measure>,
    pub kin: Vec<Kin>,
    /// A split of the family that is looked at more closely: its decisions go one level up.
    pub split: bool,
    /// By step: the version that gave it more time, and until when.
    pub(super) extensions: BTreeMap<String, (i64, Day)>,
    pub version: i64,
}

impl<'p> Course<'p> {
    #[must_use]
    pub fn opened(procedure: &'p Procedure, calendar: &'p Calendar, place: &'p str, on: Day) -> Self {
        Self {
            procedure,
            calendar,
            place,
            opened: on,
            at: At::Step(procedure.first().id.clone()),
            entered: (on, 0),
            round: 1,
            round_began: (on, 0),
            held: BTreeMap::new(),
            done: Vec::new(),
            notice: None,
            disputes: Vec::new(),
            measures: Vec::new(),
            kin: Vec::new(),
            split: false,
            extensions: BTreeMap::new(),
            version: 0,
        }
    }

    /// The step being done; `None` when the case has ended.
    #[must_use]
    pub fn step(&self) -> Option<&'p Step> {
        match &self.at {
            At::Step(id) => self.procedure.find_step(id),
            At::End(_) => None,
        }
    }

    /// Steps that run beside it and aren't done yet.
    pub fn alongside(&self) -> impl Iterator<Item = &'p Step> {
        let open = |step: &&Step| match &step.alongside {
            Some(other) => self.is_done(other) && !self.is_done(&step.id),
            None => false,
        };
        let running = self.step().is_some();
        self.procedure.steps.iter().filter(move |_| running).filter(open)
    }

    /// Whether a step was done in this round.
    #[must_use]
    pub fn is_done(&self, step: &str) -> bool {
        self.last_done(step).is_some()
    }

    /// The last time a step was done in this round.
    #[must_use]
    pub fn last_done(&self, step: &str) -> Option<&Done> {
        self.done.iter().rev().find(|done| done.step == step && done.round == self.round)
    }

    /// What stands in a field, also from an earlier pass: a form is never filled in from nothing.
    #[must_use]
    pub fn held(&self, step: &str, field: &str) -> Option<&Held> {
        self.held.get(&(step.to_owned(), field.to_owned()))
    }

    /// What was written since the step was reached: only that counts.
    #[must_use]
    pub fn fresh(&self, step: &Step, field: &str) -> Option<&Held> {
        let since = self.since(step);
        self.held(&step.id, field).filter(|held| held.version > since && !held.value.trim().is_empty())
    }

    /// The version from which on something counts for a step that is being done.
    pub(super) fn since(&self, step: &Step) -> i64 {
        if step.alongside.is_some() { self.round_began.1 } else { self.entered.1 }
    }

    /// The notice of the step being done, when it is up.
    #[must_use]
    pub fn standing_notice(&self) -> Option<&Notice> {
        let step = self.step()?;
        self.notice.as_ref().filter(|notice| notice.step == step.id && notice.version > self.entered.1)
    }

    /// Disputes of a kind that nobody has answered.
    pub fn open_disputes(&self, about: About) -> impl Iterator<Item = &Dispute> {
        self.disputes.iter().filter(move |one| one.about == about && one.answer.is_none())
    }

    /// Objections to the notice that stands.
    pub(super) fn objections(&self) -> impl Iterator<Item = &Dispute> {
        let since = self.standing_notice().map_or(i64::MAX, |notice| notice.version);
        self.disputes.iter().filter(move |one| one.about == About::Objection && one.version > since)
    }

    /// The causes that were registered, the main one first.
    #[must_use]
    pub fn causes(&self) -> Vec<String> {
        let fields = self.procedure.steps.iter().flat_map(|step| step.fields.iter().map(move |field| (step, field)));
        let held = fields.filter(|(_, field)| field.kind == super::FieldKind::Causes);
        let held = held.filter_map(|(step, field)| self.held(&step.id, &field.id)).next_back();
        held.map(|held| held.value.split(',').map(str::to_owned).collect()).unwrap_or_default()
    }

    /// What can be appealed: the last decision, or help that was stopped since.
    pub(super) fn appealable(&self) -> Option<(i64, Day, &str, &str)> {
        let decided =
            |done: &&Done| self.procedure.find_step(&done.step).is_some_and(|step| step.kind == Kind::Decision);
        let decision = self.done.iter().rev().find(decided).map(|d| (d.version, d.on, d.by.as_str(), d.name.as_str()));
        let stops = self.measures.iter().filter_map(|measure| measure.stopped.as_ref());
        let stop = stops.map(|s| (s.version, s.on, s.by.as_str(), s.name.as_str())).max();
        decision.max(stop)
    }

    /// Puts one thing that happened behind the others.
    pub fn apply(&mut self, entry: &Entry) {
        self.version = entry.version;
        match entry.made.clone() {
            Move::Record { step, values, with, outcome } => {
                for (field, value) in values {
                    let held = Held { value, name: entry.name.clone(), on: entry.on, version: entry.version };
                    self.held.insert((step.clone(), field), held);
                }
                if let Some(outcome) = outcome {
                    self.finish(entry, step, outcome, with);
                }
            }
            Move::Publish { step, words } => self.publish(entry, step, words),
            Move::Dispute { about, by, words } => {
                let against = self.appealable().map_or(0, |(version, ..)| version);
                let (version, on) = (entry.version, entry.on);
                self.disputes.push(Dispute { version, about, by, words, on, against, answer: None });
            }
            Move::Answer { dispute, granted, words } => self.answer(entry, dispute, granted, words),
            Move::Kinship { name, level, relation } => self.kin.push(Kin { name, level, relation }),
            Move::Split { .. } => self.split = true,
            Move::Help { cause, measure, owner, due, words } => self.measures.push(Measure {
                version: entry.version,
                cause,
                kind: measure,
                owner,
                due,
                words,
                given: None,
                stopped: None,
            }),
            Move::Given { measure, on, .. } => {
                self.measures.iter_mut().filter(|one| one.version == measure).for_each(|one| one.given = Some(on));
            }
            Move::Stop { measure, reason } => {
                let (by, name, on) = (entry.by.clone(), entry.name.clone(), entry.on);
                let stopped = Stopped { reason, by, name, on, version: entry.version };
                let measures = self.measures.iter_mut().filter(|one| one.version == measure);
                measures.for_each(|one| one.stopped = Some(stopped.clone()));
            }
            Move::End { how, .. } => self.go(entry, how.code()),
            Move::Reopen { .. } => self.begin_round(entry, &self.procedure.first().id.clone()),
            Move::Extend { step, until, .. } => drop(self.extensions.insert(step, (entry.version, until))),
            Move::Merge { .. } => {}
        }
    }

    fn finish(&mut self, entry: &Entry, step: String, outcome: String, with: Vec<String>) {
        let found = self.procedure.find_step(&step);
        let to = found.and_then(|step| step.find_outcome(&outcome)).and_then(|outcome| outcome.to.clone());
        self.done.push(Done {
            step,
            outcome,
            by: entry.by.clone(),
            name: entry.name.clone(),
            with,
            on: entry.on,
            version: entry.version,
            round: self.round,
        });
        if let Some(to) = to {
            self.go(entry, &to);
        }
    }

    fn go(&mut self, entry: &Entry, to: &str) {
        let step = self.procedure.find_step(to).is_some();
        self.at = if step { At::Step(to.to_owned()) } else { At::End(to.to_owned()) };
        self.entered = (entry.on, entry.version);
    }

    fn begin_round(&mut self, entry: &Entry, at: &str) {
        self.round += 1;
        self.round_began = (entry.on, entry.version);
        self.go(entry, at);
    }

    fn publish(&mut self, entry: &Entry, step: String, words: String) {
        let Some(text) = &self.procedure.notice else { return };
        let to = self.calendar.end(entry.on, text.period);
        let kept = self.calendar.end(to, text.keep);
        self.notice = Some(Notice { step, words, from: entry.on, to, kept, version: entry.version });
    }

    fn answer(&mut self, entry: &Entry, dispute: i64, granted: bool, words: String) {
        let Some(one) = self.disputes.iter_mut().find(|one| one.version == dispute) else { return };
        one.answer = Some(Answer { granted, words, name: entry.name.clone(), on: entry.on });
        let (about, against) = (one.about, one.against);
        if about != About::Appeal || !granted {
            return;
        }
        let stopped = self.measures.iter_mut().find(|one| one.stopped.as_ref().is_some_and(|s| s.version == against));
        match stopped {
            // Help that was stopped goes on as if it never had been.
            Some(measure) => measure.stopped = None,
            None => self.begin_round(entry, &self.procedure.appeal.returns_to.clone()),
        }
    }

    /// Replays a case.
    #[must_use]
    pub fn replay(
        procedure: &'p Procedure,
        calendar: &'p Calendar,
        place: &'p str,
        on: Day,
        entries: &[Entry],
    ) -> Self {
        let mut course = Self::opened(procedure, calendar, place, on);
        entries.iter().for_each(|entry| course.apply(entry));
        course
    }

    /// Makes a move that [`Course::can`] allows; the entry that says so.
    ///
    /// # Errors
    /// Why it can't be made.
    pub fn take(&mut self, made: Move, who: &Actor, today: Day) -> Result<Entry, super::Refusal> {
        self.can(&made, who, today)?;
        let (by, name) = (who.id.clone(), who.name.clone());
        let entry = Entry { version: self.version + 1, on: today, by, name, made };
        self.apply(&entry);
        Ok(entry)
    }

    /// How the case ended, outside of its procedure.
    #[must_use]
    pub fn ending(&self) -> Option<Ending> {
        match &self.at {
            At::End(id) => Ending::from_code(id),
            At::Step(_) => None,
        }
    }
}
