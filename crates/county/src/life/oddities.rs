//! What is rare and true: second jobs, early pensions, youngsters at work, old men who go on working.

use super::{AS_OF, Job, Life, Month, Monthly, Person, START, Trade, day};
use crate::draw::Draw;
use values::Sex;

/// Adds them to a village's life.
pub fn happen(life: &mut Life, draw: &mut Draw) {
    for person in &mut life.people {
        if !person.is_member() {
            continue;
        }
        second_job(person, draw);
        early_pension(person, draw);
        youngster(person, draw);
    }
}

fn second_job(person: &mut Person, draw: &mut Draw) {
    let working = person.jobs.last().is_some_and(|job| job.to.is_none() && job.registered);
    if working && draw.percent(1) {
        let from = Month(START.0 + draw.between(14, 33)).first_day();
        let wage = i64::from(draw.between(60, 150)) * 1_000;
        let job = Job { employer: "镇仓库兼职", wage, workplace: "township", from, to: None, registered: true };
        person.jobs.push(job);
    }
}

/// Women in regular posts retire at 50 or 55, and some go on working.
fn early_pension(person: &mut Person, draw: &mut Draw) {
    let from = person.birth.plus_years(draw.pick(&[50, 55])).month().first_day();
    let regular = person.trade == Trade::Formal && person.sex == Sex::Female && from < day(2026, 6, 1);
    if regular && person.pension.is_none() && draw.percent(30) {
        let amount = i64::from(draw.between(190, 330)) * 1_000;
        person.pension = Some(Monthly { amount, from, to: None });
    }
}

/// Some of those who left school early work before they may.
fn youngster(person: &mut Person, draw: &mut Draw) {
    let left = person.schooling.last().is_some_and(|row| row.status != "enrolled" || row.stage == "junior");
    if (14..16).contains(&person.age(AS_OF)) && left && draw.percent(3) {
        let from = Month(START.0 + draw.between(31, 33)).first_day().plus_days(4);
        let wage = i64::from(draw.between(140, 260)) * 1_000;
        let job = Job { employer: "县城餐馆", wage, workplace: "county", from, to: None, registered: true };
        person.jobs.push(job);
    }
}
