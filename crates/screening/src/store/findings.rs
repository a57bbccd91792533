use crate::model::{FindingId, Outcome};
use kernel::{Columns, Cx, Moment, Result};
use values::Day;

/// Where a finding stands in the work: the tabs of the list. The decision that stands, else the tab the run
/// put it in.
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

    /// Whether people fill it, and not a run.
    #[must_use]
    pub const fn is_decided(self) -> bool {
        matches!(self, Self::Visit | Self::Merged | Self::Dismissed)
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
    /// Whether it takes these findings, whatever their tab.
    #[must_use]
    pub fn takes(&self, one: &Counted) -> bool {
        let part = |wanted: &str, is: &str| wanted.is_empty() || wanted == is;
        part(&self.set, &one.set) && part(&self.rule, &one.rule) && one.place.starts_with(&self.place)
    }

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

/// A tab that a run fills: what nobody has decided about.
const OPEN_OF_TAB: &str =
    "select f.id, f.place, f.household, f.head, f.rule, f.rule_set, f.deferred, f.position, l.letter, k.wrapped,
            f.tab as bucket
     from screening_findings f
          left join screening_triages t on t.clue = f.clue and {known t}
          join screening_letters l on l.finding = f.id
          left join subject_keys k on k.subject = f.household
     where {scope} and {known f} and f.county_id = $1 and f.tab = $2 and coalesce(t.decision, 'undo') = 'undo'
           and ($3 = '' or f.rule_set = $3) and ($4 = '' or f.rule = $4)
           and f.place between $5 and $6 and (f.position, f.id) > ($7, $8)
     order by f.position, f.id limit $9";

/// A tab that people fill: their decisions are few, so they lead.
const DECIDED: &str =
    "select f.id, f.place, f.household, f.head, f.rule, f.rule_set, f.deferred, f.position, l.letter, k.wrapped,
            t.decision as bucket
     from screening_triages t
          join screening_findings f on f.clue = t.clue and {known f}
          join screening_letters l on l.finding = f.id
          left join subject_keys k on k.subject = f.household
     where {scope} and {known t} and t.county_id = $1 and t.decision = $2
           and ($3 = '' or f.rule_set = $3) and ($4 = '' or f.rule = $4)
           and f.place between $5 and $6 and (f.position, f.id) > ($7, $8)
     order by f.position, f.id limit $9";

/// One page of findings, the most pressing first. `after` is the position and id of the last row seen.
///
/// # Errors
/// The database's.
pub async fn list_findings(cx: &mut Cx, filter: &Filter, after: (i64, &str), size: i64) -> Result<Vec<Listed>> {
    let county = cx.county().to_owned();
    let (first, last) = filter.places();
    cx.scoped(Columns::family("f.place", "f.household"), if filter.bucket.is_decided() { DECIDED } else { OPEN_OF_TAB })
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

/// How many findings of a place and rule stand in a tab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// The first digits of the place's key.
    pub place: String,
    pub bucket: Bucket,
    pub set: String,
    pub rule: String,
    pub counted: i64,
}

/// Counts of every tab, rule and place within scope, the places as fine as `digits` says: 9 a township, 12 a village.
/// What a run put into its tabs, with people's decisions since taken from there and added to theirs.
///
/// # Errors
/// The database's.
pub async fn list_counts(cx: &mut Cx, digits: i64) -> Result<Vec<Counted>> {
    let county = cx.county().to_owned();
    let by_run = list_counts_of_run(cx, digits).await?;
    let decided: Vec<(String, String, String, String, String, i64)> = cx
        .scoped(
            Columns::family("f.place", "f.household"),
            "select substr(f.place, 1, cast($2 as integer)) as part, f.tab, f.rule_set, f.rule, t.decision, count(*)
             from screening_triages t join screening_findings f on f.clue = t.clue and {known f}
             where {scope} and {known t} and t.county_id = $1 and t.decision <> 'undo'
             group by substr(f.place, 1, cast($2 as integer)), f.tab, f.rule_set, f.rule, t.decision limit 100000",
        )
        .bind(county)
        .bind(digits)
        .list()
        .await?;
    let counted = |place: &str, code: &str, set: &str, rule: &str, counted| {
        let (place, set, rule) = (place.to_owned(), set.to_owned(), rule.to_owned());
        Bucket::from_code(code).map(|bucket| Counted { place, bucket, set, rule, counted })
    };
    let mut counts: Vec<Counted> =
        by_run.iter().filter_map(|(place, tab, set, rule, n)| counted(place, tab, set, rule, *n)).collect();
    for (place, tab, set, rule, decision, n) in &decided {
        counts.extend(counted(place, tab, set, rule, -n));
        counts.extend(counted(place, decision, set, rule, *n));
    }
    Ok(counts)
}

/// What the run put into its tabs: by place, tab, set and rule. Counted beforehand by place; whoever is shown single
/// households has few, and theirs are counted one by one.
async fn list_counts_of_run(cx: &mut Cx, digits: i64) -> Result<Vec<(String, String, String, String, i64)>> {
    let county = cx.county().to_owned();
    let query = if cx.scope().lists() {
        cx.scoped(
            Columns::family("place", "household"),
            "select substr(place, 1, cast($2 as integer)) as part, tab, rule_set, rule, count(*)
             from screening_findings where {scope} and {known} and county_id = $1
             group by substr(place, 1, cast($2 as integer)), tab, rule_set, rule order by 1, 2, 3, 4 limit 100000",
        )
    } else {
        cx.scoped(
            "place",
            "select substr(place, 1, cast($2 as integer)) as part, tab, rule_set, rule, cast(sum(counted) as bigint)
             from screening_counts where {scope} and {known} and county_id = $1
             group by substr(place, 1, cast($2 as integer)), tab, rule_set, rule order by 1, 2, 3, 4 limit 100000",
        )
    };
    query.bind(county).bind(digits).list().await
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
        Columns::family("f.place", "f.household"),
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
        .scoped(
            Columns::family("place", "household"),
            "select id from screening_findings where {scope} and clue = $1 and superseded_at is null",
        )
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
        Columns::family("f.place", "f.household"),
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
