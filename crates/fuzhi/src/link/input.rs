//! Reading the inputs of a linkage job: each part of a file is packed while it is at hand.

use crate::wrong_usage::WrongUsage;
use anyhow::{Context, Result, anyhow};
use batch::{Chunk, Consumer, Dialect, Encoding, Format, Problem, Source, Wording};
use fellegi::{Digest, InputSpec, Records, Scheme, Spec};
use rayon::prelude::*;
use std::io::Read as _;
use std::path::Path;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use values::columns::Texts;

/// What is kept of an input beside its packed records.
pub struct Input {
    pub name: String,
    pub ids: Texts,
}

/// All inputs, and what is doubtful about them.
pub struct Read {
    pub inputs: Vec<Input>,
    pub records: Records,
    pub warnings: Vec<String>,
}

/// Takes an input's id and the columns that have a role, and packs them while they are at hand.
struct Wanted<'a> {
    spec: &'a Spec,
    scheme: &'a Scheme,
    /// For each input, for each common column, whether the file has it.
    present: Vec<OnceLock<Vec<bool>>>,
    /// Bytes that what is kept may take.
    limit: u64,
    taken: AtomicU64,
    records: AtomicU64,
}

impl Consumer for Wanted<'_> {
    type Part = (Texts, Records);

    fn columns(&self, source: usize, header: &[String]) -> batch::Result<Vec<usize>> {
        let input = &self.spec.input[source];
        let place = |name: &str| header.iter().position(|column| column == name);
        let id = place(&input.id).ok_or_else(|| no_id(input))?;
        let places: Vec<Option<usize>> = self.spec.columns().map(|(common, _)| place(input.column(common))).collect();
        self.present[source].get_or_init(|| places.iter().map(Option::is_some).collect());
        Ok(std::iter::once(id).chain(places.into_iter().flatten()).collect())
    }

    fn part(&self, source: usize, chunk: Chunk) -> Self::Part {
        let mut columns = chunk.columns.into_iter();
        let ids = columns.next().unwrap_or_default();
        let columns: Vec<Texts> = columns.collect();
        let mut next = columns.iter();
        let present = self.present[source].get().map_or(&[] as &[bool], Vec::as_slice);
        let fields: Vec<Option<&Texts>> = present.iter().map(|is| if *is { next.next() } else { None }).collect();
        // What is beyond the limit isn't kept: the caller says so.
        if self.taken.load(Ordering::Relaxed) > self.limit {
            return (Texts::default(), Records::default());
        }
        let records = Records::pack(self.scheme, ids.len(), &fields);
        self.records.fetch_add(records.len() as u64, Ordering::Relaxed);
        self.taken.fetch_add((records.size() + ids.size()) as u64, Ordering::Relaxed);
        (ids, records)
    }
}

fn no_id(input: &InputSpec) -> Problem {
    Problem::new(
        &input.path,
        Wording::new(format!("没有列 {}", input.id), format!("it has no column {}", input.id)),
        Wording::new("请在规格里把 id 写成文件里的列名", "name a column of the file as `id` in the specification"),
    )
}

/// Reads all inputs, in the order of the specification; the records of all stand one behind the other and take no more
/// than `limit` bytes.
///
/// # Errors
/// A sentence that names the file which can't be read, or lacks its id; [`WrongUsage`] when the limit is too low.
pub fn read(spec: &Spec, scheme: &Scheme, folder: &Path, limit: u64) -> Result<Read> {
    let sources = spec.input.iter().map(|input| source(input, folder)).collect::<Result<Vec<_>>>()?;
    let wanted = Wanted {
        spec,
        scheme,
        present: spec.input.iter().map(|_| OnceLock::new()).collect(),
        limit,
        taken: AtomicU64::new(0),
        records: AtomicU64::new(0),
    };
    let read = batch::read_all(&sources, &wanted);
    let (taken, packed) = (wanted.taken.load(Ordering::Relaxed), wanted.records.load(Ordering::Relaxed).max(1));
    if taken > limit {
        return Err(WrongUsage::new(format!(
            "--memory is too little for these files: their records take {} bytes each and have to fit, {} MB with the program's own share were not enough for the first {packed}; give more, or link a part of the columns or of the rows",
            taken / packed,
            limit >> 20,
        ))
        .into());
    }
    let (mut inputs, mut records) = (Vec::new(), Vec::new());
    for (input, parts) in spec.input.iter().zip(read) {
        let (ids, packed): (Vec<Texts>, Vec<Records>) =
            parts.map_err(|problem| anyhow!("{problem}"))?.into_iter().unzip();
        records.extend(packed);
        inputs.push(Input { name: input.name.clone(), ids: Texts::concat(ids) });
    }
    let warnings = doubts(spec, &wanted, &inputs)?;
    Ok(Read { inputs, records: Records::concat(scheme, records), warnings })
}

