//! What people say of who is who, obeyed by the next run through the command line.

#![expect(clippy::unwrap_used, reason = "a surprise ends the test with its place")]

use kernel::commands::Command as Asked;
use kernel::crypto::Keys;
use kernel::{Clock, Cx, Db, Moment, Who, World};
use linkage::model::Verdict;
use linkage::rulings::Person;
use linkage::rulings::actions::{self, Ruling};
use linkage::training::{self, Learn, Retraining};
use linkage::{actions as pairs, store};
use std::fs;
use std::path::Path;
use std::process::Command;

const COUNTY: &str = "539901";
/// Some day in 2034, when the accounts that the demo planted today are in force.
const LATER: Moment = Moment(2_040_000_000_000);

fn ok(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_fuzhi")).args(arguments).output().expect("the program starts");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("it speaks UTF-8")
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a plain path")
}

/// Sees the whole county, as whoever plants and tests.
fn machine() -> Who {
    Who::machine("test", COUNTY)
}

/// The store of a demo, and the county's officer who decides in it.
struct Office {
    db: Db,
    world: World,
    who: Who,
}

impl Office {
    async fn open(demo: &Path) -> Self {
        let key = fs::read_to_string(demo.join("fuzhi.key")).unwrap();
        let world = World::new(Clock::fixed(LATER), [7; 32], Keys::from_text(key.trim()).unwrap());
        let db = platform::open(&format!("sqlite:{}", demo.join("fuzhi.db").display()), &world).await.unwrap();
        let officer = staff::find_by_account(&mut db.read(&world, &machine()), "county").await.unwrap().unwrap();
        Self { db, world, who: Who::Staff(Box::new(officer)) }
    }

    fn read(&self) -> Cx {
        self.db.read(&self.world, &machine())
    }

    async fn rule(&self, household: &str, person: &str, body: Ruling) -> String {
        let write = |mut cx: Cx| {
            let (body, officer) = (body.clone(), self.who.clone());
            async move {
                cx.who = officer;
                let base = store::list_rulings_about(&mut cx, person).await?.len() as i64;
                let command = Asked { id: cx.new_id().to_string(), device_at: None, base: Some(base), body };
                actions::rule(&mut cx, household, person, &command).await
            }
        };
        self.db.write(&self.world, &machine(), write).await.unwrap()
    }

    async fn people(&self, household: &str) -> Vec<Person> {
        actions::people_of(&mut self.read(), household).await.unwrap()
    }

    /// Families of whom two or more people have records in two or more files.
    async fn families(&self) -> Vec<String> {
        let mut found = Vec::new();
        for listed in households::store::list_households(&mut self.read(), None, 40).await.unwrap() {
            let people = self.people(&listed.household).await;
            let spoken_of = |one: &Person| {
                let mut keys: Vec<u64> = one.records.iter().map(|record| record.key).collect();
                keys.dedup();
                keys.len() > 1 && keys[0] != keys[keys.len() - 1]
            };
            if people.iter().filter(|one| spoken_of(one)).count() > 1 && people.iter().take(2).all(spoken_of) {
                found.push(listed.household);
            }
        }
        found
    }
}

#[test]
fn the_next_run_obeys_what_people_said_and_a_fresh_one_knows_nothing_of_it() {
    let home = tempfile::tempdir().unwrap();
    let demo = home.path().join("demo");
    ok(&["demo", "--no-serve", "--seed", "11", "--out", text(&demo)]);
    let (county, out, db) =
        (demo.join("county"), demo.join("out"), format!("sqlite:{}", demo.join("fuzhi.db").display()));
    let before = fs::read(out.join("findings.json")).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (pair, merged, split) = runtime.block_on(decide(&demo));

    let said = ok(&["run", text(&county), "--out", text(&out), "--store", &db]);
    assert!(said.contains("3 judgements of people"), "{said}");
    let obeyed = fs::read(out.join("findings.json")).unwrap();
    runtime.block_on(check(&demo, &pair, &merged, &split));
    let events = events(&out);
    let has = |kind: &str, person: &str, other: &str| events.contains(&(kind.into(), person.into(), other.into()));
    assert!(has("merge", &merged.1, &merged.2), "{merged:?}: {events:?}");
    assert!(has("split", &split.1, &split.2), "{split:?}: {events:?}");

    // Said once and heard again: the same bytes, and no event twice.
    ok(&["run", text(&county), "--out", text(&out), "--store", &db]);
    assert!(fs::read(out.join("findings.json")).unwrap() == obeyed);
    assert_eq!(self::events(&out), events);
    let fresh = home.path().join("fresh");
    ok(&["run", text(&county), "--out", text(&fresh), "--store", "none"]);
    assert!(fs::read(fresh.join("findings.json")).unwrap() == before, "nobody said anything there");
}

/// Family, the person who stays, the other.
type Ruled = (String, String, String);

