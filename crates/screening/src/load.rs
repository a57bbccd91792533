//! Taking what a run found into the store: its stages, its rules in words, its findings as clues.

use crate::model::{Letter, Outcome, RuleCard};
use crate::store::Bucket;
use households::load::{RECORDED_BY, RunLoad};
use kernel::bulk::Target;
use kernel::{PlaceKey, Result, content_id};
use rulebook::RuleSet;
use std::collections::BTreeMap;

/// What a run tells of itself. Counts are of the whole county.
#[derive(Clone, Debug, Default)]
pub struct RunIn {
    /// The rule set's version.
    pub policy: String,
    pub rows_read: i64,
    pub rows_rejected: i64,
    pub records_linked: i64,
    pub persons: i64,
    pub households: i64,
    pub found: i64,
    pub undetermined: i64,
    pub to_review: i64,
    pub millis: i64,
    /// Bytes.
    pub peak_memory: i64,
    pub stages: Vec<StageIn>,
    pub rules: Vec<RuleIn>,
}

/// One stage as the chain names it; `unit` is one of `rows`, `persons`, `households`, `findings`.
#[derive(Clone, Debug)]
pub struct StageIn {
    pub name: &'static str,
    pub counted: i64,
    pub unit: &'static str,
    /// What the stage couldn't use: rejected rows, findings that can't be told.
    pub left_behind: i64,
    pub millis: i64,
}

/// A rule as this run used it.
#[derive(Clone, Debug)]
pub struct RuleIn {
    pub rule: String,
    pub version: String,
    pub set: RuleSet,
    /// Empty where the rule is about none.
    pub programme: String,
    pub found: i64,
    pub undetermined: i64,
    pub card: RuleCard,
}

/// A finding with its letter.
#[derive(Clone, Debug)]
pub struct FindingIn {
    /// The finding's id in the run's files.
    pub id: String,
    pub household: String,
    /// The household's village or group, 12 or 15 digits.
    pub place: String,
    pub head: String,
    /// When one person alone is meant.
    pub person: Option<String>,
    pub rule: String,
    pub set: RuleSet,
    pub programme: String,
    pub outcome: Outcome,
    /// At risk, and monitored or assisted already.
    pub listed: bool,
    /// Beyond the village's budget of alerts.
    pub deferred: bool,
    /// 1 is the most pressing.
    pub rank: i64,
    pub letter: Letter,
}

/// Takes the run's own row in. `false`: this run is there already, and nothing more is to be loaded.
///
/// # Errors
/// The database's.
pub async fn run(run: &mut RunLoad<'_>, told: &RunIn) -> Result<bool> {
    let into = Target {
        table: "screening_runs",
        columns: &[
            "id",
            "county_id",
            "as_of",
            "policy",
            "rows_read",
            "rows_rejected",
            "records_linked",
            "persons",
            "households",
            "found",
            "undetermined",
            "to_review",
            "millis",
            "peak_memory",
            "recorded_at",
            "recorded_by",
        ],
        skip_existing: true,
    };
    let (id, county, as_of, now) = (run.run.clone(), run.county.clone(), run.as_of.to_string(), run.now);
    let new = run
        .load
        .insert(into, [told], |told, row| {
            row.text(&id).text(&county).text(&as_of).text(&told.policy).int(told.rows_read).int(told.rows_rejected);
            row.int(told.records_linked).int(told.persons).int(told.households).int(told.found);
            row.int(told.undetermined).int(told.to_review).int(told.millis).int(told.peak_memory);
            row.moment(now).text(RECORDED_BY);
        })
        .await?;
    if new == 0 {
        return Ok(false);
    }
    run.supersede(
        "update screening_runs set superseded_at = $1, superseded_by = $2
         where county_id = $3 and id <> $2 and superseded_at is null",
    )
    .await?;
    stages(run, &told.stages).await?;
    rules(run, &told.rules).await?;
    Ok(true)
}

async fn stages(run: &mut RunLoad<'_>, stages: &[StageIn]) -> Result<u64> {
    let into = Target {
        table: "screening_stages",
        columns: &["run", "county_id", "position", "name", "counted", "unit", "left_behind", "millis"],
        skip_existing: false,
    };
    let (id, county) = (run.run.clone(), run.county.clone());
    run.load
        .insert(into, stages.iter().zip(1..), |(stage, position), row| {
            row.text(&id).text(&county).int(position).text(stage.name).int(stage.counted).text(stage.unit);
            row.int(stage.left_behind).int(stage.millis);
        })
        .await
}

async fn rules(run: &mut RunLoad<'_>, rules: &[RuleIn]) -> Result<u64> {
    let into = Target {
        table: "screening_rules",
        columns: &["run", "county_id", "rule", "version", "rule_set", "programme", "found", "undetermined", "card"],
        skip_existing: false,
    };
    let (id, county) = (run.run.clone(), run.county.clone());
    let cards: Vec<String> = rules.iter().map(|rule| serde_json::to_string(&rule.card)).collect::<Result<_, _>>()?;
    run.load
        .insert(into, rules.iter().zip(cards), |(rule, card), row| {
            row.text(&id).text(&county).text(&rule.rule).text(&rule.version).text(crate::model::set_code(rule.set));
            row.text(&rule.programme).int(rule.found).int(rule.undetermined).text(&card);
        })
        .await
}

/// How many findings are taken in at a time.
const CHUNK: usize = 1024;

