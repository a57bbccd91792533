//! The only SQL of indicators: families counted and listed by what stands of them. It reads screening's tables.

use crate::model::{Indicator, Standing, Tally};
use kernel::{Columns, Cx, Moment, Result};
use screening::store::Run;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Which families an indicator asks about, as a statement takes it.
#[derive(Clone, Debug)]
pub struct Question {
    /// `,risk,gap,`.
    sets: String,
    tab: String,
    /// What a person decided, in the same form.
    numerator: String,
    denominator: String,
    /// Decisions before it aren't counted.
    since: Moment,
    first: String,
    last: String,
}

impl Question {
    /// About the families of a place, by the first digits of its key; empty: of every place within scope.
    #[must_use]
    pub fn of(indicator: &Indicator, place: &str, cx: &Cx) -> Self {
        let list = |codes: &[String]| format!(",{},", codes.join(","));
        Self {
            sets: list(&indicator.sets),
            tab: indicator.tab.clone(),
            numerator: list(&indicator.numerator),
            denominator: list(&indicator.denominator),
            since: Moment::start_of(cx.today().plus_days(-indicator.looks_back)),
            first: format!("{place:0<15}"),
            last: format!("{place:9<15}"),
        }
    }
}

/// Families by what stands of them, by the first so many digits of their place.
///
/// A family is one row however many findings ask about it: the text of the highest rank stands, see [`Standing`].
/// What people decided is found by the finding they had before them, which a later run may no longer make.
/// Of those nobody decided anything about there are a hundred times as many, and all of them wait: they are what the
/// run asked about, less those that people decided something about.
///
/// # Errors
/// The database's.
pub async fn list_tallies(
    cx: &mut Cx,
    run: Option<&Run>,
    question: &Question,
    digits: usize,
) -> Result<BTreeMap<String, Tally>> {
    let mut tallies: BTreeMap<String, Tally> = BTreeMap::new();
    for (part, families) in asked_about(cx, run, question, digits).await?.iter() {
        tallies.entry(part.clone()).or_default().add(Standing::Waiting, *families);
    }
    for (part, rank, families) in list_decided(cx, question, digits).await? {
        let tally = tallies.entry(part).or_default();
        match rank.as_str() {
            "asked" => tally.add(Standing::Waiting, -families),
            rank => tally.add(Standing::from_rank(rank), families),
        }
    }
    tallies.retain(|_, tally| *tally != Tally::default());
    Ok(tallies)
}

/// Families the newest run's findings ask about, by place: from memory where it was reckoned before, because no
/// decision changes it.
async fn asked_about(
    cx: &mut Cx,
    run: Option<&Run>,
    question: &Question,
    digits: usize,
) -> Result<Arc<Vec<(String, i64)>>> {
    let name = run.filter(|_| cx.known_on().is_none() && !cx.scope().lists()).map(|run| {
        let places: Vec<String> =
            cx.scope().intervals().iter().map(|one| format!("{}-{}", one.first, one.last)).collect();
        let Question { sets, tab, first, last, .. } = question;
        format!("{} {} {sets} {tab} {first} {last} {digits} {}", cx.county(), run.id.0, places.join(","))
    });
    if let Some(known) = name.as_ref().and_then(|name| cx.world().remembered.find(name)) {
        return Ok(known);
    }
    let county = cx.county().to_owned();
    let families: Vec<(String, i64)> = cx
        .scoped(
            Columns::family("f.place", "f.household"),
            "select substr(one.place, 1, cast($6 as integer)) as part, count(*)
             from (select f.household, max(f.place) as place from screening_findings f
                   where {scope} and {known f} and f.county_id = $1 and f.tab = $3
                         and $2 like '%,' || f.rule_set || ',%' and f.place between $4 and $5
                   group by f.household) one
             group by 1 order by 1 limit 100000",
        )
        .bind(county)
        .bind(question.sets.as_str())
        .bind(question.tab.as_str())
        .bind(question.first.as_str())
        .bind(question.last.as_str())
        .bind(digits as i64)
        .list()
        .await?;
    Ok(match name {
        Some(name) => cx.world().remembered.put(name, families.len() * size_of::<[(String, i64); 2]>(), families),
        None => Arc::new(families),
    })
}

