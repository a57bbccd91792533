//! The only SQL of indicators: families counted and listed by what stands of them. It reads screening's tables.

use crate::model::{Indicator, Standing, Tally};
use kernel::{Columns, Cx, Moment, Result};
use std::collections::BTreeMap;

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
///
/// # Errors
/// The database's.
pub async fn list_tallies(cx: &mut Cx, question: &Question, digits: usize) -> Result<BTreeMap<String, Tally>> {
    let county = cx.county().to_owned();
    let rows: Vec<(String, String, i64)> = cx
        .scoped(
            Columns::family("f.place", "f.household"),
            "select substr(one.place, 1, cast($9 as integer)) as part, one.standing, count(*)
             from (select asked.household, max(asked.place) as place, max(asked.standing) as standing
                   from (select f.household, f.place,
                                case when $4 like '%,' || coalesce(t.reason, t.decision) || ',%' then '3'
                                     when $5 like '%,' || coalesce(t.reason, t.decision) || ',%' then '1'
                                     else '0' end as standing
                         from screening_triages t join screening_findings f on f.id = t.finding
                         where {scope} and {known t} and t.county_id = $1 and t.decision <> 'undo'
                               and t.recorded_at >= $6 and f.tab = $3 and $2 like '%,' || f.rule_set || ',%'
                               and f.place between $7 and $8
                         union all
                         select f.household, f.place, '2' as standing
                         from screening_findings f left join screening_triages t on t.clue = f.clue and {known t}
                         where {scope} and {known f} and f.county_id = $1 and coalesce(t.decision, 'undo') = 'undo'
                               and f.tab = $3 and $2 like '%,' || f.rule_set || ',%'
                               and f.place between $7 and $8) asked
                   group by asked.household) one
             group by 1, 2 order by 1, 2 limit 100000",
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
        .await?;
    let mut tallies: BTreeMap<String, Tally> = BTreeMap::new();
    for (part, rank, families) in rows {
        tallies.entry(part).or_default().add(Standing::from_rank(&rank), families);
    }
    Ok(tallies)
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
    let county = cx.county().to_owned();
    let wanted: Vec<&str> = standings.iter().map(|one| one.rank()).collect();
    cx.scoped(
        Columns::family("f.place", "f.household"),
        "select one.place, one.household, s.head, s.id as finding, s.rule, substr(one.best, 1, 1) as standing,
                coalesce(d.reason, d.decision) as decided, d.recorded_at as decided_at
         from (select asked.household, max(asked.place) as place, max(asked.best) as best
               from (select f.household, f.place,
                            case when $4 like '%,' || coalesce(t.reason, t.decision) || ',%' then '3'
                                 when $5 like '%,' || coalesce(t.reason, t.decision) || ',%' then '1'
                                 else '0' end || f.id as best
                     from screening_triages t join screening_findings f on f.id = t.finding
                     where {scope} and {known t} and t.county_id = $1 and t.decision <> 'undo'
                           and t.recorded_at >= $6 and f.tab = $3 and $2 like '%,' || f.rule_set || ',%'
                           and f.place between $7 and $8
                     union all
                     select f.household, f.place, '2' || f.id as best
                     from screening_findings f left join screening_triages t on t.clue = f.clue and {known t}
                     where {scope} and {known f} and f.county_id = $1 and coalesce(t.decision, 'undo') = 'undo'
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
