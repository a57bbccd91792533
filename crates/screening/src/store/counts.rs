use super::findings::{Bucket, Filter};
use super::runs::Run;
use kernel::{Columns, Cx, Interval, Result};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// How many findings of a place and rule stand in a tab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// The first digits of the place's key.
    pub place: String,
    pub bucket: Bucket,
    pub set: String,
    pub rule: String,
    pub deferred: bool,
    pub counted: i64,
}

/// Place, code of the tab, set, rule, deferred, count.
type Row = (String, String, String, String, i64, i64);

/// Sums of the findings of a tab, whatever else is asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    pub all: i64,
    pub deferred: i64,
    /// By the first digits of a place's key, by set, by rule.
    pub places: BTreeMap<String, i64>,
    pub sets: BTreeMap<String, i64>,
    pub rules: BTreeMap<String, i64>,
}

impl Sums {
    fn add(&mut self, one: &Counted, finest: usize) {
        let place = one.place.get(..finest).unwrap_or(&one.place);
        self.all += one.counted;
        self.deferred += if one.deferred { one.counted } else { 0 };
        for (of, by) in [(&mut self.places, place), (&mut self.sets, &one.set), (&mut self.rules, &one.rule)] {
            match of.get_mut(by) {
                Some(sum) => *sum += one.counted,
                None => drop(of.insert(by.to_owned(), one.counted)),
            }
        }
    }
}

/// What a run put into its tabs: reckoned once for all who see the same places, because no decision changes it.
#[derive(Debug, Default)]
struct OfRun {
    rows: Vec<Counted>,
    sums: HashMap<Bucket, Sums>,
}

impl OfRun {
    fn new(rows: Vec<Counted>, finest: usize) -> Self {
        let mut sums: HashMap<Bucket, Sums> = HashMap::new();
        rows.iter().for_each(|one| sums.entry(one.bucket).or_default().add(one, finest));
        Self { rows, sums }
    }

    /// About how many bytes it takes: names of places and rules are short.
    fn bytes(&self) -> usize {
        let sums = self.sums.values().map(|sums| sums.places.len() + sums.sets.len() + sums.rules.len());
        self.rows.len() * size_of::<[Counted; 2]>() + sums.sum::<usize>() * size_of::<[(String, i64); 3]>()
    }
}

/// How many findings stand where: what a run put into its tabs, with people's decisions since taken from there and
/// added to theirs.
#[derive(Clone, Debug)]
pub struct Counts {
    run: Arc<OfRun>,
    decided: Vec<Counted>,
    finest: usize,
}

impl Counts {
    /// One row a place, tab, set and rule; a decision's rows take away as often as they add.
    pub fn iter(&self) -> impl Iterator<Item = &Counted> {
        self.run.rows.iter().chain(&self.decided)
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.run.rows.is_empty() && self.decided.is_empty()
    }

    /// How many a filter takes of a tab.
    #[must_use]
    pub fn total(&self, bucket: Bucket, filter: &Filter) -> i64 {
        if filter.takes_all() {
            let run = self.run.sums.get(&bucket).map_or(0, |sums| sums.all);
            return run + self.decided.iter().filter(|one| one.bucket == bucket).map(|one| one.counted).sum::<i64>();
        }
        self.iter().filter(|one| one.bucket == bucket && filter.takes(one)).map(|one| one.counted).sum()
    }

    /// The sums of a tab, nothing else asked.
    #[must_use]
    pub fn sums(&self, bucket: Bucket) -> Sums {
        let mut sums = self.run.sums.get(&bucket).cloned().unwrap_or_default();
        self.decided.iter().filter(|one| one.bucket == bucket).for_each(|one| sums.add(one, self.finest));
        sums
    }
}

/// Counts of every tab, rule and place within scope. Sums go by the first `finest` digits of a place, rows by `digits`
/// of them: 9 a township, 12 a village.
///
/// # Errors
/// The database's.
pub async fn list_counts(cx: &mut Cx, run: Option<&Run>, (finest, digits): (usize, i64)) -> Result<Counts> {
    let county = cx.county().to_owned();
    let of_run = list_counts_once(cx, run, (finest, digits)).await?;
    let found: Vec<(String, String, String, String, i64, String, i64)> = cx
        .scoped(
            Columns::family("f.place", "f.household"),
            "select substr(f.place, 1, cast($2 as integer)) as part, f.tab, f.rule_set, f.rule, f.deferred, t.decision,
                    count(*)
             from screening_triages t join screening_findings f on f.clue = t.clue and {known f}
             where {scope} and {known t} and t.county_id = $1 and t.decision <> 'undo'
             group by substr(f.place, 1, cast($2 as integer)), f.tab, f.rule_set, f.rule, f.deferred, t.decision
             limit 100000",
        )
        .bind(county)
        .bind(digits)
        .list()
        .await?;
    let mut decided = Vec::with_capacity(found.len() * 2);
    for (place, tab, set, rule, deferred, decision, n) in found {
        decided.push((place.clone(), tab, set.clone(), rule.clone(), deferred, -n));
        decided.push((place, decision, set, rule, deferred, n));
    }
    Ok(Counts { run: of_run, decided: decided.into_iter().filter_map(counted).collect(), finest })
}

