//! Reading deliveries on many machines: each takes some blocks of a file.

use super::reading::{Mappings, reverted, rows};
use super::{Origin, folder};
use crate::cluster::{Cluster, Stage, Task};
use anyhow::{Context, Result, anyhow, bail};
use batch::{Chunk, Consumer, Source};
use exchange::{FileKind, Places};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::path::Path;
use values::Day;
use values::columns::{Pack, packed};

/// Some blocks of one delivered file: every `of`-th, from the `share`-th on. Each machine cuts the whole file, which is
/// quick, and parses and maps its own blocks, which is the work.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Share {
    /// Which file, in the order of departments and names.
    resource: usize,
    share: usize,
    of: usize,
    as_of: Option<Day>,
}

/// A file of less isn't cut.
const LEAST: u64 = 8 << 20;
/// Every machine cuts the whole file: more shares than this cost more than they bring.
const MOST: u64 = 16;

/// What one machine found in its share.
#[derive(Default)]
struct Read {
    header: Vec<String>,
    /// Blocks by their number, as [`exchange::stage::Part::send`] gives them.
    blocks: Vec<(u64, Vec<u8>)>,
    problem: Option<batch::Problem>,
}

impl Share {
    /// Reads and maps this share of a county's folder.
    ///
    /// # Errors
    /// When the county's own description can't be read.
    pub(crate) fn standardise(&self, county: &Path) -> Result<Vec<u8>> {
        let told = |problem: exchange::Problem| anyhow!("{problem}");
        let described = folder::county(county, self.as_of).map_err(told)?;
        let (places, mut problems) = folder::places(county, &described).map_err(told)?;
        let origins = folder::origins(county, folder::packages(county, &mut problems).map_err(told)?);
        let origin = origins.get(self.resource).context("the county has no such resource")?;
        let mut read = Read::default();
        if let Err(problem) = self.fill(origin, &places, &mut read) {
            read.problem = Some(problem);
        }
        Ok(read.pack())
    }

    fn fill(&self, origin: &Origin, places: &Places, read: &mut Read) -> batch::Result<()> {
        let mut blocks = origin.source.open()?;
        read.header = blocks.header().to_vec();
        // What is wrong with the header is found again, and told, where the shares come together.
        let (mapping, _) = origin.mapping(places, origin.depth, &read.header).map_err(reverted)?;
        let wanted = mapping.wanted();
        blocks.want(&wanted);
        let mut number = 0;
        while let Some(block) = blocks.next_block()? {
            if number % self.of == self.share {
                let chunk = Chunk { block: number, ..block.read(&wanted)? };
                read.blocks.push((number as u64, mapping.part(rows(chunk)).send()));
            }
            number += 1;
        }
        Ok(())
    }

    fn output(&self) -> String {
        format!("intake/{:03}-{:03}-of-{:03}", self.resource, self.share, self.of)
    }
}

impl Read {
    fn pack(&self) -> Vec<u8> {
        let problem = self.problem.as_ref().and_then(|problem| serde_json::to_string(problem).ok());
        let mut out = packed(&self.header);
        problem.pack(&mut out);
        (self.blocks.len() as u64).pack(&mut out);
        for block in &self.blocks {
            block.pack(&mut out);
        }
        out
    }

    fn unpack(mut bytes: &[u8]) -> Option<Self> {
        let from = &mut bytes;
        let header = Pack::unpack(from)?;
        let problem = Option::<String>::unpack(from)?;
        let problem = problem.map(|text| serde_json::from_str(&text)).transpose().ok()?;
        let count = u64::unpack(from)?;
        let blocks = (0..count).map(|_| Pack::unpack(from)).collect::<Option<_>>()?;
        from.is_empty().then_some(Self { header, blocks, problem })
    }
}

/// Some of the sources, read on this machine.
struct Here<'a, 'm> {
    mappings: &'a Mappings<'m>,
    sources: &'a [usize],
}

impl Consumer for Here<'_, '_> {
    type Part = ();

    fn columns(&self, source: usize, header: &[String]) -> batch::Result<Vec<usize>> {
        self.mappings.columns(self.sources[source], header)
    }

    fn at(&self, source: usize, share: f64) {
        self.mappings.at(self.sources[source], share);
    }

    fn part(&self, source: usize, chunk: Chunk) {
        self.mappings.part(self.sources[source], chunk);
    }
}

/// A county's folder on its way to the machines.
pub(super) struct HandedIn<'a> {
    pub cluster: &'a Cluster,
    pub folder: &'a Path,
    pub as_of: Option<Day>,
}

