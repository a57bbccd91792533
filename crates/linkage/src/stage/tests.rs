mod county;
mod rulings;

use super::{
    ConflictKind, EventKind, Identities, KeyRow, Linked, Profiles, RowRef, Said, Seen, clustered, explain, link,
    link_profiles, people,
};
use county::{Dice, VIEWS, View, accuracy};
use facts::records::{Keys, Nature, Resource};
use values::columns::Table;
use values::{Day, IdNumber, Precision};

fn f1((precision, recall): (f64, f64)) -> f64 {
    2.0 * precision * recall / (precision + recall)
}

#[test]
fn a_dirty_county_is_brought_together() {
    for (seed, dirt, least) in [(1, 1.0, 0.985), (7, 2.0, 0.97)] {
        let (resources, truth) = county::county(4_000, seed, dirt);
        let linked = link(&resources, &Identities::default());
        let (precision, recall) = accuracy(&linked.links.person, &truth);
        assert!(f1((precision, recall)) >= least, "seed {seed}: precision {precision} recall {recall}");
        assert!(precision >= 0.99, "seed {seed}: precision {precision}");
    }
}

#[test]
fn a_second_run_changes_nothing_and_threads_dont_matter() {
    let (resources, _) = county::county(1_500, 3, 1.0);
    let on = |threads: usize, previous: &Identities| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| link(&resources, previous))
    };
    let first = on(1, &Identities::default());
    let second = on(3, &first.identities);
    assert_eq!(first.links.person, second.links.person);
    assert_eq!(first.links.people, second.links.people);
    assert_eq!(first.model, second.model);
    assert_eq!(first.identities, second.identities);
    assert_eq!((first.events.len(), second.events.len()), (0, 0));
    assert_eq!(weights(&first), weights(&second));
}

#[test]
fn deliveries_that_come_block_by_block_are_linked_the_same() {
    let (resources, _) = county::county(1_500, 11, 1.0);
    let whole = link(&resources, &Identities::default());
    let blocks = |resource: &Resource| -> Vec<(usize, Resource)> {
        let rows: Vec<u32> = (0..resource.len() as u32).collect();
        rows.chunks(701).map(|rows| (rows[0] as usize, resource.select(rows))).collect()
    };
    let mut seen = Seen::new(resources.iter().map(Resource::head).collect());
    for (at, resource) in resources.iter().enumerate() {
        blocks(resource).iter().for_each(|(first, rows)| seen.add(at, Seen::look(at, *first, rows)));
    }
    let mut profiles = seen.profiles();
    for (at, resource) in resources.iter().enumerate() {
        for (first, rows) in blocks(resource) {
            profiles.take(profiles.keep(at, first, &rows));
        }
    }
    let linked = link_profiles(&profiles, &Identities::default(), &Said::default());
    assert_eq!(linked.links.person, whole.links.person);
    assert_eq!(linked.links.people, whole.links.people);
    assert_eq!(linked.identities, whole.identities);
    assert_eq!(weights(&linked), weights(&whole));
}

fn weights(linked: &Linked) -> Vec<u32> {
    linked.links.weight.iter().flatten().map(|weight| weight.to_bits()).collect()
}

#[test]
fn every_weight_is_explained_by_record_and_model_alone() {
    let (resources, _) = county::county(1_500, 4, 1.0);
    let profiles = Profiles::collect(&resources);
    let (linked, clusters) = clustered(&profiles, &Identities::default(), &Said::default());
    let model = fellegi::Model::from_json(&linked.model.to_json()).unwrap();
    let mut explained = 0;
    for (at, ties) in people::ties(&profiles, &clusters).iter().enumerate() {
        for (row, tie) in ties.iter().enumerate().step_by(97) {
            let Some(tie) = tie else { continue };
            let against = KeyRow::of(&resources[tie.resource as usize], tie.row as usize);
            let explanation = explain(&KeyRow::of(&resources[at], row), &against, &model).unwrap();
            assert_eq!(explanation.weight, linked.links.weight[at][row]);
            explained += 1;
        }
    }
    assert!(explained > 50, "{explained}");
}

#[test]
fn people_keep_their_identifiers_when_deliveries_arrive() {
    let dice = Dice::new(5);
    let people = county::people(1_500, &dice);
    let mut resources: Vec<Resource> = Vec::new();
    let mut seen = Identities::default();
    let mut before: Vec<facts::records::PersonId> = Vec::new();
    for view in &VIEWS[..4] {
        resources.push(county::deliver(&people, view, &dice).0);
        let linked = link(&resources, &seen);
        let now: Vec<_> = linked.links.person[0].iter().map(|p| linked.links.people[*p as usize].id).collect();
        let kept = before.iter().zip(&now).filter(|(a, b)| a == b).count();
        // Where a delivery shows that two are one, one of the two identifiers goes.
        assert!(kept + 3 >= before.len(), "{kept} of {}", before.len());
        (seen, before) = (linked.identities, now);
    }
}

