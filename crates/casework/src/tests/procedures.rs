//! A fourth procedure is a file: written here, read by the same engine, and it holds.

use crate::model::{Actor, At, Calendar, Course, Level, Move, Procedure, Refusal};
use crate::policy::CALENDAR;
use std::collections::BTreeMap;
use values::Day;

/// Free boiled water for the harvest: invented, and like nothing the program knows.
const FOURTH: &str = r#"
id = "harvest_tea"
version = 1
programme = "harvest"
region = "5399"
valid_from = 2026-01-01
status = "example"
legal_basis = "示例"
title = { zh = "秋收送水", en = "Tea at harvest" }
appeal = { within = { within = 5, days = "calendar" }, answer = { within = 2, days = "working" }, by = ["township"], returns_to = "ask" }

[[phase]]
id = "only"
title = { zh = "送水", en = "Tea" }

[[step]]
id = "ask"
phase = "only"
kind = "record"
title = { zh = "问一问", en = "Ask" }
asks = { zh = "问他们要不要", en = "Ask whether they want it" }
by = ["village"]
clock = { within = 2, days = "working" }
fields = [{ id = "cups", kind = "count", title = { zh = "几杯", en = "Cups" } }]
outcome = [{ id = "yes", title = { zh = "要", en = "Yes" }, to = "say" }]

[[step]]
id = "say"
phase = "only"
kind = "decision"
title = { zh = "定", en = "Decide" }
asks = { zh = "定下来", en = "Decide it" }
by = ["township"]
fields = [{ id = "reason", kind = "long", title = { zh = "理由", en = "Reason" } }]
outcome = [{ id = "pour", title = { zh = "送", en = "Pour" }, to = "poured" }]

[[end]]
id = "poured"
title = { zh = "送到了", en = "Poured" }
tells = { zh = "水送到了。", en = "The tea was poured." }
"#;

fn person(name: &str, level: Level) -> Actor {
    Actor { id: name.to_owned(), name: name.to_owned(), levels: vec![level] }
}

fn record(step: &str, field: &str, value: &str, outcome: &str) -> Move {
    let values = BTreeMap::from([(field.to_owned(), value.to_owned())]);
    Move::Record { step: step.to_owned(), values, with: Vec::new(), outcome: Some(outcome.to_owned()) }
}

#[test]
fn a_fourth_procedure_is_a_file() {
    let procedure = Procedure::parse(FOURTH).unwrap();
    let calendar = Calendar::parse(CALENDAR).unwrap();
    let friday = Day::parse_iso("2026-09-18").unwrap();
    let mut course = Course::opened(&procedure, &calendar, "539901001001000", friday);
    // Sunday the twentieth is worked this year, so two working days end on Monday.
    assert_eq!(course.due()[0].day, Day::parse_iso("2026-09-21").unwrap());
    let (wang, chen) = (person("王芳", Level::Village), person("陈晓雯", Level::Township));
    assert_eq!(course.take(record("say", "reason", "热", "pour"), &chen, friday), Err(Refusal::NotNow));
    assert!(matches!(course.take(record("ask", "cups", "", "yes"), &wang, friday), Err(Refusal::Missing(_))));
    assert!(matches!(course.take(record("ask", "cups", "many", "yes"), &wang, friday), Err(Refusal::Wrong { .. })));
    course.take(record("ask", "cups", "3", "yes"), &wang, friday).unwrap();
    assert!(matches!(course.take(record("say", "reason", "热", "pour"), &wang, friday), Err(Refusal::Level(_))));
    course.take(record("say", "reason", "热", "pour"), &chen, friday).unwrap();
    assert_eq!(course.at, At::End("poured".to_owned()));
}

#[test]
fn kinship_sends_a_step_one_level_up_and_the_relative_out() {
    let procedure = Procedure::parse(FOURTH).unwrap();
    let calendar = Calendar::default();
    let day = Day::parse_iso("2026-09-18").unwrap();
    let mut course = Course::opened(&procedure, &calendar, "539901001001000", day);
    let (wang, chen) = (person("王芳", Level::Village), person("陈晓雯", Level::Township));
    let kin = Move::Kinship { name: "王芳".to_owned(), level: Level::Village, relation: "侄女".to_owned() };
    course.take(kin, &wang, day).unwrap();
    let asked = record("ask", "cups", "3", "yes");
    assert_eq!(course.can(&asked, &wang, day), Err(Refusal::Level(vec![Level::Township])));
    let both = Actor { levels: vec![Level::Village, Level::Township], ..wang };
    assert_eq!(course.can(&asked, &both, day), Err(Refusal::Kin));
    assert_eq!(course.can(&asked, &chen, day), Ok(()));
}

#[test]
fn a_split_sends_the_decision_one_level_up_and_nothing_else() {
    let text = crate::policy::PROCEDURES.iter().find(|(path, _)| path.ends_with("dibao.toml")).unwrap().1;
    let (procedure, calendar) = (Procedure::parse(text).unwrap(), Calendar::default());
    let day = Day::parse_iso("2026-09-18").unwrap();
    let chen = person("陈晓雯", Level::Township);
    let mut course = Course::opened(&procedure, &calendar, "539901001001000", day);
    let levels = |course: &Course<'_>, id| course.levels(procedure.find_step(id).unwrap());
    // Handed down to this township, as the procedure says.
    assert_eq!(levels(&course, "decision"), [Level::Township]);
    let split = Move::Split { on: day, from: "周德全".to_owned(), until: day.plus_days(180) };
    course.take(split, &chen, day).unwrap();
    assert_eq!(levels(&course, "decision"), [Level::County]);
    assert_eq!(levels(&course, "review"), [Level::Township]);
    assert!(course.can(&record("application", "declared", "没有收入", "accepted"), &chen, day).is_err());
}

#[test]
fn the_guide_shows_a_procedure_that_holds() {
    let guide = include_str!("../../../../docs/guides/procedures.md");
    let text = guide.split("```toml").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    assert_eq!(Procedure::parse(text).map(|procedure| procedure.steps.len()), Ok(1));
}