/// Takes the findings in and supersedes those of older runs. Decisions stay with their clue, so what was dismissed
/// last month and is found again stays dismissed.
///
/// # Errors
/// The database's; a place code that isn't one.
pub async fn findings(run: &mut RunLoad<'_>, findings: impl Iterator<Item = FindingIn>) -> Result<u64> {
    run.supersede(
        "update screening_findings set superseded_at = $1, superseded_by = $2 /* unscoped: a run is the county's */
         where county_id = $3 and run <> $2 and superseded_at is null",
    )
    .await?;
    run.supersede(
        "update screening_counts set superseded_at = $1, superseded_by = $2 /* unscoped: a run is the county's */
         where county_id = $3 and run <> $2 and superseded_at is null",
    )
    .await?;
    run.supersede(
        "update screening_township_counts set superseded_at = $1, superseded_by = $2
         where county_id = $3 and run <> $2 and superseded_at is null /* unscoped: a run is the county's */",
    )
    .await?;
    let county = run.county.clone();
    let mut findings = findings.peekable();
    let (mut inserted, mut counts) = (0, Counts::new());
    while findings.peek().is_some() {
        let chunk: Vec<FindingIn> = findings.by_ref().take(CHUNK).collect();
        let rows: Vec<(String, FindingIn)> = chunk
            .into_iter()
            .filter(|finding| !run.is_erased(&finding.household))
            .map(|finding| (content_id("finding-of-run", &[&run.run, &finding.id]).to_string(), finding))
            .collect();
        inserted += insert_rows(run, &rows, &mut counts).await?;
        let into = Target {
            table: "screening_letters",
            columns: &["finding", "county_id", "household", "letter"],
            skip_existing: false,
        };
        run.insert_sealed(
            into,
            "screening_letters.letter",
            rows.into_iter(),
            |(_, finding)| (&finding.household, &finding.letter),
            |(id, finding), letter, row| {
                row.text(id).text(&county).text(&finding.household).bytes(letter);
            },
        )
        .await?;
    }
    insert_counts(run, "screening_township_counts", &by_township(&counts)?).await?;
    insert_counts(run, "screening_counts", &counts).await?;
    Ok(inserted)
}

/// By place, tab, set and rule: all, and those deferred.
type Counts = BTreeMap<(PlaceKey, &'static str, &'static str, String), (i64, i64)>;

fn by_township(counts: &Counts) -> Result<Counts> {
    let mut sums = Counts::new();
    for ((place, tab, set, rule), (counted, deferred)) in counts {
        let township = PlaceKey::from_code(&place.as_str()[..9])?;
        let sum = sums.entry((township, tab, set, rule.clone())).or_default();
        sum.0 += counted;
        sum.1 += deferred;
    }
    Ok(sums)
}

async fn insert_counts(run: &mut RunLoad<'_>, table: &'static str, counts: &Counts) -> Result<u64> {
    let into = Target {
        table,
        columns: &[
            "run",
            "county_id",
            "place",
            "tab",
            "rule_set",
            "rule",
            "counted",
            "deferred",
            "recorded_at",
            "recorded_by",
        ],
        skip_existing: false,
    };
    let (county, id, now) = (run.county.clone(), run.run.clone(), run.now);
    run.load
        .insert(into, counts, |((place, tab, set, rule), (counted, deferred)), row| {
            row.text(&id)
                .text(&county)
                .text(place.as_str())
                .text(tab)
                .text(set)
                .text(rule)
                .int(*counted)
                .int(*deferred);
            row.moment(now).text(RECORDED_BY);
        })
        .await
}

async fn insert_rows(run: &mut RunLoad<'_>, rows: &[(String, FindingIn)], counts: &mut Counts) -> Result<u64> {
    let into = Target {
        table: "screening_findings",
        columns: &[
            "id",
            "clue",
            "county_id",
            "place",
            "household",
            "head",
            "person",
            "rule",
            "rule_set",
            "programme",
            "outcome",
            "tab",
            "deferred",
            "position",
            "run",
            "as_of",
            "recorded_at",
            "recorded_by",
        ],
        skip_existing: false,
    };
    let places: Vec<PlaceKey> =
        rows.iter().map(|(_, finding)| PlaceKey::from_code(&finding.place)).collect::<Result<_>>()?;
    for ((_, finding), place) in rows.iter().zip(&places) {
        let tab = Bucket::at_first(finding.outcome, finding.listed).code();
        let counted =
            counts.entry((*place, tab, crate::model::set_code(finding.set), finding.rule.clone())).or_default();
        counted.0 += 1;
        counted.1 += i64::from(finding.deferred);
    }
    let (county, run_id, as_of, now) = (run.county.clone(), run.run.clone(), run.as_of.to_string(), run.now);
    run.load
        .insert(into, rows.iter().zip(places), |((id, finding), place), row| {
            let clue =
                content_id("clue", &[&county, &finding.household, &finding.rule, &finding.programme]).to_string();
            row.text(id).text(&clue).text(&county).text(place.as_str()).text(&finding.household).text(&finding.head);
            row.text_or_null(finding.person.as_deref()).text(&finding.rule).text(crate::model::set_code(finding.set));
            row.text(&finding.programme).text(finding.outcome.code());
            row.text(Bucket::at_first(finding.outcome, finding.listed).code());
            row.int(i64::from(finding.deferred)).int(finding.rank);
            row.text(&run_id).text(&as_of).moment(now).text(RECORDED_BY);
        })
        .await
}