/// Of the families that people decided something about: place, rank of what stands, how many; and under `asked` how many of
/// them the newest run's findings ask about. They are few, so they lead (SQLite keeps the order of a cross join), and places
/// are only compared.
async fn list_decided(cx: &mut Cx, question: &Question, digits: usize) -> Result<Vec<(String, String, i64)>> {
    let county = cx.county().to_owned();
    cx.scoped(
        Columns::family("(f.place || '')", "f.household"),
        "with touched as (select distinct t.household from screening_triages t
                          where {known t} and t.county_id = $1 and t.decision <> 'undo'),
              asked as (select f.household, f.place,
                               case when coalesce(t.decision, 'undo') = 'undo' then '2' else '' end as standing
                        from touched cross join screening_findings f
                             left join screening_triages t on t.clue = f.clue and {known t}
                        where f.household = touched.household and {scope} and {known f}
                              and f.county_id = $1 and f.tab = $3
                              and $2 like '%,' || f.rule_set || ',%' and (f.place || '') between $7 and $8)
         select substr(one.place, 1, cast($9 as integer)) as part, one.standing, count(*)
         from (select stood.household, max(stood.place) as place, max(stood.standing) as standing
               from (select f.household, f.place,
                            case when $4 like '%,' || coalesce(t.reason, t.decision) || ',%' then '3'
                                 when $5 like '%,' || coalesce(t.reason, t.decision) || ',%' then '1'
                                 else '0' end as standing
                     from screening_triages t cross join screening_findings f
                     where f.id = t.finding and {scope} and {known t} and t.county_id = $1 and t.decision <> 'undo'
                           and t.recorded_at >= $6 and f.tab = $3 and $2 like '%,' || f.rule_set || ',%'
                           and (f.place || '') between $7 and $8
                     union all
                     select household, place, standing from asked where standing = '2') stood
               group by stood.household) one
         group by 1, 2
         union all
         select substr(one.place, 1, cast($9 as integer)), 'asked', count(*)
         from (select household, max(place) as place from asked group by household) one
         group by 1 limit 100000",
    )
    .bind(county)
    .bind(question.sets.as_str())
    .bind(question.tab.as_str())
    .bind(question.numerator.as_str())
    .bind(question.denominator.as_str())
    .bind(question.since)
    .bind(question.first.as_str())
    .bind(question.last.as_str())
    .bind(digits as i64)
    .list()
    .await
}

kernel::record! {
    /// A family behind a number, with the finding that says most about it.
    #[derive(Clone, Debug)]
    pub struct Sampled {
        pub place: String,
        pub household: String,
        pub head: String,
        pub finding: String,
        pub rule: String,
        /// The rank of its [`Standing`].
        pub standing: String,
        /// The decision that stands about the finding, or the reason it was closed for.
        pub decided: Option<String>,
        pub decided_at: Option<Moment>,
    }
}

impl Sampled {
    #[must_use]
    pub fn standing(&self) -> Standing {
        Standing::from_rank(&self.standing)
    }
}

