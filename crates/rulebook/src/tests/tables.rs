//! Whole tables through a policy.

use crate::Policy;
use crate::apply::{ApplyError, Sweep, apply};

const POLICY: &str = include_str!("../../../../bench/eligibility/policy.toml");

const PERSONS: &str = "household,age,wage,farm,transfer,disabled,medical\n\
                       b,44,8000.00,0,0,0,0\nb,70,0.00,0,0,1,0\na,30,4000.01,0,0,0,0.01\n";
const HOUSEHOLDS: &str = "household,size,housing,cost,car,flat\na,1,1,0.01,0,0\nb,2,4,0.01,0,0\nc,0,1,0,0,1\n";

fn applied(persons: &str, households: &str, sweep: Option<&str>) -> Result<String, ApplyError> {
    let policy = Policy::parse(&[("policy.toml", POLICY)]).unwrap();
    let sweep = sweep.map(Sweep::parse).transpose()?;
    let mut out = Vec::new();
    apply(&policy, persons.as_bytes(), households.as_bytes(), sweep.as_ref(), &mut out)?;
    Ok(String::from_utf8(out).unwrap())
}

#[test]
fn households_are_decided_to_the_fen() {
    let expected = "household,net_pc,poor,marginal,grant\n\
                    a,3999.99,1,0,0.01\n\
                    b,4000.00,1,0,4800.01\n\
                    c,,0,0,0.00\n";
    assert_eq!(applied(PERSONS, HOUSEHOLDS, None).unwrap(), expected);
}

#[test]
fn a_sweep_moves_one_parameter() {
    let swept = applied(PERSONS, HOUSEHOLDS, Some("line=3999.5..4000/0.5")).unwrap();
    let rows: Vec<&str> = swept.lines().skip(1).take(2).collect();
    assert_eq!(rows, ["a,3999.99,0,1,0.00,3999.5", "a,3999.99,1,0,0.01,4000"]);
    assert!(applied(PERSONS, HOUSEHOLDS, Some("line=1..2")).is_err());
    assert!(applied(PERSONS, HOUSEHOLDS, Some("lime=1..2/1")).is_err());
}

#[test]
fn quotes_line_ends_and_a_mark_change_nothing() {
    let quoted = HOUSEHOLDS.replace("a,1,1,0.01", "\"a\",\"1\",1,\"0.01\"").replace('\n', "\r\n");
    let marked = format!("\u{feff}{quoted}");
    assert_eq!(applied(PERSONS, &marked, None).unwrap(), applied(PERSONS, HOUSEHOLDS, None).unwrap());
}

#[test]
fn what_is_missing_leaves_the_answer_empty() {
    let open = PERSONS.replace("a,30,4000.01", "a,30,");
    let row = applied(&open, HOUSEHOLDS, None).unwrap().lines().nth(1).unwrap().to_owned();
    assert_eq!(row, "a,,,,");
}

#[test]
fn a_wrong_cell_is_named() {
    let said = |persons: &str, households: &str| applied(persons, households, None).unwrap_err().to_string();
    let wrong = said(&PERSONS.replace("8000.00", "8,000"), HOUSEHOLDS);
    assert!(wrong.contains("persons: row 1: ") && wrong.contains("8 columns, the header 7"), "{wrong}");
    let wrong = said(&PERSONS.replace("8000.00", "80x"), HOUSEHOLDS);
    assert!(wrong.contains("persons: row 1, column wage: ") && wrong.contains("\"80x\" isn't money"), "{wrong}");
    let wrong = said(&PERSONS.replace("4000.01", "4000.015"), HOUSEHOLDS);
    assert!(wrong.contains("row 3, column wage"), "{wrong}");
    assert!(said(&PERSONS.replace("age", "years"), HOUSEHOLDS).contains("column age"));
    assert!(said(&PERSONS.replace("a,30", "z,30"), HOUSEHOLDS).contains("Household z isn't among the households"));
}
