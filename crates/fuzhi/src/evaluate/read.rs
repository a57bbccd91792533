//! Reads a run's outputs and a county's truth into numbers.

use super::score::{Names, TrueHousehold};
use anyhow::{Context, Result, anyhow};
use batch::{Dialect, Encoding, Format, Kind, Loaded, Source, read_parquet};
use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;
use std::path::Path;
use values::Day;
use values::columns::{MISSING_DAY, Texts};

/// A resource as the truth and the run both name it.
fn resource_name(department: &str, resource: &str) -> String {
    format!("{department}/{resource}")
}

pub struct Member {
    pub household: u32,
    pub person: u32,
}

pub struct Finding {
    pub household: u32,
    /// Where one person alone is meant.
    pub person: Option<u32>,
    pub rule: String,
    pub programme: String,
    pub asserts: String,
    /// `false`: it can't be determined.
    pub is_true: bool,
}

/// What `run.json` says of a run.
#[derive(Deserialize)]
struct About {
    as_of: Day,
    region: String,
}

/// The outputs of a run.
pub struct Run {
    pub as_of: Day,
    pub region: String,
    /// For each resource, for each data row (from 1): the person plus one, 0 where the row stands alone.
    people: FxHashMap<String, Vec<u32>>,
    /// Members valid on the day.
    pub members: Vec<Member>,
    sizes: FxHashMap<u32, i64>,
    pub findings: Vec<Finding>,
    pub assembled: Vec<(u32, i64)>,
    pub declared: Vec<(u32, i64)>,
}

impl Run {
    pub fn read(out: &Path) -> Result<Self> {
        let about = std::fs::read_to_string(out.join("run.json"))
            .with_context(|| format!("{} holds no finished run", out.display()))?;
        let about: About = serde_json::from_str(&about)?;
        let (mut people, mut households) = (Names::default(), Names::default());
        let members = members(out, about.as_of, &mut people, &mut households)?;
        let mut sizes: FxHashMap<u32, i64> = FxHashMap::default();
        for member in &members {
            *sizes.entry(member.household).or_default() += 1;
        }
        Ok(Self {
            as_of: about.as_of,
            region: about.region,
            people: links(out, &mut people)?,
            members,
            sizes,
            findings: findings(out, &mut households, &mut people)?,
            assembled: household_facts(out, "income_assembled", &mut households)?,
            declared: household_facts(out, "income_declared", &mut households)?,
        })
    }

    /// For each of the truth's records the run's person, where it has one.
    pub fn people_of(&self, truth: &Truth) -> Vec<Option<u32>> {
        let resources: Vec<Option<&Vec<u32>>> = truth.resources.iter().map(|name| self.people.get(name)).collect();
        let person = |r: &TrueRecord| resources[r.resource as usize]?.get(r.row as usize).copied()?.checked_sub(1);
        truth.records.iter().map(person).collect()
    }

    pub fn size_of(&self, household: u32) -> i64 {
        self.sizes.get(&household).copied().unwrap_or(0)
    }
}

fn texts(loaded: Option<Loaded>) -> Result<Texts> {
    match loaded {
        Some(Loaded::Text(texts)) => Ok(texts),
        _ => Err(anyhow!("a column of another type")),
    }
}

fn open(out: &Path, file: &str, wanted: &[(&str, Kind)]) -> Result<std::vec::IntoIter<Loaded>> {
    let columns = read_parquet(&out.join(file), wanted).map_err(|problem| anyhow!("{problem}"))?;
    Ok(columns.into_iter())
}

