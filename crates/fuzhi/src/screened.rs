//! The rules asked of every bucket, and what they found told in files by rank over the county.

use crate::aside::fetched;
use crate::buckets::{Buckets, Opened};
use crate::publish::{self, FactsFile, Growing, SHEET_ROWS};
use anyhow::{Result, anyhow};
use batch::{Blob, Drawer, Shelf};
use facts::person::RELATIONS;
use facts::{Bucket, Doubtful, Facts, Ledger, Trust};
use rulebook::{Policy, Prepared};
use screening::stage::{
    Counted, Delivered, END_OF_JSON, END_OF_REPORT, Entries, Entry, Findings, Lines, Names, Order, PlaceMeasure,
    Population, Tally, measures, ranks,
};
use serde::{Deserialize, Serialize};
use std::io::{self, BufWriter, Write};
use std::path::Path;
use values::columns::{Table, packed};
use values::{AreaCode, Truth};

/// What the rules say of the whole county, before anything is explained.
#[derive(Default)]
pub struct Screened {
    /// By bucket, the rank over the county of each of its findings.
    pub ranks: Vec<Vec<u32>>,
    pub tallies: Vec<Tally>,
    pub found: u64,
    pub undetermined: u64,
    counted: Counted,
    /// Of every household what measures are made of, and where it lives.
    measured: Table,
    areas: Vec<Option<AreaCode>>,
}

/// Explained findings, so many at a time.
const WINDOW: usize = 1 << 14;

/// What every bucket is screened with.
#[derive(Clone, Copy)]
pub struct Rules<'a> {
    pub policy: &'a Policy,
    pub plan: &'a Prepared<'a>,
}

impl<'a> Rules<'a> {
    /// The findings of a bucket; `ranks` are theirs over the county.
    ///
    /// # Errors
    /// When a column of the facts doesn't hold what the dictionary says.
    pub fn find<'f>(&'f self, population: &'f Population<'f>, ranks: &[u32]) -> Result<Findings<'f>> {
        let mut findings = screening::stage::find(self.policy, self.plan, population)?;
        findings.rank(ranks);
        Ok(findings)
    }
}

/// Settles what all households had to be asked about, asks the rules, and ranks what they found.
///
/// # Errors
/// When the disk is full or refuses.
pub fn screen(buckets: &Buckets, doubtful: &[Doubtful], rules: Rules<'_>, done: &dyn Fn(u64)) -> Result<Screened> {
    let trust = Trust::new(doubtful.iter());
    let mut screening = Screening::default();
    for (at, doubtful) in doubtful.iter().enumerate() {
        let mut facts = buckets.take(at)?;
        facts.settle(doubtful, &trust);
        let bucket = buckets.bucket(at)?;
        screening.add(OfBucket::find(&bucket, &facts, rules)?, &facts);
        done(bucket.assembly.households.len() as u64);
        buckets.keep(at, facts)?;
    }
    Ok(screening.done())
}

/// What the rules say of one bucket.
#[derive(Serialize, Deserialize)]
pub struct OfBucket {
    orders: Vec<Order>,
    tallies: Vec<Tally>,
    found: u64,
    undetermined: u64,
    counted: Counted,
    areas: Vec<Option<AreaCode>>,
}

impl OfBucket {
    /// Asks the rules of a bucket whose facts are settled.
    ///
    /// # Errors
    /// When a column of the facts doesn't hold what the dictionary says.
    pub fn find(bucket: &Bucket, facts: &Facts, rules: Rules<'_>) -> Result<Self> {
        let population = Population::new(&bucket.assembly, facts, &bucket.links);
        let findings = screening::stage::find(rules.policy, rules.plan, &population)?;
        let undetermined = findings.list.iter().filter(|finding| finding.outcome == Truth::Undetermined).count();
        Ok(Self {
            orders: findings.orders().collect(),
            tallies: findings.tallies.clone(),
            found: (findings.list.len() - undetermined) as u64,
            undetermined: undetermined as u64,
            counted: findings.counted(),
            areas: bucket.assembly.households.iter().map(|household| household.area).collect(),
        })
    }
}

/// Buckets' answers on their way to the county's.
#[derive(Default)]
pub struct Screening {
    orders: Vec<Vec<Order>>,
    screened: Screened,
}

