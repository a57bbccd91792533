use super::FAMILY;
use crate::model::CaseId;
use crate::store::Case;
use kernel::{Columns, Cx, Moment, Result};
use values::Day;

kernel::record! {
    /// Where a case stands after a version of it.
    #[derive(Clone, Debug)]
    pub struct State {
        pub version: i64,
        pub step: String,
        pub ended: i64,
        pub levels: String,
        pub due_on: Day,
        pub due_what: String,
        pub helping: i64,
    }
}

/// The state that stands.
///
/// # Errors
/// The database's.
pub async fn find_state(cx: &mut Cx, case: &CaseId) -> Result<Option<State>> {
    cx.scoped(
        FAMILY,
        "select version, step, ended, levels, due_on, due_what, helping from case_states
         where {scope} and {known} and case_id = $1",
    )
    .bind(case)
    .find()
    .await
}

/// # Errors
/// `Conflict` when a newer one took its place first.
pub async fn supersede_state(cx: &mut Cx, case: &CaseId, version: i64) -> Result<()> {
    let (now, who) = (cx.now, cx.who.label());
    cx.sql(
        "update case_states set superseded_at = $3, superseded_by = $4 /* unscoped: of a case found by a scoped read */
         where case_id = $1 and version = $2 and superseded_at is null",
    )
    .bind(case)
    .bind(version)
    .bind(now)
    .bind(who)
    .run_one()
    .await
}

/// # Errors
/// The database's.
pub async fn insert_state(cx: &mut Cx, case: &Case, state: &State) -> Result<()> {
    let (id, county, now, who) = (cx.new_id().to_string(), cx.county().to_owned(), cx.now, cx.who.label());
    cx.sql(
        "insert into case_states (id, case_id, county_id, place, household, programme, version, step, ended, levels,
                                  due_on, due_what, helping, recorded_at, recorded_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
    )
    .bind(id)
    .bind(&case.id)
    .bind(county)
    .bind(case.place.as_str())
    .bind(case.household.as_str())
    .bind(case.programme.as_str())
    .bind(state.version)
    .bind(state.step.as_str())
    .bind(state.ended)
    .bind(state.levels.as_str())
    .bind(state.due_on)
    .bind(state.due_what.as_str())
    .bind(state.helping)
    .bind(now)
    .bind(who)
    .run_one()
    .await
}

/// Which cases a list shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tab {
    /// Whose turn is this reader's.
    #[default]
    Mine,
    Late,
    /// Due within seven days.
    Soon,
    Open,
    Ended,
}

impl Tab {
    pub const ALL: [Self; 5] = [Self::Mine, Self::Late, Self::Soon, Self::Open, Self::Ended];

    /// The word in addresses and message keys.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Mine => "mine",
            Self::Late => "late",
            Self::Soon => "soon",
            Self::Open => "open",
            Self::Ended => "ended",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tab| tab.code() == code)
    }
}

kernel::record! {
    /// A case in a list.
    #[derive(Clone, Debug)]
    pub struct Listed {
        pub id: CaseId,
        pub number: String,
        pub place: String,
        pub household: String,
        pub head: String,
        pub programme: String,
        pub digest: String,
        pub step: String,
        pub ended: i64,
        pub levels: String,
        pub due_on: Day,
        pub due_what: String,
    }
}