/// What the run counted, from memory where somebody who sees the same places has asked before. A look back and single
/// households that a post opens are asked for anew.
async fn list_counts_once(cx: &mut Cx, run: Option<&Run>, (finest, digits): (usize, i64)) -> Result<Arc<OfRun>> {
    let name = run.filter(|_| cx.known_on().is_none() && !cx.scope().lists()).map(|run| {
        let places = cx.scope().intervals();
        let places: Vec<String> = places.iter().map(|one| format!("{}-{}", one.first, one.last)).collect();
        format!("{} {} {finest} {digits} {}", cx.county(), run.id.0, places.join(","))
    });
    if let Some(known) = name.as_ref().and_then(|name| cx.world().remembered.find(name)) {
        return Ok(known);
    }
    let rows = list_counts_of_run(cx, digits).await?;
    let counts = OfRun::new(rows.into_iter().filter_map(counted).collect(), finest);
    Ok(match name {
        Some(name) => cx.world().remembered.put(name, counts.bytes(), counts),
        None => Arc::new(counts),
    })
}

fn counted((place, code, set, rule, deferred, counted): Row) -> Option<Counted> {
    let bucket = Bucket::from_code(&code).filter(|_| counted != 0)?;
    Some(Counted { place, bucket, set, rule, deferred: deferred != 0, counted })
}

/// How many digits of a place's key name its township.
const TOWNSHIP: i64 = 9;

const OF_PLACES: &str = "select substr(place, 1, cast($2 as integer)) as part, tab, rule_set, rule,
            cast(sum(counted) as bigint), cast(sum(deferred) as bigint)
     from screening_counts where {scope} and {known} and county_id = $1
     group by substr(place, 1, cast($2 as integer)), tab, rule_set, rule order by 1, 2, 3, 4 limit 100000";

/// A row a township and tab, its rules in one text: ten thousand rows would cost more to hand over than to count.
const OF_TOWNSHIPS: &str = "select substr(place, 1, cast($2 as integer)) as part, tab,
            string_agg(rule_set || ' ' || rule || ' ' || counted || ' ' || deferred, ',')
     from screening_township_counts where {scope} and {known} and county_id = $1
     group by place, tab order by 1, 2 limit 100000";

/// What the run put into its tabs. Counted beforehand by place; whoever is shown single households has few, and theirs
/// are counted one by one.
async fn list_counts_of_run(cx: &mut Cx, digits: i64) -> Result<Vec<Row>> {
    let county = cx.county().to_owned();
    if cx.scope().lists() {
        let query = cx.scoped(
            Columns::family("place", "household"),
            "select substr(place, 1, cast($2 as integer)) as part, tab, rule_set, rule, deferred, count(*)
             from screening_findings where {scope} and {known} and county_id = $1
             group by substr(place, 1, cast($2 as integer)), tab, rule_set, rule, deferred limit 100000",
        );
        return query.bind(county).bind(digits).list().await;
    }
    // A township's row tells of the whole of it: only for those who see whole townships.
    let whole =
        |places: &Interval| places.first.as_str().ends_with("000000") && places.last.as_str().ends_with("999999");
    let by_township = digits <= TOWNSHIP && cx.scope().intervals().iter().all(whole);
    let rows: Vec<Row> = if by_township {
        let packed: Vec<(String, String, String)> =
            cx.scoped("place", OF_TOWNSHIPS).bind(county).bind(digits).list().await?;
        packed
            .iter()
            .flat_map(|(place, tab, rules)| rules.split(',').filter_map(|one| unpack(place, tab, one)))
            .collect()
    } else {
        cx.scoped("place", OF_PLACES).bind(county).bind(digits).list().await?
    };
    let apart = |(place, tab, set, rule, all, deferred): Row| {
        let of = |is, n| (place.clone(), tab.clone(), set.clone(), rule.clone(), is, n);
        [of(0, all - deferred), of(1, deferred)].into_iter().filter(|(.., n)| *n != 0)
    };
    Ok(rows.into_iter().flat_map(apart).collect())
}

/// A rule of a township's text: its set, its name, all it counted, those deferred.
fn unpack(place: &str, tab: &str, rule: &str) -> Option<Row> {
    let mut parts = rule.split(' ');
    let (set, rule) = (parts.next()?.to_owned(), parts.next()?.to_owned());
    Some((place.to_owned(), tab.to_owned(), set, rule, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

/// The same counts of the findings that a typed word finds: few, so they are counted one by one.
///
/// # Errors
/// The database's.
pub async fn list_counts_of_word(cx: &mut Cx, filter: &Filter, (finest, digits): (usize, i64)) -> Result<Counts> {
    let county = cx.county().to_owned();
    let found: Vec<Row> = cx
        .scoped(
            Columns::family("f.place", "f.household"),
            "select substr(f.place, 1, cast($2 as integer)) as part, coalesce(nullif(t.decision, 'undo'), f.tab) as tab,
                    f.rule_set, f.rule, f.deferred, count(*)
             from screening_findings f left join screening_triages t on t.clue = f.clue and {known t}
             where {scope} and {known f} and f.county_id = $1
                   and ($5 like '%,' || substr(f.place, 1, 12) || ',%' or f.household in
                        (select w.household from household_words w
                         where w.county_id = $1 and w.word >= $3 and w.word < $4))
             group by 1, 2, 3, 4, 5 limit 100000",
        )
        .bind(county)
        .bind(digits)
        .bind(filter.word.as_str())
        .bind(filter.word_end())
        .bind(filter.named_text())
        .list()
        .await?;
    Ok(Counts { run: Arc::default(), decided: found.into_iter().filter_map(counted).collect(), finest })
}
