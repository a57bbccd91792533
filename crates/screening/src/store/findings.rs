use crate::model::{FindingId, Outcome};
use kernel::{Cx, Moment, Result};
use values::Day;

/// Where a finding stands in the work: the tabs of the list. In SQL: the decision that stands, else the tab the run
/// put it in, `coalesce(nullif(t.decision, 'undo'), f.tab)`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Bucket {
    #[default]
    Open,
    /// True, but the family is monitored or assisted already: shown apart.
    Listed,
    /// It can't be told: something is missing.
    Undetermined,
    Visit,
    Merged,
    Dismissed,
}

impl Bucket {
    pub const ALL: [Self; 6] =
        [Self::Open, Self::Visit, Self::Merged, Self::Dismissed, Self::Undetermined, Self::Listed];

    /// The word in the database, in addresses and in message keys.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Listed => "listed",
            Self::Undetermined => "undetermined",
            Self::Visit => "visit",
            Self::Merged => "merge",
            Self::Dismissed => "dismiss",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|bucket| bucket.code() == code)
    }

    /// The tab a run puts a finding in, before anybody has decided.
    #[must_use]
    pub const fn at_first(outcome: Outcome, listed: bool) -> Self {
        match (outcome, listed) {
            (Outcome::Undetermined, _) => Self::Undetermined,
            (Outcome::True, true) => Self::Listed,
            (Outcome::True, false) => Self::Open,
        }
    }
}

/// Which findings: empty texts filter nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    pub bucket: Bucket,
    pub set: String,
    pub rule: String,
    /// The first digits of a place's key: everything in it.
    pub place: String,
}

impl Filter {
    /// The first and last key of the filter's place.
    fn places(&self) -> (String, String) {
        (format!("{:0<15}", self.place), format!("{:9<15}", self.place))
    }
}

/// A row of the list, its letter still sealed.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Listed {
    pub id: FindingId,
    pub place: String,
    pub household: String,
    pub head: String,
    pub rule: String,
    pub rule_set: String,
    /// The code of its [`Bucket`].
    pub bucket: String,
    pub deferred: i64,
    pub position: i64,
    pub letter: Vec<u8>,
    /// The household's wrapped key; gone when the family was erased.
    pub wrapped: Option<String>,
}

impl Listed {
    #[must_use]
    pub fn bucket(&self) -> Bucket {
        Bucket::from_code(&self.bucket).unwrap_or_default()
    }
}

/// One page of findings, the most pressing first. `after` is the position and id of the last row seen.
///
/// # Errors
/// The database's.
pub async fn list_findings(cx: &mut Cx, filter: &Filter, after: (i64, &str), size: i64) -> Result<Vec<Listed>> {
    let county = cx.county().to_owned();
    let (first, last) = filter.places();
    cx.scoped(
        "f.place",
        "select f.id, f.place, f.household, f.head, f.rule, f.rule_set, f.deferred, f.position, l.letter, k.wrapped,
                coalesce(nullif(t.decision, 'undo'), f.tab) as bucket
         from screening_findings f
              left join screening_triages t on t.clue = f.clue and {known t}
              join screening_letters l on l.finding = f.id
              left join subject_keys k on k.subject = f.household
         where {scope} and {known f} and f.county_id = $1
               and coalesce(nullif(t.decision, 'undo'), f.tab) = $2
               and ($3 = '' or f.rule_set = $3) and ($4 = '' or f.rule = $4)
               and f.place between $5 and $6 and (f.position, f.id) > ($7, $8)
         order by f.position, f.id limit $9",
    )
    .bind(county)
    .bind(filter.bucket.code())
    .bind(filter.set.as_str())
    .bind(filter.rule.as_str())
    .bind(first)
    .bind(last)
    .bind(after.0)
    .bind(after.1)
    .bind(size)
    .list()
    .await
}

/// How many findings each tab holds.
///
/// # Errors
/// The database's.
pub async fn count_buckets(cx: &mut Cx, filter: &Filter) -> Result<Vec<(Bucket, i64)>> {
    let county = cx.county().to_owned();
    let (first, last) = filter.places();
    let rows: Vec<(String, i64)> = cx
        .scoped(
            "f.place",
            "select coalesce(nullif(t.decision, 'undo'), f.tab) as bucket, count(*)
             from screening_findings f left join screening_triages t on t.clue = f.clue and {known t}
             where {scope} and {known f} and f.county_id = $1
                   and ($2 = '' or f.rule_set = $2) and ($3 = '' or f.rule = $3) and f.place between $4 and $5
             group by 1",
        )
        .bind(county)
        .bind(filter.set.as_str())
        .bind(filter.rule.as_str())
        .bind(first)
        .bind(last)
        .list()
        .await?;
    Ok(rows.into_iter().filter_map(|(code, n)| Some((Bucket::from_code(&code)?, n))).collect())
}