fn links(out: &Path, people: &mut Names) -> Result<FxHashMap<String, Vec<u32>>> {
    let wanted = [("department", Kind::Text), ("resource", Kind::Text), ("row", Kind::Whole), ("person", Kind::Text)];
    let mut columns = open(out, "links.parquet", &wanted)?;
    let (departments, resources) = (texts(columns.next())?, texts(columns.next())?);
    let Some(Loaded::Whole(rows)) = columns.next() else { return Err(anyhow!("links.parquet: row is no number")) };
    let person = texts(columns.next())?;
    let mut found: FxHashMap<String, Vec<u32>> = FxHashMap::default();
    // Rows of one resource stand together: its entry is looked up once for all of them.
    let mut at = 0;
    while at < rows.len() {
        let name = (departments.get(at).unwrap_or_default(), resources.get(at).unwrap_or_default());
        let list = found.entry(resource_name(name.0, name.1)).or_default();
        while at < rows.len()
            && (departments.get(at).unwrap_or_default(), resources.get(at).unwrap_or_default()) == name
        {
            let row = usize::try_from(rows[at])?;
            if list.len() <= row {
                list.resize(row + 1, 0);
            }
            list[row] = person.get(at).map_or(0, |id| people.number(id) + 1);
            at += 1;
        }
    }
    Ok(found)
}

fn members(out: &Path, as_of: Day, people: &mut Names, households: &mut Names) -> Result<Vec<Member>> {
    let wanted = [("household", Kind::Text), ("person", Kind::Text), ("from", Kind::Day), ("to", Kind::Day)];
    let mut columns = open(out, "members.parquet", &wanted)?;
    let (household, person) = (texts(columns.next())?, texts(columns.next())?);
    let (Some(Loaded::Day(from)), Some(Loaded::Day(to))) = (columns.next(), columns.next()) else {
        return Err(anyhow!("members.parquet: from and to are no days"));
    };
    let valid = |row: usize| {
        (from[row] == MISSING_DAY || from[row] <= as_of.0) && (to[row] == MISSING_DAY || to[row] >= as_of.0)
    };
    let members = (0..from.len()).filter(|row| valid(*row)).map(|row| Member {
        household: households.number(household.get(row).unwrap_or_default()),
        person: people.number(person.get(row).unwrap_or_default()),
    });
    Ok(members.collect())
}

fn findings(out: &Path, households: &mut Names, people: &mut Names) -> Result<Vec<Finding>> {
    let wanted = ["household", "person", "rule", "programme", "asserts", "outcome"].map(|name| (name, Kind::Text));
    let mut columns = open(out, "findings.parquet", &wanted)?;
    let (household, person, rule) = (texts(columns.next())?, texts(columns.next())?, texts(columns.next())?);
    let (programme, asserts) = (texts(columns.next())?, texts(columns.next())?);
    let outcome = texts(columns.next())?;
    let finding = |row: usize| Finding {
        household: households.number(household.get(row).unwrap_or_default()),
        person: person.get(row).filter(|person| !person.is_empty()).map(|person| people.number(person)),
        rule: rule.get(row).unwrap_or_default().to_owned(),
        programme: programme.get(row).unwrap_or_default().to_owned(),
        asserts: asserts.get(row).unwrap_or_default().to_owned(),
        is_true: outcome.get(row) == Some("true"),
    };
    Ok((0..household.len()).map(finding).collect())
}

fn household_facts(out: &Path, fact: &str, households: &mut Names) -> Result<Vec<(u32, i64)>> {
    let mut columns = open(out, "facts.parquet", &["household", "fact", "value"].map(|name| (name, Kind::Text)))?;
    let (household, name, value) = (texts(columns.next())?, texts(columns.next())?, texts(columns.next())?);
    let rows = (0..household.len()).filter(|row| name.get(*row) == Some(fact));
    rows.map(|row| {
        let fen = value.get(row).unwrap_or_default();
        let fen = fen.parse().with_context(|| format!("facts.parquet: {fact} is {fen:?}, not fen"))?;
        Ok((households.number(household.get(row).unwrap_or_default()), fen))
    })
    .collect()
}

pub struct TrueRecord {
    /// By number of [`Truth::resources`].
    pub resource: u32,
    pub row: u32,
    pub person: u32,
    /// Rows of another county and rows without consent are left out of link scoring.
    pub scored: bool,
}

/// The truth of a generated county.
pub struct Truth {
    pub resources: Names,
    pub records: Vec<TrueRecord>,
    pub people: Names,
    pub household_names: Names,
    pub household_of: FxHashMap<u32, u32>,
    /// By number of `household_names`.
    pub households: Vec<TrueHousehold>,
}

