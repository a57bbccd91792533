use crate::model::{Decision, FindingId, Reason, TriageId};
use kernel::{Columns, Cx, Moment, Result, crypto};

/// Where notes are kept, as their seal says.
const NOTE: &str = "screening_triages.note";

kernel::record! {
    /// A person's decision about a clue.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Triage {
        pub id: TriageId,
        pub clue: String,
        pub place: String,
        pub household: String,
        pub finding: FindingId,
        pub rule: String,
        /// Counts the decisions about this clue, from 1.
        pub version: i64,
        pub decision: String,
        pub reason: Option<String>,
        pub note: Option<String>,
        pub recorded_at: Moment,
        pub recorded_by: String,
        /// The person's name as it was that day.
        pub recorded_name: String,
    }
}

impl Triage {
    #[must_use]
    pub fn decision(&self) -> Option<Decision> {
        Decision::from_code(&self.decision)
    }

    #[must_use]
    pub fn reason(&self) -> Option<Reason> {
        self.reason.as_deref().and_then(Reason::from_code)
    }
}

/// The decision that stands; an undone one stands as an undoing.
///
/// # Errors
/// The database's.
pub async fn find_standing(cx: &mut Cx, clue: &str) -> Result<Option<Triage>> {
    let standing = cx.scoped(
        Columns::family("place", "household"),
        "select id, clue, place, household, finding, rule, version, decision, reason, note, recorded_at, recorded_by,
                recorded_name
         from screening_triages where {scope} and clue = $1 and {known}",
    )
    .bind(clue);
    let mut standing: Vec<Triage> = standing.find().await?.into_iter().collect();
    open_notes(cx, &mut standing).await?;
    Ok(standing.pop())
}

/// Notes are in people's own words, so they are sealed under the family's key.
async fn open_notes(cx: &mut Cx, triages: &mut [Triage]) -> Result<()> {
    for triage in triages {
        if let Some(sealed) = triage.note.take() {
            triage.note = crypto::open_text(cx, &triage.household, NOTE, &sealed).await?;
        }
    }
    Ok(())
}

/// All decisions about a clue, the newest first.
///
/// # Errors
/// The database's.
pub async fn list_triages(cx: &mut Cx, clue: &str) -> Result<Vec<Triage>> {
    let triages = cx.scoped(
        Columns::family("place", "household"),
        "select id, clue, place, household, finding, rule, version, decision, reason, note, recorded_at, recorded_by,
                recorded_name
         from screening_triages where {scope} and clue = $1 order by version desc limit 50",
    )
    .bind(clue);
    let mut triages = triages.list().await?;
    open_notes(cx, &mut triages).await?;
    Ok(triages)
}

/// The standing decisions that one person made at one moment: those of a list decided together.
///
/// # Errors
/// The database's.
pub async fn list_made_at(cx: &mut Cx, at: Moment) -> Result<Vec<Triage>> {
    let who = cx.who.label();
    let triages = cx.scoped(
        Columns::family("place", "household"),
        "select id, clue, place, household, finding, rule, version, decision, reason, note, recorded_at, recorded_by,
                recorded_name
         from screening_triages where {scope} and {known} and recorded_at = $1 and recorded_by = $2
         order by id limit 200",
    )
    .bind(at)
    .bind(who);
    let mut triages = triages.list().await?;
    open_notes(cx, &mut triages).await?;
    Ok(triages)
}

/// # Errors
/// `Conflict` when the same version was recorded meanwhile.
pub async fn insert_triage(cx: &mut Cx, triage: &Triage) -> Result<()> {
    let county = cx.county().to_owned();
    let note = match &triage.note {
        Some(note) => Some(crypto::seal_text(cx, &triage.household, NOTE, note).await?),
        None => None,
    };
    cx.sql(
        "insert into screening_triages (id, clue, county_id, place, household, finding, rule, version, decision, reason,
                                        note, recorded_at, recorded_by, recorded_name)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
    )
    .bind(&triage.id)
    .bind(triage.clue.as_str())
    .bind(county)
    .bind(triage.place.as_str())
    .bind(triage.household.as_str())
    .bind(&triage.finding)
    .bind(triage.rule.as_str())
    .bind(triage.version)
    .bind(triage.decision.as_str())
    .bind(triage.reason.as_deref())
    .bind(note)
    .bind(triage.recorded_at)
    .bind(triage.recorded_by.as_str())
    .bind(triage.recorded_name.as_str())
    .run_one()
    .await
}

/// The older decision is known until now; `by` is the one that takes its place.
///
/// # Errors
/// `Conflict` when another took its place first.
pub async fn supersede_triage(cx: &mut Cx, older: &TriageId, by: &TriageId) -> Result<()> {
    let now = cx.now;
    cx.sql(
        "update screening_triages set superseded_at = $2, superseded_by = $3 /* unscoped: found by a scoped read */
         where id = $1 and superseded_at is null",
    )
    .bind(older)
    .bind(now)
    .bind(by)
    .run_one()
    .await
}

kernel::record! {
    /// How findings of a rule were judged when people looked.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Looked {
        pub rule: String,
        pub decision: String,
        pub reason: Option<String>,
        pub counted: i64,
    }
}

kernel::record! {
    /// How a rule's findings were judged in one month.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Month {
        /// Such as `2026-10`.
        pub month: String,
        pub looked: i64,
        /// Taken further: visited or merged into a case.
        pub taken: i64,
    }
}

/// Standing decisions about a rule's findings by the month they were made in, within scope: the last twelve, oldest
/// first.
///
/// # Errors
/// The database's.
pub async fn list_months(cx: &mut Cx, rule: &str) -> Result<Vec<Month>> {
    let county = cx.county().to_owned();
    let mut months: Vec<Month> = cx
        .scoped(
            Columns::family("place", "household"),
            "select substr(recorded_at, 1, 7) as month, count(*) as looked,
                    cast(sum(case when decision = 'dismiss' then 0 else 1 end) as bigint) as taken
             from screening_triages
             where {scope} and {known} and county_id = $1 and rule = $2 and decision <> 'undo'
             group by substr(recorded_at, 1, 7) order by 1 desc limit 12",
        )
        .bind(county)
        .bind(rule)
        .list()
        .await?;
    months.reverse();
    Ok(months)
}

/// Standing decisions by rule and reason, within scope; `rule` empty: of all rules.
///
/// # Errors
/// The database's.
pub async fn list_looked(cx: &mut Cx, rule: &str) -> Result<Vec<Looked>> {
    let county = cx.county().to_owned();
    cx.scoped(
        Columns::family("place", "household"),
        "select rule, decision, reason, count(*) as counted from screening_triages
         where {scope} and {known} and county_id = $1 and ($2 = '' or rule = $2) and decision <> 'undo'
         group by rule, decision, reason order by rule, decision, reason limit 5000",
    )
    .bind(county)
    .bind(rule)
    .list()
    .await
}

/// The family was erased: its name goes from the findings about it; what was found and decided stays, and counts.
///
/// # Errors
/// The database's.
pub async fn forget_name(cx: &mut Cx, household: &str) -> Result<u64> {
    cx.sql("update screening_findings set head = '' where household = $1 /* unscoped: told by the erasure itself */")
        .bind(household)
        .run()
        .await
}
