//! One night's work: what is over its time is counted, and removed where the policy says so.

use crate::policy::{Policy, Rule};
use kernel::jobs::Errand;
use kernel::retention::{self, About, Keep, Removal};
use kernel::{Cx, Db, Doing, Moment, Result, Who, World};

/// What one rule found.
#[derive(Clone, Debug)]
pub struct Line {
    pub rule: String,
    pub what: &'static str,
    pub department: String,
    pub keep_days: i64,
    /// Over its time now.
    pub over: i64,
    pub removed: i64,
    /// Whether the policy lets it be removed.
    pub enforced: bool,
}

pub(crate) fn nightly(errand: Errand) -> Doing<()> {
    Box::pin(async move {
        for county in counties(&errand.db, &errand.world).await? {
            carry_out(&errand.db, &errand.world, &county, true).await?;
        }
        Ok(())
    })
}

/// The counties of a store.
///
/// # Errors
/// The database's.
pub async fn counties(db: &Db, world: &World) -> Result<Vec<String>> {
    staff::list_counties(&mut db.read(world, &who(""))).await
}

fn who(county: &str) -> Who {
    Who::machine("retention", county)
}

/// Goes through everything that a county keeps for a while; with `remove` what is over its time goes.
///
/// # Errors
/// What is wrong with the policy, or the database's.
pub async fn carry_out(db: &Db, world: &World, county: &str, remove: bool) -> Result<Vec<Line>> {
    let (policy, who) = (Policy::of(world)?, who(county));
    // Whose papers are held is written before anything is counted.
    db.write(world, &who, |mut cx| async move { retention::hold(&mut cx, &crate::holds()).await }).await?;
    let mut lines = Vec::new();
    for (keep, rule, department) in due(&mut db.read(world, &who), &policy).await? {
        let mut cx = db.read(world, &who);
        let before = before(&cx, rule);
        let mut line = line(&mut cx, &policy, keep, rule, &department).await?;
        while remove && line.enforced && line.over > 0 {
            let (rule, name) = (rule.clone(), department.clone());
            let gone = db.write(world, &who, |cx| remove_some(cx, *keep, rule.clone(), name.clone(), before)).await?;
            match gone {
                Some(gone) => line.removed += gone,
                None => break,
            }
        }
        lines.push(line);
    }
    if remove && lines.iter().any(|line| line.removed > 0) {
        kernel::audit::seal(db, world, &[]).await?;
    }
    Ok(lines)
}

/// What each rule finds, as far as can be told without writing: whose papers are held was written in the night.
pub(crate) async fn look(cx: &mut Cx, policy: &Policy) -> Result<Vec<Line>> {
    let mut lines = Vec::new();
    for (keep, rule, department) in due(cx, policy).await? {
        lines.push(line(cx, policy, keep, rule, &department).await?);
    }
    Ok(lines)
}

/// Which rule holds today for each kind of thing, and for each department where they are told apart.
async fn due<'p>(cx: &mut Cx, policy: &'p Policy) -> Result<Vec<(&'static Keep, &'p Rule, String)>> {
    let departments = exchange::store::list_departments(cx).await?;
    let (county, today) = (cx.county().to_owned(), cx.today());
    let mut found = Vec::new();
    for keep in crate::keeps() {
        let names = if keep.about == About::Departments { departments.clone() } else { vec![String::new()] };
        for name in names {
            if let Some(rule) = policy.rule((keep.what, &name), &county, today) {
                found.push((keep, rule, name));
            }
        }
    }
    Ok(found)
}

fn before(cx: &Cx, rule: &Rule) -> Moment {
    cx.now.plus(-rule.keep_days * Moment::DAY)
}

async fn line(cx: &mut Cx, policy: &Policy, keep: &'static Keep, rule: &Rule, department: &str) -> Result<Line> {
    let before = before(cx, rule);
    Ok(Line {
        rule: rule.id.clone(),
        what: keep.what,
        department: department.to_owned(),
        keep_days: rule.keep_days,
        over: keep.count(cx, before, department).await?,
        removed: 0,
        enforced: policy.removes(keep.about),
    })
}

/// A part of it, in one transaction with the note that it went and with a new look at whose papers are held.
async fn remove_some(mut cx: Cx, keep: Keep, rule: Rule, department: String, before: Moment) -> Result<Option<i64>> {
    if keep.about != About::Program {
        retention::hold(&mut cx, &crate::holds()).await?;
    }
    let Some(gone) = keep.remove(&mut cx, before, &department).await? else { return Ok(None) };
    let removed = i64::try_from(gone).unwrap_or(i64::MAX);
    let removal = Removal {
        rule: &rule.id,
        what: keep.what,
        department: &department,
        keep_days: rule.keep_days,
        legal_basis: &rule.legal_basis,
        before,
        removed,
    };
    retention::note(&mut cx, &removal).await?;
    Ok(Some(removed))
}
