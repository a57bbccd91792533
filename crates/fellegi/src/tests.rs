mod grouping;
mod levels;
mod reference;

use crate::similarity::{edits, jaro_winkler};
use crate::{
    Candidates, Cell, Earlier, Index, Known, Label, LinkError, Model, Outcome, Pattern, Records, Scheme, Scorer, Spec,
    evaluate, link, splink,
};
use proptest::prelude::*;
use values::columns::Texts;

fn units(text: &str) -> Vec<u16> {
    text.encode_utf16().collect()
}

#[test]
fn jaro_winkler_as_published() {
    // Winkler (1990), table of examples.
    for (a, b, published) in [
        ("MARTHA", "MARHTA", 0.9611),
        ("DWAYNE", "DUANE", 0.8400),
        ("DIXON", "DICKSONX", 0.8133),
        ("SHACKLEFORD", "SHACKELFORD", 0.9818),
        ("ABC", "XYZ", 0.0),
    ] {
        let found = jaro_winkler(&units(a), &units(b));
        assert!((found - published).abs() < 5e-5, "{a} {b}: {found}");
    }
}

#[test]
fn edits_count_a_swap_once() {
    let edits = |a, b| edits(&units(a), &units(b), 3);
    assert_eq!(
        [edits("ca", "ac"), edits("kitten", "sitting"), edits("王小明", "王晓明"), edits("", "abcd")],
        [1, 3, 1, 4]
    );
}

/// The level that two values of one field reach, in words.
fn level(role: &str, a: &str, b: &str) -> String {
    let spec = spec(&format!("field = \"{role}\""), "");
    let scheme = Scheme::new(&spec).unwrap();
    let pair = [a, b];
    let cell = |row: &usize, _| Some(pair[*row]).filter(|text| !text.is_empty()).map_or(Cell::Missing, Cell::Text);
    let records = Records::encode(&scheme, 2, |row| row, cell);
    match scheme.compare(records.get(0), records.get(1)).level(0) {
        0 => "missing".into(),
        code => scheme.comparisons[0].levels.get(usize::from(code) - 1).map_or("else".into(), ToString::to_string),
    }
}

fn spec(fields: &str, rest: &str) -> Spec {
    let head = "[[input]]\nname = \"a\"\npath = \"a.csv\"\nid = \"id\"\n";
    Spec::parse(&format!("{head}[fields]\n{fields}\n{rest}")).unwrap()
}

#[test]
fn names_are_compared_as_people_write_them() {
    let name = |a, b| level("name", a, b);
    assert_eq!(name("王建国", "王 建国"), "exact");
    assert_eq!(name("买买提·阿布都", "买买提阿布都"), "exact");
    assert_eq!(name("張偉", "张伟"), "variant");
    assert_eq!(name("闫小峯", "阎小峰"), "variant");
    assert_eq!(name("王建国", "王健国"), "pinyin");
    assert_eq!(name("王建国", "王国建"), "swapped");
    assert_eq!(name("王建国", "王建军"), "one_character");
    assert_eq!(name("王建国", "王建"), "one_character");
    assert_eq!(name("王*国", "王建国"), "hidden");
    assert_eq!(name("王伟", "王芳"), "else");
    assert_eq!(name("Jonathan Smith", "jonathon smith"), "jaro_winkler >= 0.92");
    assert_eq!(name("王建国", ""), "missing");
}

#[test]
fn a_failed_check_digit_forgives_a_typo() {
    let number = |a, b| level("id_number", a, b);
    assert_eq!(number("11010519491231002X", "11010519491231002x"), "exact");
    assert_eq!(number("11010519491231002X", "110105491231002"), "exact");
    assert_eq!(number("11010519491231002X", "11010519491231003X"), "typos <= 1");
    assert_eq!(number("11010519491231002X", "11010519491213002X"), "typos <= 1");
    assert_eq!(number("11010519491231002X", "11010519491231005X"), "typos <= 1");
    // Two right numbers, one digit and the check digit apart: perhaps brothers.
    assert_eq!(number("110105194912310038", "110105194912310054"), "near");
    assert_eq!(number("11010519491231002X", "440524188001010014"), "else");
    assert_eq!(number("5304218", "5304281"), "typos <= 1");
    assert_eq!(number("AB-123.456", "ab123456"), "exact");
}

