//! From pairs to people: groups, assignments, and what a later delivery adds.

use super::*;

#[test]
fn two_valid_numbers_keep_a_chain_apart() {
    // The second record has no number and fits both others.
    let rows = [["110105194912310038", "王建国"], ["", "王建国"], ["440524188001010014", "王建国"]];
    let texts = |at: usize| rows.iter().map(|row| Some(row[at]).filter(|t| !t.is_empty())).collect::<Texts>();
    let spec = spec(
        "name = \"name\"\nnumber = \"id_number\"",
        "[link]\nthreshold = 0.0\nkeep = 0.0\n[[blocking]]\non = [\"name\"]",
    );
    let records = Records::pack(&Scheme::new(&spec).unwrap(), 3, &[Some(&texts(1)), Some(&texts(0))]);
    let outcome = linked(&spec, vec![records], Known::default()).unwrap();
    assert_ne!(outcome.clusters[0], outcome.clusters[2]);
    assert!(!outcome.statistics.conflicts.is_empty());
}

/// Records of several registers with a name and a number each, linked by name; missing texts are empty.
fn by_name(link: &str, registers: &[&[[&str; 2]]]) -> Outcome {
    let inputs: String =
        (0..registers.len()).map(|n| format!("[[input]]\nname = \"{n}\"\npath = \"{n}.csv\"\nid = \"id\"\n")).collect();
    let fields = "[fields]\nname = \"name\"\nnumber = \"id_number\"";
    let rules = "[[blocking]]\non = [\"name\"]\n[[blocking]]\non = [\"number\"]";
    let spec = Spec::parse(&format!("{inputs}{fields}\n[link]\nthreshold = 0.0\nkeep = 0.0\n{link}\n{rules}")).unwrap();
    let pack = |rows: &&[[&str; 2]]| {
        let texts = |at: usize| rows.iter().map(|row| Some(row[at]).filter(|t| !t.is_empty())).collect::<Texts>();
        Records::pack(&Scheme::new(&spec).unwrap(), rows.len(), &[Some(&texts(0)), Some(&texts(1))])
    };
    linked(&spec, registers.iter().map(pack).collect(), Known::default()).unwrap()
}

#[test]
fn one_to_many_gives_a_person_many_records_but_a_record_one_person() {
    let people: &[[&str; 2]] = &[["王建国", ""], ["李明", ""]];
    let visits: &[[&str; 2]] = &[["王建国", ""], ["王建国", ""], ["李明", ""]];
    let outcome = by_name("one_to_many = true", &[people, visits]);
    assert_eq!(outcome.clusters, [0, 1, 0, 0, 1]);
    assert_eq!(by_name("one_to_one = true", &[people, visits]).clusters, [0, 1, 0, 2, 1]);
    // Two people of one name: the visit goes to the first, and the other is a tie.
    let namesakes: &[[&str; 2]] = &[["王建国", ""], ["王建国", ""]];
    let outcome = by_name("one_to_many = true", &[namesakes, &[["王建国", ""]]]);
    assert_eq!(outcome.clusters, [0, 1, 0]);
    assert_eq!(outcome.statistics.ties, [(1, 2)]);
    let wrong = Spec::parse(
        "[[input]]\nname = \"a\"\npath = \"a\"\nid = \"id\"\n[fields]\nname = \"name\"\n[link]\none_to_many = true",
    );
    assert!(wrong.unwrap_err().to_string().contains("two inputs"));
}

#[test]
fn two_valid_numbers_never_meet_in_an_assignment() {
    // The second register's record has no number: it fits both others, which are two people.
    let registers: [&[[&str; 2]]; 3] =
        [&[["王建国", "110105194912310038"]], &[["王建国", ""]], &[["王建国", "440524188001010014"]]];
    for link in ["one_to_one = true", "one_to_many = true"] {
        let outcome = by_name(link, &registers);
        assert_ne!(outcome.clusters[0], outcome.clusters[2], "{link}");
        assert!(!outcome.statistics.conflicts.is_empty(), "{link}");
    }
}

/// A specification of so many registers, linked between each other.
fn registers_spec(count: usize) -> Spec {
    let mut spec = blocked();
    spec.link.threshold = Some(0.6);
    let one = spec.input[0].clone();
    spec.input = (0..count).map(|n| crate::InputSpec { name: n.to_string(), ..one.clone() }).collect();
    spec
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_delivery_linked_to_what_stands_is_linked_as_if_all_were(rows in rows(), first in 0..40usize) {
        let mut spec = blocked();
        spec.link.threshold = Some(0.6);
        let all = linked(&spec, vec![packed(&spec, &rows)], Known::default()).unwrap();
        let first = first.min(rows.len());
        let model = Some(all.model.clone());
        let before = Known { model: model.clone(), ..Known::default() };
        let before = linked(&spec, vec![packed(&spec, &rows[..first])], before).unwrap();
        let earlier = Some(Earlier { records: first as u32, pairs: before.pairs });
        let now = linked(&spec, vec![packed(&spec, &rows)], Known { model, earlier, ..Known::default() }).unwrap();
        prop_assert_eq!(now.pairs, all.pairs);
        prop_assert_eq!(now.clusters, all.clusters);
    }

    #[test]
    fn one_more_register_is_linked_as_if_all_were(a in rows(), b in rows(), c in rows(), one_to_one: bool) {
        let (mut two, mut three) = (registers_spec(2), registers_spec(3));
        (two.link.one_to_one, three.link.one_to_one) = (one_to_one, one_to_one);
        let pack = |rows: &Vec<[&str; 3]>| packed(&two, rows);
        let all = linked(&three, vec![pack(&a), pack(&b), pack(&c)], Known::default()).unwrap();
        let model = Some(all.model.clone());
        let before = Known { model: model.clone(), ..Known::default() };
        let before = linked(&two, vec![pack(&a), pack(&b)], before).unwrap();
        let earlier = Some(Earlier { records: (a.len() + b.len()) as u32, pairs: before.pairs });
        let now = Known { model, earlier, ..Known::default() };
        let now = linked(&three, vec![pack(&a), pack(&b), pack(&c)], now).unwrap();
        prop_assert_eq!(now.pairs, all.pairs);
        prop_assert_eq!(now.clusters, all.clusters);
    }
}
