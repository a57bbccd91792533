use super::findings::{Bucket, Filter};
use kernel::{Columns, Cx, Interval, Result};

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

/// Counts of every tab, rule and place within scope, the places as fine as `digits` says: 9 a township, 12 a village.
/// What a run put into its tabs, with people's decisions since taken from there and added to theirs.
///
/// # Errors
/// The database's.
pub async fn list_counts(cx: &mut Cx, digits: i64) -> Result<Vec<Counted>> {
    let county = cx.county().to_owned();
    let mut rows = list_counts_of_run(cx, digits).await?;
    let decided: Vec<(String, String, String, String, i64, String, i64)> = cx
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
    for (place, tab, set, rule, deferred, decision, n) in decided {
        rows.push((place.clone(), tab, set.clone(), rule.clone(), deferred, -n));
        rows.push((place, decision, set, rule, deferred, n));
    }
    Ok(rows.into_iter().filter_map(counted).collect())
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
pub async fn list_counts_of_word(cx: &mut Cx, filter: &Filter, digits: i64) -> Result<Vec<Counted>> {
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
    Ok(found.into_iter().filter_map(counted).collect())
}