#[test]
fn dates_places_and_addresses_have_levels_of_their_own() {
    let date = |a, b| level("birth_date", a, b);
    assert_eq!(date("1968-04-05", "19680405"), "exact");
    assert_eq!(date("1968-04-05", "1968-05-04"), "transposed");
    assert_eq!(date("1968-04-05", "1968-04-06"), "one_component");
    assert_eq!(date("1968-04-05", "1986-04-05"), "other_year");
    assert_eq!(date("1968-04-05", "1968-04-85"), "one_component");
    assert_eq!(date("1968-04-05", "1968-00-00"), "coarse");
    assert_eq!(date("1968-04-05", "1968年4月"), "coarse");
    assert_eq!(date("1968-04-05", "05/04/1968"), "exact");
    assert_eq!(date("1968-04-05", "1968-11-20"), "same_year");
    assert_eq!(level("area_code", "539901001203", "539901001207"), "prefix >= 9");
    assert_eq!(level("address", "河口村三组12号", "河口村3组十二号"), "exact");
    assert_eq!(level("phone", "13812345678", "13812345687"), "damerau_levenshtein <= 1");
    assert_eq!(level("sex", "男", "1"), "exact");
}

#[test]
fn a_wrong_specification_says_what_to_change() {
    let wrong = |rest: &str| {
        let head = "[[input]]\nname = \"a\"\npath = \"a.csv\"\nid = \"id\"\n[fields]\nname = \"name\"\n";
        Spec::parse(&format!("{head}{rest}")).unwrap_err().to_string()
    };
    assert!(wrong("[[blocking]]\non = [\"birth\"]").contains("not in [fields]"));
    assert!(wrong("[[blocking]]\non = [\"year(name)\"]").contains("not a blocking key"));
    assert!(wrong("[[comparison]]\nfield = \"name\"\nlevels = [\"transposed\"]").contains("does not suit"));
    assert!(wrong("[[comparison]]\nfield = \"name\"\nlevels = [\"nearly\"]").contains("not a level"));
    assert!(wrong("[link]\nthreshold = 95.0").contains("between 0 and 1"));
    assert!(wrong("[link]\ntype = \"link_only\"").contains("two inputs"));
    assert!(wrong("[link]\none_to_one = true").contains("join nobody"));
    assert!(Spec::parse("[fields]").is_err());
}

const FIELDS: &str = "birth = \"birth_date\"\nname = \"name\"\nphone = \"phone\"";

/// Rows of name, birth and phone, packed.
fn packed(spec: &Spec, rows: &[[&str; 3]]) -> Records {
    let column = |at: usize| rows.iter().map(|row| Some(row[at]).filter(|text| !text.is_empty())).collect::<Texts>();
    let (name, birth, phone) = (column(0), column(1), column(2));
    // In the order of the fields' names.
    Records::pack(&Scheme::new(spec).unwrap(), rows.len(), &[Some(&birth), Some(&name), Some(&phone)])
}

fn rows() -> impl Strategy<Value = Vec<[&'static str; 3]>> {
    let name = prop::sample::select(vec!["", "王伟", "王纬", "张建国", "张国建", "张健国", "李明", "李鸣"]);
    let birth = prop::sample::select(vec!["", "1968-04-05", "1968-05-04", "1990-01-01", "1990-01"]);
    let phone = prop::sample::select(vec!["", "13800000001", "13800000002"]);
    prop::collection::vec((name, birth, phone).prop_map(|(a, b, c)| [a, b, c]), 2..40)
}

fn blocked() -> Spec {
    spec(
        FIELDS,
        "[link]\nkeep = 0.0\nthreshold = 1.0\n[[blocking]]\non = [\"pinyin(name)\"]\n[[blocking]]\non = [\"birth\", \"phone\"]",
    )
}

/// Links inputs that were packed each for itself.
fn linked(spec: &Spec, inputs: Vec<Records>, known: Known) -> Result<Outcome, LinkError> {
    let lengths: Vec<usize> = inputs.iter().map(Records::len).collect();
    link(spec, &Records::concat(&Scheme::new(spec).unwrap(), inputs), &lengths, known)
}