/// One row: number, name, birth, village, household.
type Row = (&'static str, &'static str, &'static str, u64, &'static str);

fn resource(department: &str, record: &str, rows: &[Row]) -> Resource {
    let mut keys = Keys::default();
    for (number, name, birth, village, household) in rows {
        let text = |text: &'static str| Some(text).filter(|text| !text.is_empty());
        keys.id_number.push(IdNumber::parse(number).map_or(0, |number| number.key()));
        keys.name.push(text(name));
        keys.sex.push(0);
        keys.birth.push(Day::parse_iso(birth).map_or(i32::MIN, |day| day.0));
        keys.birth_precision.push(Precision::Day);
        keys.area.push(*village);
        keys.address.push(None);
        keys.phone.push(0);
        keys.ethnicity.push(None);
        keys.household_no.push(text(household));
    }
    Resource {
        department: department.into(),
        name: record.into(),
        record: record.into(),
        nature: Nature::Register,
        as_of: Day::parse_iso("2026-09-30").unwrap(),
        coverage: None,
        limit: None,
        rows: (1..=rows.len() as u32).collect(),
        own: Table::new(rows.len()),
        own_digest: vec![0; rows.len()],
        keys,
    }
}

const A: u64 = 539_901_100_201;
const B: u64 = 539_901_107_204;

/// A county in which `rows` is one more department's delivery beside `members` of the register.
fn with(members: &[Row], rows: &[Row]) -> (Linked, usize) {
    let (mut resources, _) = county::county(1_500, 6, 0.5);
    let extra = resource("police", "household_member", members);
    resources[0] = joined(&resources[0], &extra);
    resources.push(resource("county office", "house", rows));
    let first = resources[0].len() - members.len();
    (link(&resources, &Identities::default()), first)
}

fn joined(a: &Resource, b: &Resource) -> Resource {
    let mut all = a.clone();
    all.keys.id_number.extend(&b.keys.id_number);
    all.keys.name.append(&b.keys.name);
    all.keys.sex.extend(&b.keys.sex);
    all.keys.birth.extend(&b.keys.birth);
    all.keys.birth_precision.extend(&b.keys.birth_precision);
    all.keys.area.extend(&b.keys.area);
    all.keys.address.append(&b.keys.address);
    all.keys.phone.extend(&b.keys.phone);
    all.keys.ethnicity.append(&b.keys.ethnicity);
    all.keys.household_no.append(&b.keys.household_no);
    all.rows = (1..=all.keys.sex.len() as u32).collect();
    all.own = Table::new(all.rows.len());
    all.own_digest = vec![0; all.rows.len()];
    all
}

#[test]
fn two_people_of_one_name_in_one_village_are_left_to_a_human() {
    let members = [
        ("539901196804052014", "欧阳建国", "1968-04-05", A, "9001"),
        ("539901199101012036", "欧阳建国", "1991-01-01", A, "9002"),
    ];
    let (linked, _) = with(&members, &[("", "欧阳建国", "", A, ""), ("", "欧阳建国", "1991-01-01", A, "")]);
    let [open, clear] = linked.links.person[linked.links.person.len() - 1][..] else { panic!("two rows") };
    let last = linked.links.person.len() as u32 - 1;
    let first = linked.links.person[0].len() - 2;
    assert!(!linked.links.person[0].contains(&open));
    assert_eq!(clear, linked.links.person[0][first + 1]);
    let review = linked.review.iter().find(|review| review.record == RowRef { resource: last, row: 0 }).unwrap();
    assert_eq!(review.candidates.len(), 2);
}

#[test]
fn a_spouses_number_with_the_own_name_is_the_person_named() {
    let members = [
        ("539901196804052014", "司徒建国", "1968-04-05", A, "9001"),
        ("539901197007082029", "上官秀英", "1970-07-08", A, "9001"),
    ];
    let (linked, first) = with(&members, &[("539901196804052014", "上官秀英", "1970-07-08", A, "")]);
    let person = linked.links.person[linked.links.person.len() - 1][0];
    assert_eq!(person, linked.links.person[0][first + 1]);
}