/// One page of the families behind an indicator, those of these standings, in the order of places: no order that
/// could be read as a ranking. `after` is place and household of the last row seen.
///
/// # Errors
/// The database's.
pub async fn list_sample(
    cx: &mut Cx,
    question: &Question,
    standings: &[Standing],
    after: (&str, &str),
    size: i64,
) -> Result<Vec<Sampled>> {
    let wanted: Vec<&str> = standings.iter().map(|one| one.rank()).collect();
    if wanted == [Standing::Waiting.rank()] {
        return list_waiting(cx, question, after, size).await;
    }
    let county = cx.county().to_owned();
    cx.scoped(
        Columns::family("f.place", "f.household"),
        "with touched as (select distinct t.household from screening_triages t
                          where {known t} and t.county_id = $1 and t.decision <> 'undo')
         select one.place, one.household, s.head, s.id as finding, s.rule, substr(one.best, 1, 1) as standing,
                coalesce(d.reason, d.decision) as decided, d.recorded_at as decided_at
         from (select asked.household, max(asked.place) as place, max(asked.best) as best
               from (select f.household, f.place,
                            case when $4 like '%,' || coalesce(t.reason, t.decision) || ',%' then '3'
                                 when $5 like '%,' || coalesce(t.reason, t.decision) || ',%' then '1'
                                 else '0' end || f.id as best
                     from screening_triages t cross join screening_findings f
                     where f.id = t.finding and {scope} and {known t} and t.county_id = $1 and t.decision <> 'undo'
                           and t.recorded_at >= $6 and f.tab = $3 and $2 like '%,' || f.rule_set || ',%'
                           and f.place between $7 and $8
                     union all
                     select f.household, f.place, '2' || f.id as best
                     from touched cross join screening_findings f
                          left join screening_triages t on t.clue = f.clue and {known t}
                     where f.household = touched.household and {scope} and {known f} and f.county_id = $1
                           and coalesce(t.decision, 'undo') = 'undo'
                           and f.tab = $3 and $2 like '%,' || f.rule_set || ',%'
                           and f.place between $7 and $8) asked
               group by asked.household) one
              join screening_findings s on s.id = substr(one.best, 2)
              left join screening_triages d on d.clue = s.clue and {known d} and d.decision <> 'undo'
         where $9 like '%,' || substr(one.best, 1, 1) || ',%' and (one.place, one.household) > ($10, $11)
         order by one.place, one.household limit $12",
    )
    .bind(county)
    .bind(question.sets.as_str())
    .bind(question.tab.as_str())
    .bind(question.numerator.as_str())
    .bind(question.denominator.as_str())
    .bind(question.since)
    .bind(question.first.as_str())
    .bind(question.last.as_str())
    .bind(format!(",{},", wanted.join(",")))
    .bind(after.0)
    .bind(after.1)
    .bind(size)
    .list()
    .await
}

/// Those that wait are the many: they are walked in the order of their places, no further than one page.
async fn list_waiting(cx: &mut Cx, question: &Question, after: (&str, &str), size: i64) -> Result<Vec<Sampled>> {
    let county = cx.county().to_owned();
    cx.scoped(
        Columns::family("f.place", "f.household"),
        "select one.place, one.household, s.head, s.id as finding, s.rule, '2' as standing,
                cast(null as text) as decided, cast(null as text) as decided_at
         from (select f.place, f.household, max(f.id) as best
               from screening_findings f left join screening_triages t on t.clue = f.clue and {known t}
               where {scope} and {known f} and f.county_id = $1 and coalesce(t.decision, 'undo') = 'undo'
                     and f.tab = $3 and $2 like '%,' || f.rule_set || ',%'
                     and f.place between $6 and $7 and (f.place, f.household) > ($8, $9)
                     and not exists
                         (select 1 from screening_findings g join screening_triages d on d.clue = g.clue
                          where g.household = f.household and d.finding = g.id and {known d} and d.recorded_at >= $5
                                and g.tab = $3 and $2 like '%,' || g.rule_set || ',%'
                                and $4 like '%,' || coalesce(d.reason, d.decision) || ',%')
               group by f.place, f.household order by f.place, f.household limit $10) one
              join screening_findings s on s.id = one.best
         order by one.place, one.household",
    )
    .bind(county)
    .bind(question.sets.as_str())
    .bind(question.tab.as_str())
    .bind(question.numerator.as_str())
    .bind(question.since)
    .bind(question.first.as_str())
    .bind(question.last.as_str())
    .bind(after.0)
    .bind(after.1)
    .bind(size)
    .list()
    .await
}