fn outcome(rows: &[[&str; 3]]) -> Outcome {
    linked(&blocked(), vec![packed(&blocked(), rows)], Known::default()).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn finds_and_weighs_what_comparing_all_pairs_would(rows in rows()) {
        let outcome = outcome(&rows);
        let records = packed(&blocked(), &rows);
        let scorer = Scorer::new(&outcome.scheme, &outcome.model);
        let same_sound = |a: &str, b: &str| !a.is_empty() && !b.is_empty() && level("name", a, b) != "else"
            && !["one_character", "swapped"].contains(&level("name", a, b).as_str());
        let mut naive: Vec<(u32, u32, Pattern, u32)> = Vec::new();
        for right in 0..rows.len() {
            for left in 0..right {
                let (a, b) = (rows[left], rows[right]);
                let same_day = a[1] == b[1] && a[1].len() == 10 && a[2] == b[2] && !a[2].is_empty();
                if same_sound(a[0], b[0]) || same_day {
                    let pattern = outcome.scheme.compare(records.get(left), records.get(right));
                    naive.push((left as u32, right as u32, pattern, scorer.weight(pattern, records.get(left)).to_bits()));
                }
            }
        }
        naive.sort_unstable();
        let found: Vec<_> = outcome.pairs.iter().map(|p| (p.left, p.right, p.pattern, p.weight.to_bits())).collect();
        prop_assert_eq!(found, naive);
    }

    #[test]
    fn answers_the_same_on_any_number_of_threads(rows in rows()) {
        let on = |threads| rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(|| outcome(&rows));
        let (one, four) = (on(1), on(4));
        prop_assert_eq!(one.pairs, four.pairs);
        prop_assert_eq!(one.clusters, four.clusters);
        prop_assert_eq!(one.model, four.model);
    }

    #[test]
    fn an_explanation_adds_up_to_the_weight(rows in rows()) {
        let outcome = outcome(&rows);
        let records = packed(&blocked(), &rows);
        let model = Model::from_json(&outcome.model.to_json()).unwrap();
        for pair in &outcome.pairs {
            let (left, right) = (records.get(pair.left as usize), records.get(pair.right as usize));
            let explanation = outcome.scheme.explain(&model, left, right);
            prop_assert_eq!(explanation.weight, pair.weight);
            let sum = explanation.steps.iter().fold(explanation.prior, |sum, step| sum + step.weight + step.term_weight);
            prop_assert!((sum - pair.weight).abs() < 1e-3);
        }
    }

    #[test]
    fn a_standing_index_finds_what_the_job_compares(rows in rows()) {
        let outcome = outcome(&rows);
        let records = packed(&blocked(), &rows);
        let index = Index::build(&outcome.scheme, &records, 0..rows.len() as u32, 1_000);
        let mut found = Candidates::default();
        for row in 0..rows.len() as u32 {
            index.find(&outcome.scheme, records.get(row as usize), row, &mut found);
            let partners: Vec<u32> = outcome.pairs.iter().filter(|pair| pair.right == row).map(|pair| pair.left).collect();
            prop_assert_eq!(&found.rows, &partners);
        }
    }
}

/// Two registers of the same people, the second with a slip in every third record.
fn registers(spec: &Spec, people: u32) -> Vec<Records> {
    let person = |n: u32| {
        let pick = |list: &str, salt: u32| {
            let chars: Vec<char> = list.chars().collect();
            chars[(n.wrapping_mul(2_654_435_761).rotate_left(salt) >> 8) as usize % chars.len()]
        };
        let surname = pick("王李张刘陈杨黄吴赵周徐孙马朱胡林郭何高罗", 3);
        let name: String = [
            surname,
            pick("建国明华文志春秋海山永成新德庆玉金云天宏", 9),
            pick("伟强军勇杰涛超辉刚平斌波鹏宇浩峰飞鑫亮龙", 17),
        ]
        .iter()
        .collect();
        let birth = format!("{}-{:02}-{:02}", 1940 + n * 7 % 70, n * 5 % 12 + 1, n * 11 % 28 + 1);
        [name, birth, format!("138{:08}", n.wrapping_mul(7_919) % 100_000_000)]
    };
    let table = |dirty: bool| {
        let rows: Vec<[String; 3]> = (0..people)
            .map(|n| {
                let mut row = person(n);
                match n % 9 {
                    0 if dirty => row[0] = row[0].replace('建', "健").replace('明', "鸣"),
                    3 if dirty => row[2] = format!("139{:08}", n),
                    6 if dirty => row[1].clear(),
                    _ => {}
                }
                row
            })
            .collect();
        let texts: Vec<[&str; 3]> =
            rows.iter().map(|row| [row[0].as_str(), row[1].as_str(), row[2].as_str()]).collect();
        packed(spec, &texts)
    };
    vec![table(false), table(true)]
}

