//! What people said holds, from one delivery to the next, and says itself in events.

use super::{A, B, Row, joined, resource};
use crate::stage::tests::county;
use crate::stage::{EventKind, Identities, KeyRow, Linked, Ruling, Said, Side, link, link_with};
use facts::records::{PersonId, Resource};

/// Two of one name in one village, and what another department wrote of one of them: which, nobody can tell.
const MEMBERS: [Row; 2] = [
    ("539901196804052014", "欧阳建国", "1968-04-05", A, "9001"),
    ("539901199101012036", "欧阳建国", "1991-01-01", A, "9002"),
];
const OPEN: Row = ("", "欧阳建国", "", A, "");

struct Told {
    resources: Vec<Resource>,
    /// The place of the first member in the register.
    first: usize,
}

impl Told {
    fn new(rows: &[Row]) -> Self {
        let (mut resources, _) = county::county(1_500, 6, 0.5);
        let first = resources[0].len();
        resources[0] = joined(&resources[0], &resource("police", "household_member", &MEMBERS));
        resources.push(resource("county office", "house", rows));
        Self { resources, first }
    }

    fn key(&self, resource: usize, row: usize) -> u64 {
        KeyRow::of(&self.resources[resource], row).digest()
    }

    fn member(&self, number: usize) -> u64 {
        self.key(0, self.first + number)
    }

    fn row(&self, number: usize) -> u64 {
        self.key(self.resources.len() - 1, number)
    }

    fn link(&self, previous: &Identities, rulings: &[Ruling]) -> Linked {
        link_with(&self.resources, previous, &Said { rulings: rulings.to_vec(), ..Said::default() })
    }

    fn person_of_row(&self, linked: &Linked, number: usize) -> PersonId {
        linked.links.people[linked.links.person[self.resources.len() - 1][number] as usize].id
    }

    fn person_of_member(&self, linked: &Linked, number: usize) -> PersonId {
        linked.links.people[linked.links.person[0][self.first + number] as usize].id
    }
}

fn ruling(same: bool, one: &[u64], other: &[u64]) -> Ruling {
    let side = |keys: &[u64]| Side { keys: keys.to_vec(), person: None };
    Ruling { same, sides: [side(one), side(other)] }
}

fn named(same: bool, one: (&[u64], PersonId), other: (&[u64], PersonId)) -> Ruling {
    let side = |(keys, person): (&[u64], PersonId)| Side { keys: keys.to_vec(), person: Some(person) };
    Ruling { same, sides: [side(one), side(other)] }
}

#[test]
fn what_people_said_is_one_person_is_linked_and_no_longer_asked() {
    let told = Told::new(&[OPEN]);
    let before = told.link(&Identities::default(), &[]);
    assert_eq!(before.links.person, link(&told.resources, &Identities::default()).links.person);
    let same = ruling(true, &[told.row(0)], &[told.member(1)]);
    let after = told.link(&before.identities, std::slice::from_ref(&same));
    assert_eq!(told.person_of_row(&after, 0), told.person_of_member(&before, 1), "the person keeps its identifier");
    assert_eq!(after.review.len() + 1, before.review.len());
    let again = told.link(&after.identities, &[same]);
    assert_eq!((again.links.person, again.events.len()), (after.links.person, 0));
}

#[test]
fn what_people_said_is_two_stays_two_and_takes_nobody_along() {
    // Three records of the first member: people say that one of them is somebody else's.
    let rows = [
        ("539901196804052014", "欧阳建国", "1968-04-05", A, ""),
        ("539901196804052014", "欧阳建国", "", B, ""),
        ("539901196804052014", "欧阳建国", "1968-04-05", B, ""),
    ];
    let told = Told::new(&rows);
    let before = told.link(&Identities::default(), &[]);
    let first = told.person_of_member(&before, 0);
    assert!((0..3).all(|row| told.person_of_row(&before, row) == first));
    let rulings = [ruling(false, &[told.row(1)], &[told.member(0)]), ruling(false, &[told.row(1)], &[told.row(0)])];
    let after = told.link(&before.identities, &rulings);
    assert_eq!(told.person_of_member(&after, 0), first);
    assert_eq!([0, 2].map(|row| told.person_of_row(&after, row)), [first, first]);
    assert_ne!(told.person_of_row(&after, 1), first);
    assert!(after.events.iter().any(|event| event.kind == EventKind::Split && event.person == first));
}

#[test]
fn the_newer_of_two_contradicting_words_holds() {
    let told = Told::new(&[OPEN]);
    let (row, member) = ([told.row(0)], [told.member(1)]);
    let (same, different) = (ruling(true, &row, &member), ruling(false, &row, &member));
    let found = |rulings: &[Ruling]| {
        let linked = told.link(&Identities::default(), rulings);
        told.person_of_row(&linked, 0) == told.person_of_member(&linked, 1)
    };
    assert!(found(&[different.clone(), same.clone()]));
    assert!(!found(&[same, different]));
}

#[test]
fn merged_people_go_on_under_the_name_that_was_chosen_and_come_apart_again() {
    // Once the two are one, a record that fitted both would be the one's: here is none.
    let told = Told::new(&[("", "尉迟秀英", "1980-03-05", B, "")]);
    let before = told.link(&Identities::default(), &[]);
    let (one, other) = (told.person_of_member(&before, 0), told.person_of_member(&before, 1));
    let merge = named(true, (&[told.member(1)], other), (&[told.member(0)], other));
    let merged = told.link(&before.identities, std::slice::from_ref(&merge));
    assert_eq!([0, 1].map(|member| told.person_of_member(&merged, member)), [other, other]);
    let events: Vec<_> = merged.events.iter().map(|event| (event.kind, event.person, event.other)).collect();
    assert_eq!(events, [(EventKind::Merge, other, one)]);

    let fresh = PersonId(one.0 ^ 1 << 80);
    let apart = named(false, (&[told.member(1)], fresh), (&[told.member(0)], other));
    let split = told.link(&merged.identities, &[merge, apart]);
    assert_eq!([0, 1].map(|member| told.person_of_member(&split, member)), [other, fresh]);
    let events: Vec<_> = split.events.iter().map(|event| (event.kind, event.person, event.other)).collect();
    assert_eq!(events, [(EventKind::Split, other, fresh)]);
}

#[test]
fn labelled_matches_move_what_is_learned_and_leave_all_else() {
    let told = Told::new(&[OPEN]);
    let before = told.link(&Identities::default(), &[]).model;
    let seen = vec![("name".to_owned(), vec![("one_character".to_owned(), 150)])];
    let said = Said { matches: seen, ..Said::default() };
    let after = link_with(&told.resources, &Identities::default(), &said).model;
    let m = |model: &fellegi::Model, field: &str, level: &str| {
        let learned = model.comparisons.iter().find(|learned| learned.field == field).unwrap();
        learned.levels.iter().find(|share| share.level == level).unwrap().m
    };
    let expected = (m(&before, "name", "one_character") * 50.0 + 150.0) / 200.0;
    assert!((m(&after, "name", "one_character") - expected).abs() < 1e-12);
    assert!((m(&after, "name", "exact") - m(&before, "name", "exact") / 4.0).abs() < 1e-12);
    assert_eq!(m(&after, "birth", "exact"), m(&before, "birth", "exact"));
    assert_eq!(after.comparisons.iter().map(|l| l.levels.iter().map(|s| s.u).sum::<f64>()).sum::<f64>().round(), 8.0);
}
