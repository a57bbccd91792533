//! Cases to look at, planted by the same actions as everybody's, in the days before: one late, one helped first, one
//! with its notice up, one refused, one that waits for the county, one that is helped and questions a figure.
//! 王芳 works for the village, 陈晓雯 for the township, 李明 for the county.

mod stories;

use crate::actions;
use crate::model::{CaseId, Move};
use crate::pages::WORK_CASES;
use crate::{policy, store};
use households::clues::{self, Clue, Source};
use kernel::commands::Command;
use kernel::{Clock, Cx, Db, Error, Moment, Result, Who, World};

/// Writes down a step: its fields, who came along, how it ended.
#[must_use]
pub fn record(step: &str, values: &[(&str, &str)], with: &[&str], outcome: &str) -> Move {
    Move::Record {
        step: step.to_owned(),
        values: values.iter().map(|(field, value)| ((*field).to_owned(), (*value).to_owned())).collect(),
        with: with.iter().map(|name| (*name).to_owned()).collect(),
        outcome: Some(outcome.to_owned()).filter(|outcome| !outcome.is_empty()),
    }
}

/// A visit of the monitoring procedure with everything in it.
pub const VISIT: [(&str, &str); 7] = [
    ("way", "visit"),
    ("home", "夫妻两人"),
    ("situation", "5 月起没有收入，靠借钱过日子。孩子在镇上读书，没有耽误。"),
    ("coping", "debt"),
    ("water", "steady"),
    ("consent", "yes"),
    ("signature", "signed"),
];

/// A family that cases are planted for.
#[derive(Clone, Debug)]
pub struct Family {
    pub household: String,
    pub head: String,
}

/// How many families take part, all but the last of the village's.
pub const FAMILIES: usize = 9;

/// People and their time: `days` before the present.
struct Cast<'w> {
    db: &'w Db,
    world: &'w World,
    county: &'w str,
    families: &'w [Family],
}

impl Cast<'_> {
    fn day(&self, days: i64) -> String {
        self.world.clock.now().plus(-days * Moment::DAY).day().to_string()
    }

    async fn does<T, F: Future<Output = Result<T>>>(
        &self,
        account: &str,
        days: i64,
        work: impl Fn(Cx) -> F,
    ) -> Result<T> {
        let past = self.world.clock.now().plus(-days * Moment::DAY);
        let world = World { clock: Clock::fixed(past), ..self.world.clone() };
        let who = acting(self.db, &world, self.county, account).await?;
        self.db.write(&world, &who, |cx| work(cx.under(WORK_CASES))).await
    }

    /// Somebody at the counter tells of a hardship, and a case opens.
    async fn opens(&self, account: &str, days: i64, family: usize, procedure: &str, words: &str) -> Result<CaseId> {
        self.does(account, days, |mut cx| async move {
            let clue = Clue { household: &self.families[family].household, source: Source::Request, words };
            let clue = clues::raise_clue(&mut cx, clue).await?;
            actions::open_for_clue(&mut cx, &clue, procedure).await
        })
        .await
    }

    async fn makes(&self, account: &str, days: i64, case: &CaseId, made: Move) -> Result<()> {
        self.does(account, days, |mut cx| {
            let made = made.clone();
            async move {
                let command = Command { id: cx.new_id().to_string(), device_at: None, base: None, body: made };
                actions::make(&mut cx, case, &command).await
            }
        })
        .await
    }
}

/// Somebody of the demo, as they work.
///
/// # Errors
/// When the demo's accounts aren't there.
pub async fn acting(db: &Db, world: &World, county: &str, account: &str) -> Result<Who> {
    let id = staff::demo_id(county, account);
    let found = staff::find_staff(db.read(world, &Who::machine("demo", county)), id).await?;
    let found = found.ok_or_else(|| Error::internal(format!("the demo has no {account}")))?;
    Ok(Who::Staff(Box::new(found)))
}

/// Plants the cases of the invented families. Planted twice, nothing is added.
///
/// # Errors
/// The database's, or when the demo's accounts or families aren't there.
#[cfg(any(test, feature = "demo"))]
pub async fn plant(db: &Db, world: &World, county: &str) -> Result<()> {
    use households::demo::{family, household};
    let families = (0..FAMILIES).map(|n| Family { household: household(n), head: family(n).0.to_owned() });
    plant_for(db, world, county, &families.collect::<Vec<_>>()).await
}

/// Plants the cases for these families, after accounts and files. Planted twice, nothing is added; nothing is planted
/// where families are too few, or no procedure holds.
///
/// # Errors
/// The database's, or when the demo's accounts or families aren't there.
pub async fn plant_for(db: &Db, world: &World, county: &str, families: &[Family]) -> Result<()> {
    let cast = Cast { db, world, county, families };
    let mut cx = db.read(world, &Who::machine("demo", county));
    let first = cx.today().plus_days(-stories::LONGEST);
    if families.len() < FAMILIES || policy::in_force(county, first).len() < 3 {
        return Ok(());
    }
    if !store::list_of_household(&mut cx, &families[1].household).await?.is_empty() {
        return Ok(());
    }
    stories::all(&cast).await
}