impl Truth {
    pub fn read(folder: &Path) -> Result<Self> {
        let (mut people, mut household_names) = (Names::default(), Names::default());
        let mut households = Vec::new();
        csv(folder, "households.csv", &HOUSEHOLD_COLUMNS, |cells| {
            household_names.number(cells[0]);
            households.push(household(cells));
        })?;
        let mut household_of = FxHashMap::default();
        csv(folder, "members.csv", &["person", "household"], |cells| {
            if let Some(household) = household_names.find(cells[1]) {
                household_of.insert(people.number(cells[0]), household);
            }
        })?;
        let mut resources = Names::default();
        let mut left_out = FxHashSet::default();
        csv(folder, "errors.csv", &["department", "resource", "row", "kind"], |cells| {
            if matches!(cells[3], "other_county" | "no_consent") {
                left_out.insert((resources.number(&resource_name(cells[0], cells[1])), row_number(cells[2])));
            }
        })?;
        let mut records = Vec::new();
        csv(folder, "records.csv", &["department", "resource", "row", "person"], |cells| {
            if !cells[3].is_empty() {
                let (resource, row) = (resources.number(&resource_name(cells[0], cells[1])), row_number(cells[2]));
                let scored = !left_out.contains(&(resource, row));
                records.push(TrueRecord { resource, row, person: people.number(cells[3]), scored });
            }
        })?;
        Ok(Self { resources, records, people, household_names, household_of, households })
    }
}

/// The rows in which the generator planted a slip, by resource and row.
pub fn slips(folder: &Path) -> Result<FxHashSet<(String, u32)>> {
    let mut slips = FxHashSet::default();
    csv(folder, "errors.csv", &["department", "resource", "row", "kind"], |cells| {
        if !matches!(cells[3], "other_county" | "no_consent" | "phone_missing" | "phone_other") {
            slips.insert((resource_name(cells[0], cells[1]), row_number(cells[2])));
        }
    })?;
    Ok(slips)
}

fn row_number(cell: &str) -> u32 {
    cell.parse().unwrap_or(0)
}

const HOUSEHOLD_COLUMNS: [&str; 6] =
    ["household", "at_risk", "at_risk_knowable", "listed", "wrongly_listed", "wrongly_listed_knowable"];

fn household(cells: &[&str]) -> TrueHousehold {
    let is = |cell: &str| matches!(cell, "true" | "1" | "True");
    let list = |cell: &str| cell.split(';').filter(|part| !part.is_empty()).map(str::to_owned).collect();
    TrueHousehold {
        at_risk: is(cells[1]),
        at_risk_knowable: is(cells[2]),
        listed: list(cells[3]),
        wrongly_listed: list(cells[4]),
        wrongly_listed_knowable: list(cells[5]),
    }
}

/// Calls `each` with the wanted cells of every row; an absent cell is empty.
fn csv(folder: &Path, name: &str, wanted: &[&str], mut each: impl FnMut(&[&str])) -> Result<()> {
    let path = folder.join(name);
    let format = Format::Csv { path: path.clone(), dialect: Dialect::default(), encoding: Encoding::Utf8 };
    let source = Source { name: path.display().to_string(), format };
    let mut blocks = source.open().map_err(|problem| anyhow!("{problem}"))?;
    let place = |column: &&str| {
        let found = blocks.header().iter().position(|name| name == column);
        found.with_context(|| format!("{} has no column {column}", path.display()))
    };
    let places = wanted.iter().map(place).collect::<Result<Vec<usize>>>()?;
    while let Some(block) = blocks.next_block().map_err(|problem| anyhow!("{problem}"))? {
        let chunk = block.read(&places).map_err(|problem| anyhow!("{problem}"))?;
        for row in 0..chunk.numbers.len() {
            let cells: Vec<&str> = chunk.columns.iter().map(|column| column.get(row).unwrap_or_default()).collect();
            each(&cells);
        }
    }
    Ok(())
}
