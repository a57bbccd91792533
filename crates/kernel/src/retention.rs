//! What a store keeps for a while: each domain says how what is over its time is counted and removed, and who may still
//! need a family's papers. How long is policy; the job that carries it out stands in the crate `retention`.

use crate::{Cx, Moment, Result};

/// A kind of thing that is kept for a while. In its statements `$1` is the county, `$2` the moment before which it is over
/// its time and, where departments deliver it, `$3` the department.
#[derive(Clone, Copy, Debug)]
pub struct Keep {
    /// As rules and the keys of words call it.
    pub what: &'static str,
    pub about: About,
    /// `select count(*) …`
    pub count: &'static str,
    /// Each removes a part at a time, what depends on others first; the last one is done when it finds nothing.
    pub remove: &'static [&'static str],
}

/// Whose it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// The program's own: nothing of any family.
    Program,
    /// Of families, whoever delivered it.
    Families,
    /// Of families, told apart by the department that delivered it.
    Departments,
}

/// What the kernel's own tables keep.
pub const KEEPS: &[Keep] = &[
    Keep {
        what: "sessions",
        about: About::Program,
        count: "select count(*) from sessions where county_id = $1 and (ends_at < $2 or revoked_at < $2)",
        remove: &["delete from sessions where token_hash in
                   (select token_hash from sessions where county_id = $1 and (ends_at < $2 or revoked_at < $2) limit 1000)"],
    },
    Keep {
        what: "jobs",
        about: About::Program,
        count: "select count(*) from jobs where county_id in ($1, '') and done_at < $2",
        remove: &["delete from jobs where id in
                   (select id from jobs where county_id in ($1, '') and done_at < $2 limit 1000)"],
    },
    Keep {
        what: "events",
        about: About::Program,
        count: "select count(*) from events where county_id = $1 and settled_at < $2",
        remove: &[
            "delete from event_deliveries where event in
             (select id from events where county_id = $1 and settled_at < $2 order by at, id limit 500)",
            "delete from events where id in
             (select id from events where county_id = $1 and settled_at < $2 order by at, id limit 500)",
        ],
    },
    Keep {
        what: "commands",
        about: About::Program,
        count: "select count(*) from commands where county_id = $1 and received_at < $2",
        remove: &["delete from commands where id in
                   (select id from commands where county_id = $1 and received_at < $2 limit 1000)"],
    },
];

/// A rule as it was carried out.
#[derive(Clone, Debug)]
pub struct Removal<'r> {
    pub rule: &'r str,
    pub what: &'r str,
    pub department: &'r str,
    pub keep_days: i64,
    pub legal_basis: &'r str,
    pub before: Moment,
    pub removed: i64,
}

record! {
    /// A line of what was removed.
    #[derive(Clone, Debug)]
    pub struct Removed {
        pub rule: String,
        pub what: String,
        pub department: String,
        pub keep_days: i64,
        pub legal_basis: String,
        pub before_at: Moment,
        pub removed: i64,
        pub recorded_at: Moment,
        pub recorded_by: String,
    }
}

impl Keep {
    /// How much is over its time.
    ///
    /// # Errors
    /// The database's.
    pub async fn count(&self, cx: &mut Cx, before: Moment, department: &str) -> Result<i64> {
        let county = cx.county().to_owned();
        let count = cx.sql(self.count).bind(county).bind(before);
        let count = if self.about == About::Departments { count.bind(department) } else { count };
        let (count,): (i64,) = count.get().await?;
        Ok(count)
    }

    /// Removes a part of it; `None` when nothing was left.
    ///
    /// # Errors
    /// The database's.
    pub async fn remove(&self, cx: &mut Cx, before: Moment, department: &str) -> Result<Option<u64>> {
        let (county, mut last) = (cx.county().to_owned(), 0);
        for sql in self.remove {
            let gone = cx.sql(sql).bind(county.as_str()).bind(before);
            let gone = if self.about == About::Departments { gone.bind(department) } else { gone };
            last = gone.run().await?;
        }
        Ok((last > 0).then_some(last))
    }
}

/// Writes anew whose papers are held; each statement begins with `insert into retention_holds` and takes the county.
///
/// # Errors
/// The database's.
pub async fn hold(cx: &mut Cx, holds: &[&'static str]) -> Result<()> {
    let county = cx.county().to_owned();
    cx.sql("delete from retention_holds where county_id = $1").bind(county.as_str()).run().await?;
    for sql in holds {
        cx.sql(sql).bind(county.as_str()).run().await?;
    }
    Ok(())
}

/// Notes that something went, and by which rule.
///
/// # Errors
/// The database's.
pub async fn note(cx: &mut Cx, removal: &Removal<'_>) -> Result<()> {
    let (county, now, by) = (cx.county().to_owned(), cx.now, cx.who.label());
    // What goes in several parts is one row: they share rule and moment.
    let parts = [county.as_str(), removal.rule, removal.department, &removal.before.to_string()];
    let id = crate::content_id("retention removal", &parts).to_string();
    cx.sql(
        "insert into retention_removals (id, county_id, rule, what, department, keep_days, legal_basis, before_at, removed,
           recorded_at, recorded_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         on conflict (id) do update set removed = retention_removals.removed + excluded.removed",
    )
    .bind(id)
    .bind(county)
    .bind(removal.rule)
    .bind(removal.what)
    .bind(removal.department)
    .bind(removal.keep_days)
    .bind(removal.legal_basis)
    .bind(removal.before)
    .bind(removal.removed)
    .bind(now)
    .bind(by)
    .run_one()
    .await?;
    let detail = format!("what={} removed={}", removal.what, removal.removed);
    cx.audit("retention_removed", "retention", removal.rule, &detail).await
}

/// What was removed, the newest first.
///
/// # Errors
/// The database's.
pub async fn list_removed(cx: &mut Cx) -> Result<Vec<Removed>> {
    let county = cx.county().to_owned();
    cx.sql(
        "select rule, what, department, keep_days, legal_basis, before_at, removed, recorded_at, recorded_by
         from retention_removals where county_id = $1 order by recorded_at desc, id desc limit 200",
    )
    .bind(county)
    .list()
    .await
}
