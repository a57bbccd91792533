//! Work and old age: registered jobs, public posts, pensions.

use super::{Desk, everybody, note_birth};
use crate::life::{Job, POSTS, WINDOW};
use crate::truth::{PARTS, by_month};
use crate::view::{Clerk, Field, Known, Value};
use values::{Day, Month};

/// Jobs that are registered, those of the last two years; the end of a job is reported late.
pub fn employment(clerk: &mut Clerk<'_>, desk: Desk, known: &mut Known, covered: bool) {
    known.covered.employment = covered;
    let posts = desk.file.name == "public_posts";
    let life = clerk.life;
    for (i, household) in everybody(life) {
        let person = &life.people[i];
        for job in &person.jobs {
            let old = job.to.is_some_and(|to| to.month() < Month(WINDOW.first.0 - 12));
            let told = clerk.draw.between(3, 60);
            if posts != POSTS.contains(&job.employer) || !job.registered || old || job.from.plus_days(told) > desk.as_of
            {
                continue;
            }
            one_job(clerk, desk, known, (i, household), job);
        }
    }
}

fn one_job(clerk: &mut Clerk<'_>, desk: Desk, known: &mut Known, (i, household): (usize, usize), job: &Job) {
    let person = &clerk.life.people[i];
    let delay = clerk.draw.between(5, 50);
    let ended = job.to.filter(|to| to.plus_days(delay) <= desk.as_of);
    let status = match ended {
        None => "employed",
        Some(to) if person.age(to) >= 60 => "retired",
        Some(_) => "lost",
    };
    let own = [
        (Field::Employer, Value::Text(job.employer)),
        (Field::MonthlyWage, Value::Fen(job.wage)),
        (Field::Status, Value::Text(status)),
        (Field::Workplace, Value::Text(job.workplace)),
        (Field::From, Value::Day(job.from)),
        (Field::To, ended.into()),
    ];
    let written = clerk.row(desk, i, household, &own);
    // A job that ended this month and is still open in the register says the same about the window.
    let same = ended == job.to || job.to.is_some_and(|to| to.month() > WINDOW.last);
    if same && written.right(&[Field::MonthlyWage, Field::From, Field::To]) {
        let seen = &mut known.people[i];
        seen.jobs += 1;
        seen.wage += by_month(job.wage, job.from, job.to, WINDOW.first, WINDOW.last);
    }
    note_birth(known, desk, i, written);
}

/// Pensions, some of them still running after a death.
pub fn pension(clerk: &mut Clerk<'_>, desk: Desk, known: &mut Known, covered: bool) {
    known.covered.pension = covered;
    let life = clerk.life;
    for (i, household) in everybody(life) {
        let person = &life.people[i];
        let Some(pension) = person.pension.filter(|pension| pension.from <= desk.as_of) else {
            continue;
        };
        let died = person.died.filter(|day| *day <= desk.as_of);
        let kept = died.is_some() && clerk.keeps(desk, person);
        if person.left.is_some_and(|left| left <= desk.as_of) {
            continue;
        }
        let to: Option<Day> = died.filter(|_| !kept);
        let own = [
            (Field::MonthlyAmount, Value::Fen(pension.amount)),
            (Field::From, Value::Day(pension.from)),
            (Field::To, to.into()),
        ];
        let written = clerk.row(desk, i, household, &own);
        if kept && written.delivered {
            super::police::note_kept(clerk, desk, person, written);
        }
        if written.right(&[Field::MonthlyAmount, Field::From, Field::To]) {
            let sum = by_month(pension.amount, pension.from, pension.to, WINDOW.first, WINDOW.last);
            known.people[i].pension += PARTS * i128::from(sum);
        }
        note_birth(known, desk, i, written);
    }
}
