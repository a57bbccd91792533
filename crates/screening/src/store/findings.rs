use super::counts::Counted;
use crate::model::{FindingId, Outcome};
use kernel::{Columns, Cx, Moment, Query, Result};
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
    /// `Some(true)`: only those beyond the month's budget of alerts; `Some(false)`: only those of now.
    pub deferred: Option<bool>,
    /// Only these rules, where there are any: those due by a day.
    pub rules: Option<Vec<String>>,
    /// The beginning of a name, a name's sound or a household's number, in its normal form.
    pub word: String,
    /// Places whose name was typed; a family in one of them is found too.
    pub named: Vec<String>,
}

impl Filter {
    /// Whether it takes these findings, whatever their tab.
    #[must_use]
    pub fn takes(&self, one: &Counted) -> bool {
        let part = |wanted: &str, is: &str| wanted.is_empty() || wanted == is;
        part(&self.set, &one.set)
            && part(&self.rule, &one.rule)
            && one.place.starts_with(&self.place)
            && self.deferred.is_none_or(|deferred| deferred == one.deferred)
            && self.rules.as_ref().is_none_or(|rules| rules.contains(&one.rule))
    }

    /// Whether it takes every finding of a tab.
    pub(super) const fn takes_all(&self) -> bool {
        self.set.is_empty()
            && self.rule.is_empty()
            && self.place.is_empty()
            && self.deferred.is_none()
            && self.rules.is_none()
    }

    /// Adds what is asked to a statement over findings `f` whose first value is the county.
    fn narrow(&self, mut query: Query) -> Query {
        if !self.set.is_empty() {
            query = query.also("f.rule_set = {}", [&self.set]);
        }
        if !self.rule.is_empty() {
            query = query.also("f.rule = {}", [&self.rule]);
        }
        if let Some(deferred) = self.deferred {
            query = query.also(if deferred { "f.deferred = 1" } else { "f.deferred = 0" }, []);
        }
        if let Some(rules) = &self.rules {
            query = query.also("{} like '%,' || f.rule || ',%'", [&format!(",{},", rules.join(","))]);
        }
        if self.word.is_empty() {
            return query;
        }
        query.also(
            "({} like '%,' || substr(f.place, 1, 12) || ',%' or f.household in
              (select w.household from household_words w where w.county_id = $1 and w.word >= {} and w.word < {}))",
            [&self.named_text(), &self.word, &self.word_end()],
        )
    }

    /// Behind every word that begins with what was typed.
    pub(super) fn word_end(&self) -> String {
        format!("{}\u{10fffd}", self.word)
    }

    /// The villages whose name was typed, in the same form.
    pub(super) fn named_text(&self) -> String {
        format!(",{},", self.named.join(","))
    }

    /// The first and last key of the filter's place.
    fn places(&self) -> (String, String) {
        (format!("{:0<15}", self.place), format!("{:9<15}", self.place))
    }
}

kernel::record! {
    /// A row of the list, its letter still sealed.
    #[derive(Clone, Debug)]
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
        /// How many decisions there were about its clue.
        pub version: i64,
        pub recorded_at: Moment,
        pub letter: Vec<u8>,
        /// The household's wrapped key; gone when the family was erased.
        pub wrapped: Option<String>,
    }
}

impl Listed {
    #[must_use]
    pub fn bucket(&self) -> Bucket {
        Bucket::from_code(&self.bucket).unwrap_or_default()
    }
}

/// A tab that a run fills: what nobody has decided about, walked in an order of rank until the page is full. Places are only
/// compared.
const OPEN: &str = "select f.id, f.place, f.household, f.head, f.rule, f.rule_set, f.deferred, f.position,
            coalesce(t.version, 0) as version, f.recorded_at, l.letter, k.wrapped, f.tab as bucket
     from screening_findings f
          left join screening_triages t on t.clue = f.clue and {known t}
          join screening_letters l on l.finding = f.id
          left join subject_keys k on k.subject = f.household
     where {scope} and {known f} and f.county_id = $1 and f.tab = $2 and coalesce(t.decision, 'undo') = 'undo'
           and (f.place || '') between $3 and $4 and (f.position, f.id) > ($5, $6) and {also}
     order by f.position, f.id limit $7";