#[test]
fn two_registers_are_linked_by_roles_alone_without_labels() {
    let text =
        "[[input]]\nname = \"a\"\npath = \"a\"\nid = \"id\"\n[[input]]\nname = \"b\"\npath = \"b\"\nid = \"id\"\n";
    let spec = Spec::parse(&format!("{text}[fields]\n{FIELDS}\n[link]\none_to_one = true")).unwrap();
    let outcome = linked(&spec, registers(&spec, 1_000), Known::default()).unwrap();
    let right = (0..1_000).filter(|n| outcome.clusters[*n] == outcome.clusters[n + 1_000]).count();
    assert!(right >= 995, "{right} of 1000");
    assert_eq!(outcome.clusters.iter().max(), Some(&(2_000 - right as u32 - 1)));
    let again =
        linked(&spec, registers(&spec, 1_000), Known { model: Some(outcome.model.clone()), ..Known::default() })
            .unwrap();
    assert_eq!(again.pairs, outcome.pairs);
    assert!(again.statistics.training.is_none());
}

#[test]
fn a_model_of_other_comparisons_is_refused() {
    let learned = outcome(&[["王伟", "1968-04-05", ""], ["王伟", "1968-04-05", ""]]).model;
    let other = spec("name = \"name\"", "");
    let none = Records::pack(&Scheme::new(&other).unwrap(), 0, &[None]);
    let error = linked(&other, vec![none], Known { model: Some(learned.clone()), ..Known::default() }).unwrap_err();
    assert!(error.to_string().contains("other comparisons"));
    let old = Model { version: 0, ..learned };
    assert!(Model::from_json(&old.to_json()).unwrap_err().to_string().contains("train it again"));
}

#[test]
fn a_model_of_splinks_brings_its_comparisons() {
    let json = r#"{ "probability_two_random_records_match": 0.01, "blocking_rules_to_generate_predictions": [
        { "blocking_rule": "l.\"birth\" = r.\"birth\"", "sql_dialect": "duckdb" },
        { "blocking_rule": "(SUBSTR(l.name, 1, 2) = SUBSTR(r.name, 1, 2)) AND (l.\"phone\" = r.\"phone\")" } ], "comparisons": [
        { "output_column_name": "birth", "comparison_levels": [
            { "sql_condition": "\"birth_l\" IS NULL OR \"birth_r\" IS NULL", "is_null_level": true },
            { "sql_condition": "\"birth_l\" = \"birth_r\"", "m_probability": 0.9, "u_probability": 0.001 },
            { "sql_condition": "levenshtein(\"birth_l\", \"birth_r\") <= 1", "m_probability": 0.05, "u_probability": 0.01 },
            { "sql_condition": "some_function(birth_l, birth_r)", "m_probability": 0.01, "u_probability": 0.1 },
            { "sql_condition": "ELSE", "m_probability": 0.04, "u_probability": 0.889 } ] },
        { "output_column_name": "name", "comparison_levels": [
            { "sql_condition": "\"name_l\" = \"name_r\"", "m_probability": 0.8, "u_probability": 0.01,
              "tf_adjustment_column": "name" },
            { "sql_condition": "jaro_winkler_similarity(\"name_l\", \"name_r\") >= 0.9", "m_probability": 0.1, "u_probability": 0.01 },
            { "sql_condition": "ELSE", "m_probability": 0.1, "u_probability": 0.98 } ] } ] }"#;
    let mut spec = spec(FIELDS, "[link]\nkeep = 0.0");
    assert!(splink::is_splink(json));
    let (model, told) = splink::import(json, &mut spec).unwrap();
    assert_eq!(told.len(), 1);
    let levels = |at: usize| model.comparisons[at].levels.iter().map(|s| s.level.clone()).collect::<Vec<_>>();
    assert_eq!(levels(0), ["exact", "damerau_levenshtein <= 1", "else"]);
    assert_eq!(levels(1), ["exact", "jaro_winkler >= 0.9", "else"]);
    assert!((model.comparisons[0].levels[2].m - 0.05).abs() < 1e-9);
    assert_eq!(model.blocking, [vec!["birth".to_owned()], vec!["name[0:2]".to_owned(), "phone".to_owned()]]);
    assert!(spec.comparison[1].term_frequency && !spec.comparison[0].term_frequency);
    let other = json.replace("l.name, 1, 2", "lower(l.name), 1, 2");
    let (model_of_other, told) = splink::import(&other, &mut spec.clone()).unwrap();
    assert!(model_of_other.blocking.is_empty() && told[1].contains("lower(l.name)"), "{told:?}");
    // Rules of one's own take the place of theirs, and nothing is said of these.
    let own = Spec { blocking: vec![crate::BlockingSpec { on: vec!["phone".into()] }], ..spec.clone() };
    let (model_of_own, told) = splink::import(&other, &mut own.clone()).unwrap();
    assert!(model_of_own.blocking.is_empty() && told.len() == 1, "{told:?}");
    // Found by the second rule alone; a name that all have says nothing, so that little speaks for them.
    let rows = [["王伟", "1968-04-05", "13800000001"], ["王伟", "1968-04-06", "13800000001"]];
    let outcome = linked(&spec, vec![packed(&spec, &rows)], Known { model: Some(model), ..Known::default() }).unwrap();
    let shown: Vec<_> = outcome.levels(outcome.pairs[0].pattern).map(|(_, level)| level.to_owned()).collect();
    assert_eq!(shown, ["damerau_levenshtein <= 1", "exact"]);
}

