//! No sequence of allowed moves skips a gate: thousands of sequences are tried, and what happened is held against
//! the procedure's promises, read off the bare list of moves.

use crate::model::{About, Actor, At, Calendar, Course, Ending, Entry, Level, Move, Procedure};
use crate::policy::{CALENDAR, PROCEDURES};
use proptest::prelude::*;
use std::collections::BTreeMap;
use values::Day;

/// What a die says to do: which kind of move, by whom, after how many days, how well it is filled in.
#[derive(Clone, Debug)]
struct Throw {
    kind: u8,
    who: usize,
    days: i32,
    pick: usize,
    full: bool,
}

fn throws() -> impl Strategy<Value = Vec<Throw>> {
    let throw = (0u8..16, 0usize..6, 0i32..9, 0usize..64, prop::bool::weighted(0.85));
    let throw = throw.prop_map(|(kind, who, days, pick, full)| Throw { kind, who, days, pick, full });
    prop::collection::vec(throw, 1..160)
}

fn people() -> Vec<Actor> {
    let person = |name: &str, level| Actor { id: name.to_owned(), name: name.to_owned(), levels: vec![level] };
    vec![
        person("王芳", Level::Village),
        person("陈晓雯", Level::Township),
        person("石镇长", Level::Township),
        person("李明", Level::County),
        person("郭敏", Level::County),
        // Holds a post at every level, so that only the rules keep their duties apart.
        Actor { id: "万能".to_owned(), name: "万能".to_owned(), levels: Level::ALL.to_vec() },
    ]
}

/// A move that fits where the case stands, well or badly filled in.
fn made(course: &Course<'_>, throw: &Throw, today: Day) -> Move {
    let words = || if throw.full { "为了试".to_owned() } else { String::new() };
    let pick = |n: usize| throw.pick % n.max(1);
    let open = || course.disputes.get(pick(course.disputes.len())).map_or(0, |one| one.version);
    let measure = || course.measures.get(pick(course.measures.len())).map_or(0, |one| one.version);
    let kinds = &course.procedure.measures;
    match throw.kind {
        0..=8 => {
            let steps = &course.procedure.steps;
            let now: Vec<_> = course.step().into_iter().chain(course.alongside()).collect();
            // Sometimes a step is tried out of its turn.
            let step = if throw.kind == 8 || now.is_empty() { &steps[pick(steps.len())] } else { now[pick(now.len())] };
            let values: BTreeMap<String, String> = step
                .fields
                .iter()
                .filter(|_| throw.full)
                .map(|field| (field.id.clone(), filled(course, field, today)))
                .collect();
            let outcome = step.outcomes[pick(step.outcomes.len())].id.clone();
            let with = if throw.full { vec!["杨建军".to_owned()] } else { Vec::new() };
            Move::Record { step: step.id.clone(), values, with, outcome: Some(outcome) }
        }
        9 | 10 => {
            let step = course.step().map_or(String::new(), |step| step.id.clone());
            Move::Publish { step, words: words() }
        }
        11 => Move::Dispute {
            about: [About::Objection, About::Appeal, About::Question][pick(3)],
            by: "赵奶奶".to_owned(),
            words: words(),
        },
        12 => Move::Answer { dispute: open(), granted: throw.pick.is_multiple_of(2), words: words() },
        13 if !kinds.is_empty() => Move::Help {
            cause: None,
            measure: kinds[pick(kinds.len())].id.clone(),
            owner: words(),
            due: today,
            words: String::new(),
        },
        14 => Move::Given { measure: measure(), on: today, words: String::new() },
        15 if throw.pick.is_multiple_of(4) => Move::Stop { measure: measure(), reason: words() },
        15 if throw.pick.is_multiple_of(7) => Move::End { how: Ending::Withdrawn, words: words() },
        _ => Move::Reopen { words: words() },
    }
}

fn filled(course: &Course<'_>, field: &crate::model::Field, today: Day) -> String {
    use crate::model::FieldKind;
    match field.kind {
        FieldKind::Yes => "yes".to_owned(),
        FieldKind::Text | FieldKind::Long => "写了".to_owned(),
        FieldKind::Day => today.to_string(),
        FieldKind::Count => match field.id.as_str() {
            "against" | "abstained" => "0",
            _ => "9",
        }
        .to_owned(),
        FieldKind::Money => "420".to_owned(),
        FieldKind::Choice => field.options[0].id.clone(),
        FieldKind::Causes => course.procedure.causes[0].id.clone(),
        FieldKind::Evidence => format!("{today} 看过"),
    }
}

/// Plays the throws; what was allowed, and where it came to.
fn played(procedure: &Procedure, calendar: &Calendar, throws: &[Throw]) -> (Vec<Entry>, At) {
    let people = people();
    let mut today = Day::parse_iso("2026-03-02").unwrap();
    let mut course = Course::opened(procedure, calendar, "539901001001000", today);
    let mut entries = Vec::new();
    for throw in throws {
        today = today.plus_days(throw.days);
        let made = made(&course, throw, today);
        if let Ok(entry) = course.take(made, &people[throw.who], today) {
            entries.push(entry);
        }
    }
    // What is kept is all there is: replayed, it comes to the same place.
    let again = Course::replay(procedure, calendar, "539901001001000", course.opened, &entries);
    assert_eq!((&again.at, again.version, &again.done), (&course.at, course.version, &course.done));
    (entries, course.at)
}

/// The moves since the last beginning of a round that came before `until`.
fn round(entries: &[Entry], until: usize) -> &[Entry] {
    let begins = |entry: &Entry| matches!(entry.made, Move::Reopen { .. } | Move::Answer { granted: true, .. });
    let from = entries[..until].iter().rposition(begins).map_or(0, |at| at + 1);
    &entries[from..until]
}