/// What a person should know of the columns and ids before trusting the answer.
fn doubts(spec: &Spec, wanted: &Wanted, inputs: &[Input]) -> Result<Vec<String>> {
    let mut doubts = Vec::new();
    for (at, (common, _)) in spec.columns().enumerate() {
        let has = |input: &usize| wanted.present[*input].get().is_some_and(|present| present[at]);
        let (with, without): (Vec<usize>, Vec<usize>) = (0..spec.input.len()).partition(has);
        let names = without.iter().map(|input| {
            let input = &spec.input[*input];
            format!("{} ({})", input.path, input.column(common))
        });
        let names = names.collect::<Vec<_>>().join(", ");
        if with.is_empty() {
            let sentence = format!(
                "no input has the column {common} of [fields]: {names}; name it as the file does, in [fields] or in the input's columns = {{ {common} = \"…\" }}"
            );
            return Err(WrongUsage::new(sentence).into());
        }
        if !without.is_empty() {
            doubts.push(format!("{names}: no such column, {common} counts as missing there"));
        }
    }
    doubts.extend(inputs.par_iter().filter_map(id_doubts).collect::<Vec<_>>());
    Ok(doubts)
}

/// Whether ids are missing or stand twice: clusters.parquet can't be told apart by them then.
fn id_doubts(input: &Input) -> Option<String> {
    let ids = &input.ids;
    let ascending = ids.iter().zip(ids.iter().skip(1)).all(|(a, b)| a.is_some() && a < b);
    if ascending {
        return None;
    }
    let missing = ids.iter().filter(|id| id.is_none_or(str::is_empty)).count();
    let digest = |row: usize| ids.get(row).map(|id| (Digest::default().text(id).finish(), row));
    let mut digests: Vec<(u64, usize)> = (0..ids.len()).into_par_iter().filter_map(digest).collect();
    digests.par_sort_unstable();
    let twice: Vec<usize> = digests.windows(2).filter(|pair| pair[0].0 == pair[1].0).map(|pair| pair[1].1).collect();
    let named = twice.iter().min().and_then(|row| ids.get(*row)).unwrap_or_default();
    let said = match (missing, twice.len()) {
        (0, 0) => return None,
        (missing, 0) => format!("{missing} records have no id"),
        (0, twice) => format!("{twice} ids stand more than once, such as {named}"),
        (missing, twice) => {
            format!("{missing} records have no id and {twice} ids stand more than once, such as {named}")
        }
    };
    Some(format!("{}: {said}; records are told apart by their row only", input.name))
}

/// How much of a text file is looked at to tell how it is written.
const LOOKED_AT: u64 = 1 << 20;

/// The form of a text file, as far as the specification leaves it open: UTF-8 where it reads as that, else GB18030; the
/// delimiter that the header has most of.
fn text_form(input: &InputSpec, path: &Path) -> Result<(Dialect, Encoding)> {
    let mut head = Vec::new();
    // A folder, say, is told of where it is read.
    if let Some(file) = std::fs::File::open(path).ok().filter(|_| path.is_file()) {
        file.take(LOOKED_AT).read_to_end(&mut head).with_context(|| format!("{} can't be read", input.path))?;
    }
    let looks_utf8 = match std::str::from_utf8(&head) {
        Ok(_) => true,
        // A character cut by the end of what was looked at.
        Err(error) => error.error_len().is_none() && head.len() as u64 == LOOKED_AT,
    };
    let encoding = match input.encoding.as_deref().map(str::to_lowercase).as_deref() {
        None if looks_utf8 => Encoding::Utf8,
        None | Some("gb18030" | "gbk" | "gb2312") => Encoding::Gb18030,
        Some("utf-8" | "utf8" | "utf-8-sig") => Encoding::Utf8,
        Some(other) => {
            let sentence = format!("{}: encoding {other} is not read; utf-8 or gb18030", input.path);
            return Err(WrongUsage::new(sentence).into());
        }
    };
    let header = head.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let count = |delimiter: &u8| header.iter().filter(|byte| *byte == delimiter).count();
    // Of equally many the last.
    let delimiter = [b'|', b'\t', b';', b','].into_iter().max_by_key(count).unwrap_or(b',');
    Ok((Dialect { delimiter, ..Dialect::default() }, encoding))
}

fn source(input: &InputSpec, folder: &Path) -> Result<Source> {
    let path = folder.join(&input.path);
    if !path.exists() {
        let sentence = format!("{}: there is no such file; paths are relative to the specification", input.path);
        return Err(WrongUsage::new(sentence).into());
    }
    let ending = path.extension().map(|e| e.to_string_lossy().to_lowercase());
    let format = match input.format.as_deref().or(ending.as_deref()) {
        Some("csv" | "tsv" | "txt") => {
            let (dialect, encoding) = text_form(input, &path)?;
            Format::Csv { path, dialect, encoding }
        }
        Some("parquet") => Format::Parquet { path },
        Some("xlsx") => Format::Xlsx { path, sheet: input.sheet.clone() },
        Some("jsonl") => Format::JsonLines { path },
        other => {
            let other = other.unwrap_or("without an ending");
            let sentence =
                format!("{}: a file {other} is not read; give format = csv, parquet, xlsx or jsonl", input.path);
            return Err(WrongUsage::new(sentence).into());
        }
    };
    Ok(Source { name: input.path.clone(), format })
}