/// How many findings of a tab each rule has, with the rule's set.
///
/// # Errors
/// The database's.
pub async fn count_by_rule(cx: &mut Cx, bucket: Bucket) -> Result<Vec<(String, String, i64)>> {
    let county = cx.county().to_owned();
    cx.scoped(
        "f.place",
        "select f.rule_set, f.rule, count(*)
         from screening_findings f left join screening_triages t on t.clue = f.clue and {known t}
         where {scope} and {known f} and f.county_id = $1 and coalesce(nullif(t.decision, 'undo'), f.tab) = $2
         group by f.rule_set, f.rule order by f.rule_set, f.rule limit 1000",
    )
    .bind(county)
    .bind(bucket.code())
    .list()
    .await
}

/// The findings of a place: open ones, and those somebody will visit.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct PlaceCount {
    /// The first digits of the place's key.
    pub place: String,
    pub open: i64,
    pub visit: i64,
}

/// Open findings and visits by place, the places as fine as `digits` says: 9 a township, 12 a village.
///
/// # Errors
/// The database's.
pub async fn count_by_place(cx: &mut Cx, digits: i64) -> Result<Vec<PlaceCount>> {
    let county = cx.county().to_owned();
    cx.scoped(
        "f.place",
        "select found.place, cast(sum(case when found.bucket = 'open' then 1 else 0 end) as bigint) as open,
                cast(sum(case when found.bucket = 'visit' then 1 else 0 end) as bigint) as visit
         from (select substr(f.place, 1, cast($2 as integer)) as place,
                      coalesce(nullif(t.decision, 'undo'), f.tab) as bucket
               from screening_findings f left join screening_triages t on t.clue = f.clue and {known t}
               where {scope} and {known f} and f.county_id = $1) as found
         group by found.place order by found.place limit 500",
    )
    .bind(county)
    .bind(digits)
    .list()
    .await
}

/// A finding with everything its page says, the letter still sealed.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Found {
    pub id: FindingId,
    pub clue: String,
    pub place: String,
    pub household: String,
    pub head: String,
    pub rule: String,
    pub rule_set: String,
    pub tab: String,
    pub run: String,
    pub as_of: Day,
    pub recorded_at: Moment,
    pub superseded_at: Option<Moment>,
    pub letter: Vec<u8>,
    pub wrapped: Option<String>,
}

/// # Errors
/// `NotFound` where it doesn't exist or isn't in scope.
pub async fn get_finding(cx: &mut Cx, id: &FindingId) -> Result<Found> {
    cx.scoped(
        "f.place",
        "select f.id, f.clue, f.place, f.household, f.head, f.rule, f.rule_set, f.tab, f.run, f.as_of, f.recorded_at,
                f.superseded_at, l.letter, k.wrapped
         from screening_findings f join screening_letters l on l.finding = f.id
              left join subject_keys k on k.subject = f.household
         where {scope} and f.id = $1",
    )
    .bind(id)
    .get()
    .await
}

/// The current finding of a clue.
///
/// # Errors
/// The database's.
pub async fn find_latest(cx: &mut Cx, clue: &str) -> Result<Option<FindingId>> {
    let row: Option<(FindingId,)> = cx
        .scoped("place", "select id from screening_findings where {scope} and clue = $1 and superseded_at is null")
        .bind(clue)
        .find()
        .await?;
    Ok(row.map(|(id,)| id))
}

/// All current findings of a household, the most pressing first.
///
/// # Errors
/// The database's.
pub async fn list_of_household(cx: &mut Cx, household: &str) -> Result<Vec<Listed>> {
    cx.scoped(
        "f.place",
        "select f.id, f.place, f.household, f.head, f.rule, f.rule_set, f.deferred, f.position, l.letter, k.wrapped,
                coalesce(nullif(t.decision, 'undo'), f.tab) as bucket
         from screening_findings f
              left join screening_triages t on t.clue = f.clue and {known t}
              join screening_letters l on l.finding = f.id
              left join subject_keys k on k.subject = f.household
         where {scope} and {known f} and f.household = $1 order by f.position, f.id limit 100",
    )
    .bind(household)
    .list()
    .await
}
