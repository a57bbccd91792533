//! Taking who is who into the store: the keys of every linked record, and what a human should look at.

use crate::model::{ModelShown, Pair, RecordKeys, Why};
use households::load::{RECORDED_BY, RunLoad};
use kernel::bulk::Target;
use kernel::{PlaceKey, Result, content_id};

/// The records of a household's people: enough to explain any link again.
#[derive(Clone, Debug)]
pub struct RecordsIn {
    pub household: String,
    /// By person's id, in the order of the household's members.
    pub people: Vec<(String, Vec<RecordKeys>)>,
}

/// A pair for a human. It is filed with the household of the first record's person, which must be one of the run's.
#[derive(Clone, Debug)]
pub struct ReviewIn {
    pub household: String,
    /// 12 or 15 digits.
    pub place: String,
    pub why: Why,
    pub pair: Pair,
}

/// Takes in the linked records of a run, one sealed document a household; those of older runs go.
///
/// # Errors
/// The database's.
pub async fn records(run: &mut RunLoad<'_>, records: impl Iterator<Item = RecordsIn> + Send) -> Result<u64> {
    let (county, id) = (run.county.clone(), run.run.clone());
    run.load.run("delete from linked_records where county_id = $1", &[&county]).await?;
    let target = Target {
        table: "linked_records",
        columns: &["household", "run", "county_id", "document"],
        skip_existing: false,
    };
    run.insert_sealed(
        target,
        "linked_records.document",
        records,
        |one| (&one.household, &one.people),
        |one, document, row| {
            row.text(&one.household).text(&id).text(&county).bytes(document);
        },
    )
    .await
}

/// Takes in the pairs for review, and supersedes those of older runs.
///
/// # Errors
/// The database's; a place code that isn't one.
pub async fn reviews(run: &mut RunLoad<'_>, reviews: impl Iterator<Item = ReviewIn>) -> Result<u64> {
    run.supersede(
        "update link_reviews set superseded_at = $1, superseded_by = $2 /* unscoped: a run is the county's */
         where county_id = $3 and run <> $2 and superseded_at is null",
    )
    .await?;
    let reviews: Vec<(PlaceKey, ReviewIn)> =
        reviews.map(|one| Ok((PlaceKey::from_code(&one.place)?, one))).collect::<Result<_>>()?;
    let target = Target {
        table: "link_reviews",
        columns: &[
            "id",
            "pair",
            "county_id",
            "place",
            "household",
            "kind",
            "weight",
            "department_a",
            "department_b",
            "run",
            "document",
            "recorded_at",
            "recorded_by",
        ],
        skip_existing: true,
    };
    let (county, run_id, now, world) = (run.county.clone(), run.run.clone(), run.now, run.world);
    run.insert_sealed(
        target,
        "link_reviews.document",
        reviews.into_iter(),
        |(_, one)| (&one.household, &one.pair),
        |(place, one), document, row| {
            let named = |keys: &RecordKeys| format!("{}/{}/{}", keys.department, keys.resource, keys.row);
            let id = content_id("review", &[&run_id, one.why.code(), &named(&one.pair.a), &named(&one.pair.b)]);
            let pair = world.keys.blind("pair", &one.pair.content());
            row.text(&id.to_string())
                .text(&pair)
                .text(&county)
                .text(place.as_str())
                .text(&one.household)
                .text(one.why.code());
            row.int((one.pair.weight * 100.0).round() as i64).text(&one.pair.a.department).text(&one.pair.b.department);
            row.text(&run_id).bytes(document).moment(now).text(RECORDED_BY);
        },
    )
    .await
}

/// Notes that the run has obeyed these rulings on persons: its people and files say them themselves.
///
/// # Errors
/// The database's.
pub async fn obeyed(run: &mut RunLoad<'_>, rulings: &[String]) -> Result<()> {
    run.obeyed(rulings).await?;
    for ruling in rulings {
        let sql = "update person_rulings set obeyed_by = $1 where id = $2 and obeyed_by is null
                   /* unscoped: a run is the county's */";
        run.load.run(sql, &[&run.run, ruling]).await?;
    }
    Ok(())
}

/// Takes in what the run learned about linking: as its page shows it, and whole.
///
/// # Errors
/// The database's.
pub async fn model(run: &mut RunLoad<'_>, model: &ModelShown, learned: &fellegi::Model) -> Result<()> {
    run.supersede(
        "update link_models set superseded_at = $1, superseded_by = $2
         where county_id = $3 and run <> $2 and superseded_at is null",
    )
    .await?;
    let target = Target {
        table: "link_models",
        columns: &["run", "county_id", "model", "learned", "recorded_at", "recorded_by"],
        skip_existing: true,
    };
    let (county, run_id, now) = (run.county.clone(), run.run.clone(), run.now);
    let (model, learned) = (serde_json::to_string(model)?, learned.to_json());
    run.load
        .insert(target, [model], |model, row| {
            row.text(&run_id).text(&county).text(&model).text(&learned).moment(now).text(RECORDED_BY);
        })
        .await?;
    Ok(())
}