fn finished<'e>(entries: &'e [Entry], id: &str) -> Option<&'e Entry> {
    entries.iter().rev().find(|entry| matches!(&entry.made, Move::Record { step, outcome: Some(_), .. } if step == id))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nobody_is_included_past_a_gate(throws in throws()) {
        let (_, text) = PROCEDURES[2];
        let (procedure, calendar) = (Procedure::parse(text).unwrap(), Calendar::parse(CALENDAR).unwrap());
        let (entries, _) = played(&procedure, &calendar, &throws);
        for (at, entry) in entries.iter().enumerate() {
            let Move::Record { step, outcome: Some(outcome), .. } = &entry.made else { continue };
            if step != "county_decision" || outcome != "include" {
                continue;
            }
            let visit = finished(&entries[..at], "visit").expect("nobody visited");
            let Move::Record { with, values, .. } = &visit.made else { unreachable!() };
            prop_assert!(!with.is_empty(), "only one visited");
            prop_assert_eq!(values.get("consent").map(String::as_str), Some("yes"));
            prop_assert!(visit.by != entry.by && !with.contains(&entry.name), "who visited decided");
            prop_assert!(finished(&entries[..at], "township_review").is_some());
            let review = finished(&entries[..at], "village_review");
            let agreed = |entry: &&Entry| matches!(&entry.made, Move::Record { outcome: Some(o), .. } if o == "agree");
            if let Some(review) = review.filter(agreed) {
                // After a review that agreed, a notice stood for five days before the township.
                let behind = &entries[usize::try_from(review.version).unwrap()..at];
                let up = behind.iter().find(|entry| matches!(entry.made, Move::Publish { .. }));
                let down = finished(behind, "village_notice");
                let appealed = round(&entries, at).len() < at;
                if !appealed {
                    let (up, down) = (up.expect("no notice"), down.expect("the notice never ended"));
                    prop_assert!(down.on.0 - up.on.0 >= 5, "the notice stood {} days", down.on.0 - up.on.0);
                    prop_assert!(finished(&entries[..usize::try_from(review.version).unwrap()], "check").is_some());
                }
            }
        }
    }

    #[test]
    fn nothing_is_done_without_what_it_demands(throws in throws(), which in 0usize..3) {
        let (_, text) = PROCEDURES[which];
        let (procedure, calendar) = (Procedure::parse(text).unwrap(), Calendar::parse(CALENDAR).unwrap());
        let (entries, at) = played(&procedure, &calendar, &throws);
        let mut stands = procedure.first().id.clone();
        for entry in &entries {
            let Move::Record { step: id, values, with, outcome: Some(outcome) } = &entry.made else { continue };
            let step = procedure.find_step(id).unwrap();
            let outcome = step.find_outcome(outcome).unwrap();
            prop_assert!(with.len() as u32 + 1 >= step.people);
            if !outcome.unmet {
                for field in step.fields.iter().filter(|field| field.required) {
                    let earlier = entries[..usize::try_from(entry.version).unwrap()].iter().any(|entry| matches!(
                        &entry.made, Move::Record { step, values, .. } if step == id && values.contains_key(&field.id)));
                    prop_assert!(values.contains_key(&field.id) || earlier, "{id}.{} was never filled in", field.id);
                }
            }
            if let Some(to) = &outcome.to {
                stands.clone_from(to);
            }
        }
        if let At::End(end) = &at {
            prop_assert!(procedure.find_end(end).is_some() || Ending::from_code(end).is_some());
        }
    }

    #[test]
    fn help_never_stops_by_itself(throws in throws()) {
        let (_, text) = PROCEDURES[2];
        let (procedure, calendar) = (Procedure::parse(text).unwrap(), Calendar::parse(CALENDAR).unwrap());
        let (entries, _) = played(&procedure, &calendar, &throws);
        let course = Course::replay(&procedure, &calendar, "539901001001000", entries.first().map_or(Day(0), |e| e.on), &entries);
        let mut open = 0i64;
        for entry in &entries {
            match &entry.made {
                Move::Dispute { about: About::Appeal | About::Question, .. } => open += 1,
                Move::Answer { dispute, .. } => {
                    let one = course.disputes.iter().find(|one| one.version == *dispute).unwrap();
                    open -= i64::from(one.about != About::Objection);
                }
                Move::Stop { reason, .. } => {
                    prop_assert!(!reason.trim().is_empty());
                    prop_assert_eq!(open, 0, "help was stopped while something was open");
                }
                _ => {}
            }
        }
        let stops = entries.iter().filter(|entry| matches!(entry.made, Move::Stop { .. })).count();
        prop_assert!(course.measures.iter().filter(|one| one.stopped.is_some()).count() <= stops);
    }
}

/// The dice do come far: a test that never reaches a decision proves nothing about it.
#[test]
fn the_dice_reach_decisions() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let (_, text) = PROCEDURES[2];
    let (procedure, calendar) = (Procedure::parse(text).unwrap(), Calendar::parse(CALENDAR).unwrap());
    let mut runner = TestRunner::deterministic();
    let (mut included, mut refused) = (0, 0);
    for _ in 0..300 {
        let throws = throws().new_tree(&mut runner).unwrap().current();
        let (entries, _) = played(&procedure, &calendar, &throws);
        included += usize::from(entries.iter().any(|entry| matches!(
            &entry.made, Move::Record { step, outcome: Some(outcome), .. } if step == "county_decision" && outcome == "include")));
        refused += usize::from(finished(&entries, "confirm_none").is_some());
    }
    assert!(included >= 5 && refused >= 5, "included {included}, refused {refused}");
}