#[test]
fn a_father_and_a_son_of_one_name_stay_two() {
    let members = [
        ("539901196804052014", "诸葛明", "1968-04-05", A, "9001"),
        ("539901199505062038", "诸葛明", "1995-05-06", A, "9001"),
    ];
    let rows = [("539901196804052014", "诸葛明", "", 0, ""), ("539901199505062038", "诸葛鸣", "", B, "")];
    let (linked, first) = with(&members, &rows);
    assert_eq!(linked.links.person[linked.links.person.len() - 1], linked.links.person[0][first..]);
    assert_ne!(linked.links.person[0][first], linked.links.person[0][first + 1]);
}

#[test]
fn twins_are_two_people() {
    let members = [
        ("539901201504052011", "令狐子涵", "2015-04-05", A, "9001"),
        ("53990120150405203X", "令狐子轩", "2015-04-05", A, "9001"),
    ];
    let rows = [("", "令狐子轩", "2015-04-05", A, ""), ("", "令狐子涵", "2015-04-05", A, "")];
    let (linked, first) = with(&members, &rows);
    let found = &linked.links.person[linked.links.person.len() - 1];
    assert_eq!(found[..], [linked.links.person[0][first + 1], linked.links.person[0][first]]);
}

#[test]
fn two_living_people_with_one_number_are_reported_and_stay_two() {
    let members = [
        ("539901196804052014", "端木建国", "1968-04-05", A, "9001"),
        ("539901196804052014", "皇甫秀英", "1975-11-20", B, "9002"),
    ];
    let (linked, first) = with(&members, &[]);
    assert_ne!(linked.links.person[0][first], linked.links.person[0][first + 1]);
    let rows: Vec<u32> = linked
        .conflicts
        .iter()
        .filter(|conflict| conflict.kind == ConflictKind::SharedIdNumber)
        .flat_map(|conflict| conflict.records.iter().map(|at| at.row))
        .collect();
    assert!(rows.contains(&(first as u32)) && rows.contains(&(first as u32 + 1)));
}

#[test]
fn a_row_without_person_keys_has_no_person() {
    let (linked, _) = with(&[], &[("", "", "", A, "9001")]);
    assert_eq!(linked.links.person[linked.links.person.len() - 1], [u32::MAX]);
}

#[test]
fn strangers_to_the_register_are_brought_together_among_themselves() {
    let rows = [("539901198003052024", "尉迟秀英", "1980-03-05", A, ""), ("", "尉迟秀英", "1980-03-05", A, "")];
    let (linked, _) = with(&[], &rows);
    let found = &linked.links.person[linked.links.person.len() - 1];
    assert_eq!(found[0], found[1]);
    assert!(!linked.links.person[0].contains(&found[0]));
}

#[test]
fn a_better_delivery_merges_and_a_corrected_one_splits() {
    let register = |second: Row| {
        vec![resource(
            "police",
            "household_member",
            &[("539901196804052014", "端木建国", "1968-04-05", A, "1"), second],
        )]
    };
    let two = ("440524198801012012", "端木健国", "1988-01-01", B, "2");
    let same = ("539901196804052014", "端木健国", "1968-04-05", A, "2");
    let apart = link(&register(two), &Identities::default());
    assert_ne!(apart.links.person[0][0], apart.links.person[0][1]);
    let mut both = register(two);
    both.push(resource("civil", "assistance", &[same]));
    let more = link(&both, &apart.identities);
    assert!(more.events.is_empty());

    // What was one person by its keys is two when the identifiers of both were known before.
    let mut known = apart.identities.clone();
    let one = known.person[0];
    known.person.iter_mut().for_each(|person| *person = one);
    let split = link(&register(two), &known);
    assert_eq!(
        split.events.iter().map(|event| (event.kind, event.person)).collect::<Vec<_>>(),
        [(EventKind::Split, one)]
    );

    let merged = link(&register(same), &apart.identities);
    let again = link(&[register(same), register(two)].concat(), &merged.identities);
    assert_eq!(again.links.people.len(), 2);
}

#[test]
fn any_columns_may_be_missing() {
    for columns in ["name", "id", "phone", "name area", "birth", "household"] {
        let view = View { columns, share: 0.5, ..VIEWS[0] };
        let dice = Dice::new(8);
        let people = county::people(300, &dice);
        let (resource, truth) = county::deliver(&people, &view, &dice);
        let linked = link(&[resource], &Identities::default());
        assert_eq!(linked.links.person[0].len(), truth.len());
    }
    assert!(link(&[], &Identities::default()).links.people.is_empty());
}