impl Screening {
    /// Adds the next bucket's.
    pub fn add(&mut self, of: OfBucket, facts: &Facts) {
        let OfBucket { orders, tallies, found, undetermined, counted, areas } = of;
        let all = &mut self.screened;
        self.orders.push(orders);
        match all.tallies.as_mut_slice() {
            [] => all.tallies = tallies,
            known => known.iter_mut().zip(&tallies).for_each(|(known, more)| known.add(more)),
        }
        all.undetermined += undetermined;
        all.found += found;
        all.counted = all.counted.plus(counted);
        all.measured.append(screening::stage::measured(&facts.households));
        all.areas.extend(areas);
    }

    /// Ranks what was found in all of them.
    #[must_use]
    pub fn done(self) -> Screened {
        Screened { ranks: ranks(&self.orders), ..self.screened }
    }
}

impl Screened {
    #[must_use]
    pub fn measures(&self, county: AreaCode, lines: Lines) -> Vec<PlaceMeasure> {
        measures(&self.measured, &self.areas, county, lines)
    }
}

/// The files findings are told in.
pub struct Files<'a> {
    pub parquet: &'a Path,
    pub json: &'a Path,
    pub sheet: &'a Path,
    pub report: &'a Path,
}

/// Explained findings of one bucket, laid aside until their turn among the county's comes.
struct Told {
    windows: Vec<Blob>,
    /// The bucket's part of the sheet and of the report.
    sheet: Table,
    villages: Blob,
}

/// Explains the findings bucket by bucket and writes them by rank.
///
/// # Errors
/// When the disk is full or refuses.
pub fn tell(
    buckets: &Buckets,
    screened: &Screened,
    rules: Rules<'_>,
    village: &(dyn Fn(AreaCode) -> Option<String> + Sync),
    shelf: &Shelf,
    files: &Files<'_>,
    done: &dyn Fn(u64),
) -> Result<()> {
    let drawer = shelf.drawer("findings");
    let (mut told, mut begun) = (Vec::new(), (Vec::new(), Vec::new()));
    for (at, ranks) in screened.ranks.iter().enumerate() {
        let opened = buckets.open(at)?;
        let population = Population::new(&opened.bucket.assembly, &opened.facts, &opened.bucket.links);
        let findings = rules.find(&population, ranks)?;
        if at == 0 {
            findings.begin_json(&mut begun.0)?;
            findings.begin_report(screened.counted, &mut begun.1)?;
        }
        told.push(explain(&opened, &findings, village, &drawer, done)?);
    }
    let order = by_rank(&screened.ranks);
    let sheets: Vec<Table> = told.iter_mut().map(|told| std::mem::take(&mut told.sheet)).collect();
    let mut next = vec![0; sheets.len()];
    let shown = order.iter().take(SHEET_ROWS).map(|bucket| {
        let at = &mut next[usize::from(*bucket)];
        *at += 1;
        (usize::from(*bucket), *at - 1)
    });
    publish::sheet(files.sheet, &sheets, shown)?;
    let said = |problem: batch::Problem| anyhow!("{problem}");
    batch::write_whole(files.report, |file| {
        file.write_all(&begun.1)?;
        told.iter().try_for_each(|told| file.write_all(&drawer.get(&told.villages).map_err(other)?))?;
        file.write_all(END_OF_REPORT)
    })
    .map_err(said)?;
    let mut parquet = Growing::new(files.parquet.to_owned());
    let mut failed = Ok(());
    let written = batch::write_whole(files.json, |file| {
        let mut json = BufWriter::with_capacity(1 << 20, file);
        json.write_all(&begun.0)?;
        let merged = Merged { drawer: &drawer, told, order: &order, entries: Entries::new(rules.plan) };
        failed = merged.write(&mut json, &mut parquet);
        if failed.is_err() {
            return Err(io::ErrorKind::Other.into());
        }
        json.write_all(END_OF_JSON)?;
        json.flush()
    });
    failed?;
    written.map_err(said)?;
    parquet.finish()
}

fn other(problem: batch::Problem) -> io::Error {
    io::Error::other(problem.to_string())
}

/// The bucket of every finding, by rank.
fn by_rank(ranks: &[Vec<u32>]) -> Vec<u16> {
    let mut order = vec![0; ranks.iter().map(Vec::len).sum()];
    for (bucket, ranks) in ranks.iter().enumerate() {
        ranks.iter().for_each(|rank| order[*rank as usize - 1] = bucket as u16);
    }
    order
}