/// Cases of a tab within scope, the most pressing first; `level` is the reader's, `place` the first digits of a
/// place, `after` the deadline and id of the last one seen.
///
/// # Errors
/// The database's.
pub async fn list_cases(
    cx: &mut Cx,
    tab: Tab,
    level: &str,
    place: &str,
    after: (Day, &str),
    size: i64,
) -> Result<Vec<Listed>> {
    let (county, today) = (cx.county().to_owned(), cx.today());
    cx.scoped(
        Columns::family("s.place", "s.household"),
        "select c.id, c.number, c.place, c.household, c.head, c.programme, c.digest, s.step, s.ended, s.levels,
                s.due_on, s.due_what
         from case_states s join cases c on c.id = s.case_id
         where {scope} and {known s} and s.county_id = $1
           and case $2 when 'ended' then s.ended = 1
                       when 'open' then s.ended = 0
                       when 'late' then s.due_on < $3
                       when 'soon' then s.due_on >= $3 and s.due_on <= $4
                       else s.ended = 0 and s.levels like $5 end
           and s.place >= $6 and s.place <= $7
           and (s.due_on > $8 or (s.due_on = $8 and s.case_id > $9))
         order by s.due_on, s.case_id limit $10",
    )
    .bind(county)
    .bind(tab.code())
    .bind(today)
    .bind(today.plus_days(7))
    .bind(format!("%{level}%"))
    .bind(format!("{place:0<15}"))
    .bind(format!("{place:9<15}"))
    .bind(after.0)
    .bind(after.1)
    .bind(size)
    .list()
    .await
}

kernel::record! {
    /// How many cases each tab holds.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
    pub struct Counts {
        pub mine: i64,
        pub late: i64,
        pub soon: i64,
        pub open: i64,
        pub ended: i64,
    }
}

impl Counts {
    #[must_use]
    pub const fn of(&self, tab: Tab) -> i64 {
        match tab {
            Tab::Mine => self.mine,
            Tab::Late => self.late,
            Tab::Soon => self.soon,
            Tab::Open => self.open,
            Tab::Ended => self.ended,
        }
    }
}

/// # Errors
/// The database's.
pub async fn get_counts(cx: &mut Cx, level: &str) -> Result<Counts> {
    let (county, today) = (cx.county().to_owned(), cx.today());
    cx.scoped(
        FAMILY,
        "select count(case when ended = 0 and levels like $4 then 1 end) as mine,
                count(case when due_on < $2 then 1 end) as late,
                count(case when due_on >= $2 and due_on <= $3 then 1 end) as soon,
                count(case when ended = 0 then 1 end) as open,
                count(case when ended = 1 then 1 end) as ended
         from case_states where {scope} and {known} and county_id = $1",
    )
    .bind(county)
    .bind(today)
    .bind(today.plus_days(7))
    .bind(format!("%{level}%"))
    .get()
    .await
}

/// How many cases run in each place, and how many of them are late.
///
/// # Errors
/// The database's.
pub async fn list_by_place(cx: &mut Cx) -> Result<Vec<(String, i64, i64)>> {
    let (county, today) = (cx.county().to_owned(), cx.today());
    cx.scoped(
        FAMILY,
        "select place, count(case when ended = 0 then 1 end) as running, count(case when due_on < $2 then 1 end) as late
         from case_states where {scope} and {known} and county_id = $1 group by place order by place limit 5000",
    )
    .bind(county)
    .bind(today)
    .list()
    .await
}

/// # Errors
/// The database's.
pub async fn insert_reminder(cx: &mut Cx, case: &Case, version: i64, kind: &str, levels: &str) -> Result<()> {
    let (id, county, now) = (cx.new_id().to_string(), cx.county().to_owned(), cx.now);
    cx.sql(
        "insert into case_reminders (id, case_id, county_id, place, household, version, kind, levels, recorded_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(id)
    .bind(&case.id)
    .bind(county)
    .bind(case.place.as_str())
    .bind(case.household.as_str())
    .bind(version)
    .bind(kind)
    .bind(levels)
    .bind(now)
    .run_one()
    .await
}

/// What was told about a case's deadlines: kind, to whom, when.
///
/// # Errors
/// The database's.
pub async fn list_reminders(cx: &mut Cx, case: &CaseId) -> Result<Vec<(String, String, Moment)>> {
    cx.scoped(
        FAMILY,
        "select kind, levels, recorded_at from case_reminders where {scope} and case_id = $1
         order by recorded_at, kind limit 500",
    )
    .bind(case)
    .list()
    .await
}