/// What is joined to nothing is looked up in no index: the scope is only compared.
const UNINDEXED: &str = "(f.place || '')";

/// A tab that people fill: their decisions are few, so they lead.
const DECIDED: &str = "select f.id, f.place, f.household, f.head, f.rule, f.rule_set, f.deferred, f.position,
            coalesce(t.version, 0) as version, f.recorded_at, l.letter, k.wrapped,
            t.decision as bucket
     from screening_triages t
          join screening_findings f on f.clue = t.clue and {known f}
          join screening_letters l on l.finding = f.id
          left join subject_keys k on k.subject = f.household
     where {scope} and {known t} and t.county_id = $1 and t.decision = $2
           and f.place between $3 and $4 and (f.position, f.id) > ($5, $6) and {also}
     order by f.position, f.id limit $7";

/// One page of findings, the most pressing first. `after` is the position and id of the last row seen.
///
/// # Errors
/// The database's.
pub async fn list_findings(cx: &mut Cx, filter: &Filter, after: (i64, &str), size: i64) -> Result<Vec<Listed>> {
    let county = cx.county().to_owned();
    let (first, last) = filter.places();
    // The places to look in, as one interval: what is compared with it alone is looked up in an index.
    let (first, last) = match cx.hull() {
        Some(seen) => (first.max(seen.first.to_string()), last.min(seen.last.to_string())),
        None => (first, last),
    };
    let query = if filter.bucket.is_decided() {
        cx.scoped(Columns::family("f.place", "f.household"), DECIDED)
    } else {
        let query = cx.scoped(Columns::family(UNINDEXED, "f.household"), OPEN);
        let within = |digits: usize| first.get(..digits).filter(|part| last.get(..digits) == Some(*part));
        // The narrowest order of rank: a township's few of one set are found sooner among all of that set.
        match (within(12), within(9)) {
            (Some(village), _) => query.also("substr(f.place, 1, 12) = {}", [village]),
            (None, Some(township)) if filter.set.is_empty() => query.also("substr(f.place, 1, 9) = {}", [township]),
            _ => query,
        }
    };
    filter
        .narrow(query)
        .bind(county)
        .bind(filter.bucket.code())
        .bind(first)
        .bind(last)
        .bind(after.0)
        .bind(after.1)
        .bind(size)
        .list()
        .await
}

kernel::record! {
    /// A finding with everything its page says, the letter still sealed.
    #[derive(Clone, Debug)]
    pub struct Found {
        pub id: FindingId,
        pub clue: String,
        pub place: String,
        pub household: String,
        pub head: String,
        pub rule: String,
        pub rule_set: String,
        pub programme: String,
        pub tab: String,
        pub run: String,
        pub as_of: Day,
        pub recorded_at: Moment,
        pub superseded_at: Option<Moment>,
        pub letter: Vec<u8>,
        pub wrapped: Option<String>,
    }
}

/// # Errors
/// `NotFound` where it doesn't exist or isn't in scope.
pub async fn get_finding(cx: &mut Cx, id: &FindingId) -> Result<Found> {
    cx.scoped(
        Columns::family("f.place", "f.household"),
        "select f.id, f.clue, f.place, f.household, f.head, f.rule, f.rule_set, f.programme, f.tab, f.run,
                f.as_of, f.recorded_at, f.superseded_at, l.letter, k.wrapped
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
        "select f.id, f.place, f.household, f.head, f.rule, f.rule_set, f.deferred, f.position,
            coalesce(t.version, 0) as version, f.recorded_at, l.letter, k.wrapped,
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