fn explain(
    opened: &Opened,
    findings: &Findings<'_>,
    village: &(dyn Fn(AreaCode) -> Option<String> + Sync),
    drawer: &Drawer,
    done: &dyn Fn(u64),
) -> Result<Told> {
    let put = |bytes| drawer.put(bytes).map_err(|problem| anyhow!("{problem}"));
    let ledger = opened.ledger();
    let delivered = Delivered::new(&ledger, &opened.facts, &opened.bucket.resources);
    let (heads, all) = (opened.heads(), findings.list.len());
    let names = Names { heads: &heads, village };
    let shown = findings.list.partition_point(|finding| finding.rank as usize <= SHEET_ROWS);
    let mut villages = Vec::new();
    findings.write_villages(&names, &mut villages)?;
    let sheet = findings.sheet(0..shown, &names)?;
    let mut windows = Vec::new();
    for from in (0..all).step_by(WINDOW) {
        let window = from..all.min(from + WINDOW);
        let mut entries = findings.entries(window.clone());
        for (json, ends) in findings.json(window.clone(), &delivered)? {
            let of: Vec<Entry> = entries.by_ref().take(ends.len()).collect();
            windows.push(put(packed(&(of, (ends, json))))?);
        }
        done(window.len() as u64);
    }
    Ok(Told { windows, sheet, villages: put(villages)? })
}

/// The buckets' findings on their way into one file.
struct Merged<'a> {
    drawer: &'a Drawer,
    told: Vec<Told>,
    order: &'a [u16],
    entries: Entries<'a>,
}

/// Findings of one bucket whose turn is next.
#[derive(Default)]
struct Front {
    entries: Vec<Entry>,
    ends: Vec<u64>,
    json: Vec<u8>,
    at: usize,
}

impl Front {
    fn next(&mut self) -> (Entry, &[u8]) {
        let from = self.at.checked_sub(1).map_or(0, |before| self.ends[before]);
        self.at += 1;
        (self.entries[self.at - 1], &self.json[from as usize..self.ends[self.at - 1] as usize])
    }
}

impl Merged<'_> {
    fn write(self, json: &mut impl Write, parquet: &mut Growing) -> Result<()> {
        let mut waiting: Vec<_> = self.told.into_iter().map(|told| told.windows.into_iter()).collect();
        let mut fronts: Vec<Front> = waiting.iter().map(|_| Front::default()).collect();
        let mut rows = Vec::with_capacity(WINDOW);
        for bucket in self.order {
            let bucket = usize::from(*bucket);
            let front = &mut fronts[bucket];
            if front.at == front.entries.len() {
                let blob = waiting[bucket].next().ok_or_else(crate::aside::damaged)?;
                let (entries, (ends, json)) = fetched(self.drawer, &blob)?;
                *front = Front { entries, ends, json, at: 0 };
            }
            let (entry, bytes) = front.next();
            json.write_all(bytes)?;
            rows.push(entry);
            if rows.len() == WINDOW {
                parquet.write(&self.entries.columns(&rows))?;
                rows.clear();
            }
        }
        // Even nothing has its columns.
        if !rows.is_empty() || self.order.is_empty() {
            parquet.write(&self.entries.columns(&rows))?;
        }
        Ok(())
    }
}

/// Writes `facts.parquet`, bucket by bucket.
///
/// # Errors
/// When the disk is full or refuses.
pub fn provenance(buckets: &Buckets, path: &Path, done: &dyn Fn(u64)) -> Result<()> {
    let mut file = Some(FactsFile::new(path.to_owned()));
    for at in 0..buckets.len() {
        let opened = buckets.open(at)?;
        let (ledger, households) = (opened.ledger(), opened.bucket.assembly.households.len());
        if let Some(file) = &mut file {
            file.write(&ledger, households, done)?;
        }
        if at + 1 == buckets.len() {
            file.take().map_or(Ok(()), |file| file.finish(&ledger))?;
        }
    }
    Ok(())
}

impl Opened {
    #[must_use]
    pub fn ledger(&self) -> Ledger<'_> {
        Ledger::new(&self.bucket.resources, &self.bucket.links, &self.bucket.assembly, &self.facts)
    }

    /// The name each household goes by: its head's, or its first member's.
    #[must_use]
    pub fn heads(&self) -> Vec<String> {
        let assembly = &self.bucket.assembly;
        let head = RELATIONS.iter().position(|relation| *relation == "head").map(|at| at as u8);
        let name = |household| {
            let people = assembly.people_of(household);
            let of_head = people.iter().find(|person| person.relation == head && person.standing.counts());
            let person = of_head.or_else(|| people.first());
            person.map_or_else(String::new, |p| self.bucket.links.people[p.person as usize].name.clone())
        };
        (0..assembly.households.len() as u32).map(name).collect()
    }
}