impl HandedIn<'_> {
    /// Has every file read by the machines, and databases, whose address may hold a password, here.
    pub(super) fn read(&self, mappings: &Mappings<'_>) -> Result<Vec<batch::Result<()>>> {
        let common = self.hand_in_descriptions(mappings.origins)?;
        let mut shares: Vec<Vec<Share>> = Vec::new();
        let mut tasks = Vec::new();
        for (resource, origin) in mappings.origins.iter().enumerate() {
            let own = self.shares(resource, origin)?;
            let file = own.iter().find_map(|_| self.name(origin));
            tasks.extend(own.iter().map(|share| Task {
                stage: Stage::Standardise(*share),
                inputs: common.iter().cloned().chain(file.clone()).collect(),
                output: share.output(),
            }));
            shares.push(own);
        }
        self.cluster.run(&tasks)?;
        let here: Vec<usize> = (0..shares.len()).filter(|at| shares[*at].is_empty()).collect();
        let sources: Vec<Source> = here.iter().map(|at| mappings.origins[*at].source.clone()).collect();
        let mut read_here = batch::read_all(&sources, &Here { mappings, sources: &here }).into_iter();
        let gathered = shares.par_iter().enumerate().filter(|(_, shares)| !shares.is_empty());
        let mut gathered: Vec<Result<batch::Result<()>>> =
            gathered.map(|(source, shares)| self.gather(mappings, source, shares)).collect();
        gathered.reverse();
        let mut outcome = |shares: &Vec<Share>| match shares[..] {
            [] => Ok(read_here.next().map_or(Ok(()), |outcome| outcome.map(drop))),
            _ => gathered.pop().unwrap_or(Ok(Ok(()))),
        };
        shares.iter().map(&mut outcome).collect()
    }

    /// The county, its places and every delivery's description: who maps one file needs them.
    fn hand_in_descriptions(&self, origins: &[Origin]) -> Result<Vec<String>> {
        let county = folder::county(self.folder, self.as_of).map_err(|problem| anyhow!("{problem}"))?;
        let mut names = vec!["county.toml".to_owned(), county.places];
        for entry in std::fs::read_dir(self.folder).with_context(|| self.folder.display().to_string())? {
            let home = entry?.file_name().to_string_lossy().into_owned();
            let name = format!("{home}/datapackage.json");
            if home != "truth" && self.folder.join(&name).is_file() {
                names.push(name);
            }
        }
        // A missing file is told by whoever looks for it.
        let files =
            origins.iter().filter_map(|origin| self.name(origin)).map(|name| name["county/".len()..].to_owned());
        let mut handed: Vec<String> = files.filter(|name| self.folder.join(name).is_file()).collect();
        handed.extend(names.iter().cloned());
        handed.sort();
        handed.dedup();
        for name in handed {
            self.cluster.hand_in(&self.folder.join(&name), &format!("county/{name}"))?;
        }
        Ok(names.into_iter().map(|name| format!("county/{name}")).collect())
    }

    /// What the machines know a resource's file by.
    fn name(&self, origin: &Origin) -> Option<String> {
        let inside = origin.source.path()?.strip_prefix(self.folder).ok()?;
        Some(format!("county/{}", inside.display()))
    }

    /// How a resource is shared out; not at all where it lies in a database, outside the folder, or nowhere.
    fn shares(&self, resource: usize, origin: &Origin) -> Result<Vec<Share>> {
        let path = self.name(origin).and(origin.source.path()).filter(|path| path.is_file());
        let Some(path) = path else { return Ok(Vec::new()) };
        let size = path.metadata().with_context(|| path.display().to_string())?.len();
        let of = match origin.spec.file {
            // What it holds may lie in files beside it, in several states.
            FileKind::Database { .. } => return Ok(Vec::new()),
            // A workbook is read from front to back, whoever wants how much of it.
            FileKind::Xlsx { .. } => 1,
            _ => size.div_ceil(LEAST).clamp(1, MOST) as usize,
        };
        Ok((0..of).map(|share| Share { resource, share, of, as_of: self.as_of }).collect())
    }

    /// Puts what the machines found together, as if it had been read here.
    fn gather(&self, mappings: &Mappings<'_>, source: usize, shares: &[Share]) -> Result<batch::Result<()>> {
        let mut is_mapped = false;
        for share in shares {
            let path = self.cluster.path(&share.output());
            let bytes = std::fs::read(&path).with_context(|| format!("{} can't be read", path.display()))?;
            let read =
                Read::unpack(&bytes).with_context(|| format!("{} is not what a machine wrote", path.display()))?;
            if let Some(problem) = read.problem {
                return Ok(Err(problem));
            }
            if !is_mapped && let Err(problem) = mappings.columns(source, &read.header) {
                return Ok(Err(problem));
            }
            is_mapped = true;
            for (block, part) in read.blocks {
                if !mappings.receive(source, block as usize, &part) {
                    bail!("{} is not what a machine of this version wrote", path.display());
                }
            }
            mappings.at(source, (share.share + 1) as f64 / share.of as f64);
        }
        Ok(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{county, deliver, put, subsidy};
    use super::{Read, Share};
    use serde_json::json;

    #[test]
    fn the_shares_of_a_large_file_are_its_blocks() {
        let folder = county();
        deliver(&folder, "subsidies", json!({}), json!([subsidy("paid", "paid.csv")]));
        let row = |at: usize| format!("王芳,11010519491231002X,上湾村,{at},a\n");
        let rows: String = (0..250_000).map(row).collect();
        put(&folder, "subsidies/paid.csv", format!("姓名,证件号,区划,金额,流水\n{rows}"));
        let blocks = |share: usize, of: usize| {
            let share = Share { resource: 0, share, of, as_of: None };
            let read = Read::unpack(&share.standardise(folder.path()).unwrap()).unwrap();
            assert!(read.problem.is_none() && read.header.len() == 5);
            read.blocks
        };
        let whole = blocks(0, 1);
        assert!(whole.len() >= 3, "{} blocks", whole.len());
        let mut shared: Vec<_> = (0..3).flat_map(|share| blocks(share, 3)).collect();
        shared.sort_by_key(|(number, _)| *number);
        assert!(shared == whole);
    }
}
