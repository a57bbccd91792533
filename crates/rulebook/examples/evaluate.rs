//! Times the evaluator: 100 rules over invented households. `evaluate [HOUSEHOLDS]`.

use rulebook::{Entity, Fact, Frames, Kind, Policy, Words};
use std::error::Error;
use std::fmt::Write as _;
use std::io::Write as _;
use std::time::Instant;
use values::columns::{Codes, Column, Table, Unit};
use values::{Bounds, Day, Truth};

const SHARED: &str = r#"
[[parameter]]
name = "line"
unit = "yuan"
title = { zh = "线", en = "line" }
legal_basis = "示例"
lines = [{ region = "*", value = 9500 }]
[[parameter]]
name = "days"
unit = "days"
title = { zh = "天", en = "days" }
legal_basis = "示例"
lines = [{ region = "*", value = 15 }]
[[parameter]]
name = "who"
unit = "words"
title = { zh = "谁", en = "who" }
legal_basis = "示例"
lines = [{ region = "*", value = { zh = "镇里", en = "the township" } }]
"#;

const CONDITIONS: [(&str, &str); 10] = [
    ("household", "money0 + money1 - money2 < param('line') * members and not flag0"),
    ("household", "any(person_money0 > yuan(STEP)) or flag1"),
    ("household", "money3 * 10 > money4 * 6 and code0 in ('a', 'b')"),
    ("household", "count(person_flag0 and age(birth) < 16) > 1 and money1 < yuan(STEP)"),
    ("person", "age(birth) between 6 and 15 and person_code <> 'a'"),
    ("person", "person_money1 > yuan(STEP) and not flag0"),
    ("household", "sum(person_money1) > money0 and members >= 2"),
    ("person", "months_between(birth, as_of) > STEP and (person_flag0 or person_flag1)"),
    ("household", "flag0 and not flag1 or money2 > yuan(STEP)"),
    ("household", "case when flag2 then money0 else money1 end < param('line') * members"),
];

fn main() -> Result<(), Box<dyn Error>> {
    let households: usize = std::env::args().nth(1).map_or(Ok(150_000), |n| n.parse())?;
    let policy = Policy::parse(&[("rules.toml", rules())]).map_err(|p| p[0].to_string())?;
    let facts = facts();
    let as_of = Day::parse_iso("2026-09-30")?;
    let plan = policy.prepare(&facts, "539901", as_of).map_err(|p| p[0].to_string())?;
    let mut dice = 88_172_645_463_325_252u64;
    let mut roll = move |sides: u64| {
        dice ^= dice << 13;
        dice ^= dice >> 7;
        dice ^= dice << 17;
        (dice >> 11) % sides
    };
    let of: Vec<u32> = (0..households as u32).flat_map(|h| std::iter::repeat_n(h, 1 + roll(6) as usize)).collect();
    let home = table(&facts, Entity::Household, households, &mut roll);
    let people = table(&facts, Entity::Person, of.len(), &mut roll);
    let mut out = std::io::stdout().lock();
    for _ in 0..3 {
        let start = Instant::now();
        let frames = Frames::new(&home, &people, &of)?;
        let outcomes = plan.evaluate(&frames)?;
        let hits = |truth| outcomes.iter().flat_map(|o| &o.hits).filter(|hit| hit.outcome == truth).count();
        writeln!(
            out,
            "{households} households, {} persons, {} rules: {:.3} s, {} true, {} undetermined",
            of.len(),
            plan.rules().len(),
            start.elapsed().as_secs_f64(),
            hits(Truth::True),
            hits(Truth::Undetermined)
        )?;
    }
    let frames = Frames::new(&home, &people, &of)?;
    let outcomes = plan.evaluate(&frames)?;
    let start = Instant::now();
    let mut told = 0;
    for outcome in &outcomes {
        let rows: Vec<u32> = outcome.hits.iter().take(2_000).map(|hit| hit.row).collect();
        told += plan.explain_rows(&frames, outcome.rule, &rows)?.len();
    }
    writeln!(out, "{told} explanations: {:.3} s", start.elapsed().as_secs_f64())?;
    Ok(())
}

fn rules() -> String {
    let mut text = SHARED.to_owned();
    for i in 0..100 {
        let (entity, condition) = CONDITIONS[i % CONDITIONS.len()];
        let condition = condition.replace("STEP", &(100 + 50 * i).to_string());
        let _ = write!(
            text,
            r#"
[[rule]]
id = "rule-{i:03}"
version = 1
set = "risk"
entity = "{entity}"
asserts = "at_risk"
legal_basis = "示例"
weight = 1
condition = "{condition}"
decides = "who"
deadline = "days"
title = {{ zh = "题", en = "title" }}
about = {{ zh = "讲", en = "about" }}
message = {{ zh = "说", en = "says" }}
not_meant = "who"
can_do = "who"
"#
        );
    }
    text
}

fn facts() -> Vec<Fact> {
    let words = || Words::new("事", "fact");
    let numbered = |name: &str, count: usize, entity, kind| {
        (0..count).map(move |i| Fact::new(format!("{name}{i}"), entity, kind, words())).collect::<Vec<_>>()
    };
    let mut facts = numbered("money", 5, Entity::Household, Kind::Money);
    facts.extend(numbered("flag", 3, Entity::Household, Kind::Flag));
    facts.extend(numbered("code", 1, Entity::Household, Kind::Code));
    facts.push(Fact::new("members", Entity::Household, Kind::Count, words()));
    facts.extend(numbered("person_money", 2, Entity::Person, Kind::Money));
    facts.extend(numbered("person_flag", 2, Entity::Person, Kind::Flag));
    facts.push(Fact::new("person_code", Entity::Person, Kind::Code, words()));
    facts.push(Fact::new("birth", Entity::Person, Kind::Day, words()));
    facts
}

fn table(facts: &[Fact], entity: Entity, rows: usize, roll: &mut impl FnMut(u64) -> u64) -> Table {
    let mut table = Table::new(rows);
    for fact in facts.iter().filter(|fact| fact.entity == entity) {
        let mut bounds = |most: u64| {
            let value = roll(most) as i64;
            match roll(10) {
                0..=6 => Bounds::exact(value),
                7 | 8 => Bounds::between(0, 300_000),
                _ => Bounds::UNKNOWN,
            }
        };
        let column = match fact.kind {
            Kind::Money => Column::Bounds(Unit::Fen, (0..rows).map(|_| bounds(2_000_000)).collect()),
            Kind::Count => Column::Bounds(Unit::Count, (0..rows).map(|_| Bounds::exact(1 + roll(6) as i64)).collect()),
            Kind::Day => Column::Day((0..rows).map(|_| roll(20_000) as i32).collect()),
            Kind::Flag => Column::Flag(
                (0..rows)
                    .map(|_| [Truth::False, Truth::False, Truth::True, Truth::Undetermined][roll(4) as usize])
                    .collect(),
            ),
            _ => {
                let mut codes = Codes::default();
                (0..rows).for_each(|_| codes.push(["a", "b", "c"].get(roll(4) as usize).copied()));
                Column::Code(codes)
            }
        };
        table.set(&fact.name, column);
    }
    table
}
