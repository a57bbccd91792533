use super::*;
use crate::policy::{INDICATORS, built_in, check};

fn tally(taken: i64, cleared: i64, waiting: i64) -> Tally {
    Tally { taken, cleared, aside: 0, waiting }
}

#[test]
fn the_indicators_have_nothing_wrong() {
    assert_eq!(check(INDICATORS), Vec::<String>::new());
    let ids: Vec<&str> = built_in().in_force(Day::from_ymd(2026, 9, 30).unwrap()).map(|one| one.id.as_str()).collect();
    assert_eq!(ids, ["omission_rate", "wrong_inclusion_rate"]);
    assert!(built_in().find("omission_rate", Day::from_ymd(2024, 12, 31).unwrap()).is_none());
}

#[test]
fn what_is_wrong_is_said_with_its_file() {
    let broken = |from: &str, to: &str| {
        assert!(INDICATORS.contains(from), "{from}");
        check(&INDICATORS.replacen(from, to, 1)).join("\n")
    };
    assert!(broken("looks_back  =", "looks_bakc  =").contains("indicators.toml: unknown field `looks_bakc`"));
    assert!(broken("en = \"Omission rate\"", "en = \"\"").contains("omission_rate: something is not said in zh or en"));
    assert!(broken("{numerator} 户", "{people} 户").contains("the formula names {numerator}"));
    assert!(broken("\"risk\"", "\"danger\"").contains("sets names none, or one there isn’t"));
    assert!(broken("tab         = \"open\"", "tab         = \"visit\"").contains("tab is one that a run fills"));
    assert!(broken("\"helped\", ", "").contains("each decision and each reason"));
    assert!(broken("[\"gone\"]", "[\"gone\", \"other\"]").contains("what stands aside"));
    assert!(broken("numerator   = [\"visit\"", "numerator   = [\"gone\"").contains("a part of the denominator"));
    assert!(broken("\"wrong_inclusion_rate\"", "\"omission_rate\"").contains("two versions hold in the same period"));
    assert!(broken("least_looked  = 10", "least_looked  = 0").contains("at least 1"));
}

#[test]
fn a_rate_needs_enough_families_and_has_an_interval() {
    assert_eq!(tally(2, 7, 90).reading(10, 0), Reading::TooFew);
    let Reading::Rate(rate) = tally(81, 182, 0).reading(10, 5) else { panic!("263 were looked at") };
    assert!((rate.low - 0.2553).abs() < 1e-4 && (rate.high - 0.3662).abs() < 1e-4);
}

#[test]
fn from_outside_few_families_are_hidden_and_cannot_be_reckoned() {
    let few = tally(3, 40, 4);
    assert_eq!(few.reading(10, 5), Reading::Hidden);
    assert_eq!(Standing::ALL.map(|one| few.shown(one, 5)), [None, None, Some(0), None]);
    assert_eq!(Standing::ALL.map(|one| few.shown(one, 0)), [Some(3), Some(40), Some(0), Some(4)]);
    // One small place alone would be the whole less the others: the next smallest goes with it.
    let (told, rest) = gather(vec![("a", tally(9, 9, 0)), ("b", tally(1, 6, 0)), ("c", tally(5, 30, 0))], 5);
    assert_eq!(told.iter().map(|(place, _)| *place).collect::<Vec<_>>(), ["c"]);
    assert_eq!(rest, Some(tally(10, 15, 0)));
    assert_eq!(gather(vec![("a", tally(1, 1, 0))], 5), (Vec::new(), None));
    assert_eq!(gather(vec![("a", tally(1, 1, 0))], 0).0.len(), 1);
}