#[test]
fn the_prior_follows_from_certain_rules_and_their_recall() {
    // Of 10 pairs one agrees on phone and birth; that is half of the matches there are.
    let rows = [
        ["王伟", "1968-04-05", "13800000001"],
        ["王纬", "1968-04-05", "13800000001"],
        ["李明", "1990-01-01", "13800000002"],
        ["张建国", "1991-02-03", "13800000003"],
        ["陈小红", "1985-07-09", ""],
    ];
    let prior = |link: &str| {
        let spec = spec(FIELDS, link);
        linked(&spec, vec![packed(&spec, &rows)], Known::default()).unwrap().model.prior
    };
    assert!((prior("[link]\ndeterministic = [[\"phone\", \"birth\"]]\nrecall = 0.5") - 0.2).abs() < 1e-12);
    assert!((prior("[link]\nprior = 0.03") - 0.03).abs() < 1e-12);
    let refused = |link: &str| {
        Spec::parse(&format!(
            "[[input]]\nname = \"a\"\npath = \"a.csv\"\nid = \"no\"\n[fields]\n{FIELDS}\n[link]\n{link}"
        ))
    };
    assert!(refused("recall = 0.5").unwrap_err().to_string().contains("deterministic"));
    assert!(refused("prior = 1.0").unwrap_err().to_string().contains("prior"));
    assert!(refused("deterministic = [[\"shoe\"]]\nrecall = 0.5").unwrap_err().to_string().contains("shoe"));
}

#[test]
fn decisions_of_people_measure_and_correct() {
    let rows: Vec<[&str; 3]> = vec![
        ["王伟", "1968-04-05", "13800000001"],
        ["王纬", "1968-04-05", "13800000001"],
        ["李明", "1990-01-01", "13800000002"],
        ["李鸣", "1990-01-01", "13800000002"],
        ["张建国", "1990-01-01", ""],
    ];
    let labels = [(0, 1, true), (3, 2, true), (2, 4, false)].map(|(left, right, same)| Label { left, right, same });
    let spec = blocked();
    let known = Known { labels: labels.repeat(40), ..Known::default() };
    let untaught = outcome(&rows);
    let taught = linked(&spec, vec![packed(&spec, &rows)], known).unwrap();
    let pinyin = |outcome: &Outcome| {
        let name = outcome.model.comparisons.iter().find(|learned| learned.field == "name").unwrap();
        name.levels.iter().find(|share| share.level == "pinyin").unwrap().m
    };
    assert!(pinyin(&taught) > pinyin(&untaught));
    let evaluation = evaluate(&taught, &labels, 0.5);
    assert_eq!((evaluation.same, evaluation.different), (2, 1));
    let at = evaluation.thresholds.iter().find(|at| (at.threshold - 0.5).abs() < 1e-9).unwrap();
    assert_eq!((at.precision, at.recall), (1.0, 1.0), "{evaluation:?}");
}

#[test]
fn blocking_left_to_the_engine_compares_all_where_that_is_cheap() {
    let spec = spec(FIELDS, "[link]\nkeep = 0.0\nthreshold = 1.0");
    let rows = [["王伟", "1968-04-05", ""], ["张建国", "", "13800000001"], ["李明", "1990-01-01", ""]];
    let outcome = linked(&spec, vec![packed(&spec, &rows)], Known::default()).unwrap();
    assert_eq!(outcome.statistics.candidate_pairs, 3);
    assert_eq!(outcome.model.blocking, vec![Vec::<String>::new()]);
}