/// A pair judged the same, two people merged, one taken apart.
async fn decide(demo: &Path) -> (String, Ruled, Ruled) {
    let office = Office::open(demo).await;
    let waiting = store::list_pairs(&mut office.read(), Verdict::Undo, None, 200).await.unwrap();
    let waiting = waiting.into_iter().find(|one| one.kind == "uncertain").expect("a pair that waits");
    let judge = |mut cx: Cx| {
        let (id, officer) = (waiting.id.clone(), office.who.clone());
        async move {
            cx.who = officer;
            let body = pairs::Judging { verdict: Verdict::Same, reason: None };
            let command = Asked { id: cx.new_id().to_string(), device_at: None, base: Some(0), body };
            pairs::judge(&mut cx, &id, &command).await
        }
    };
    office.db.write(&office.world, &machine(), judge).await.unwrap();

    let families = office.families().await;
    let apart_from = |household: &&String| **household != waiting.household;
    let [one, other] = families.iter().filter(apart_from).take(2).collect::<Vec<_>>()[..] else {
        panic!("two families")
    };
    let people = office.people(one).await;
    let body = Ruling::Merge {
        other_household: one.clone(),
        other: people[1].id.clone(),
        seen: (people[0].seen(), people[1].seen()),
        reason: "问过本人".to_owned(),
    };
    office.rule(one, &people[0].id, body).await;
    let merged = (one.clone(), people[0].id.clone(), people[1].id.clone());

    let people = office.people(other).await;
    let last = people[0].records.last().unwrap().key;
    let body = Ruling::Unmerge { records: vec![last], seen: people[0].seen(), reason: "别人的".to_owned() };
    let id = office.rule(other, &people[0].id, body).await;
    let ruled = store::get_ruling(&mut office.read(), &id).await.unwrap();
    let learn = |mut cx: Cx| {
        let officer = office.who.clone();
        async move {
            cx.who = officer;
            let body = Retraining { learn: Learn::FromLabels, reason: "核对了一轮".to_owned() };
            let command = Asked { id: cx.new_id().to_string(), device_at: None, base: Some(0), body };
            training::retrain(&mut cx, &command).await
        }
    };
    assert_eq!(office.db.write(&office.world, &machine(), learn).await.unwrap(), 1);
    office.db.close().await;
    (waiting.pair, merged, (other.clone(), ruled.person, ruled.other))
}

async fn check(demo: &Path, pair: &str, merged: &Ruled, split: &Ruled) {
    let office = Office::open(demo).await;
    let rulings = store::list_rulings(&mut office.read()).await.unwrap();
    assert!(rulings.len() == 2 && rulings.iter().all(|ruled| ruled.obeyed_by.is_some()), "{rulings:?}");
    let people = office.people(&merged.0).await;
    assert!(people.iter().any(|one| one.id == merged.1) && people.iter().all(|one| one.id != merged.2));
    let people = office.people(&split.0).await;
    let stays = people.iter().find(|one| one.id == split.1).unwrap();
    let (member, _) =
        households::corrections::find_member(&mut office.read(), &merged.0, &merged.1).await.unwrap().unwrap();
    assert_eq!(member.person, merged.1, "the run's own file has one person");
    let moved = actions::sides(&mut office.read(), rulings.iter().find(|one| one.kind == "unmerge").unwrap()).await;
    let moved = moved.unwrap().unwrap().moved;
    assert!(stays.records.iter().all(|record| moved.iter().all(|gone| gone.key != record.key)));
    let model = training::shown(&mut office.read()).await.unwrap().unwrap();
    let used: Vec<f64> = model.fields.iter().flat_map(|field| field.levels.iter().map(|(_, m, _)| *m)).collect();
    let expected = training::corrected(&model, &matches(&office).await).concat();
    assert_eq!(used.len(), expected.len());
    let apart = used.iter().zip(&expected).map(|(m, expected)| (m - expected).abs()).fold(0.0, f64::max);
    assert!(apart < 1e-9, "m came from what it learned and the labels: {apart}");
    assert_ne!(model.untaught.concat(), expected);
    assert!(model.untaught.len() == model.fields.len() && !model.rules.is_empty() && !model.best.is_empty());
    let waiting = store::list_pairs(&mut office.read(), Verdict::Undo, None, 5_000).await.unwrap();
    assert!(waiting.iter().all(|one| one.pair != *pair), "nobody is asked again");
    office.db.close().await;
}

async fn matches(office: &Office) -> linkage::stage::Matches {
    let training = store::find_training(&mut office.read()).await.unwrap().unwrap();
    serde_json::from_str(&training.matches).unwrap()
}

/// Kind, person and other of every event.
fn events(out: &Path) -> Vec<(String, String, String)> {
    let wanted = [("kind", batch::Kind::Text), ("person", batch::Kind::Text), ("other", batch::Kind::Text)];
    let columns = batch::read_parquet(&out.join("identities.parquet"), &wanted).unwrap();
    let texts: Vec<Vec<String>> = columns
        .into_iter()
        .map(|column| match column {
            batch::Loaded::Text(texts) => texts.iter().map(|text| text.unwrap_or_default().to_owned()).collect(),
            _ => panic!("text was asked for"),
        })
        .collect();
    (0..texts[0].len()).map(|at| (texts[0][at].clone(), texts[1][at].clone(), texts[2][at].clone())).collect()
}
