//! Reading the inputs of a linkage job: each part of a file is packed while it is at hand.

use crate::wrong_usage::WrongUsage;
use anyhow::{Result, anyhow};
use batch::{Chunk, Consumer, Dialect, Encoding, Format, Problem, Source, Wording};
use fellegi::{InputSpec, Records, Scheme, Spec};
use std::path::Path;
use std::sync::OnceLock;
use values::columns::Texts;

/// What is kept of an input beside its packed records.
pub struct Input {
    pub name: String,
    pub ids: Texts,
}

/// Takes an input's id and the columns that have a role, and packs them while they are at hand.
struct Wanted<'a> {
    spec: &'a Spec,
    scheme: &'a Scheme,
    /// For each input, for each common column, whether the file has it.
    present: Vec<OnceLock<Vec<bool>>>,
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
        let records = Records::pack(self.scheme, ids.len(), &fields);
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

/// Reads all inputs, in the order of the specification; the records of all stand one behind the other.
///
/// # Errors
/// A sentence that names the file which can't be read, or lacks its id.
pub fn read(spec: &Spec, scheme: &Scheme, folder: &Path) -> Result<(Vec<Input>, Records)> {
    let sources = spec.input.iter().map(|input| source(input, folder)).collect::<Result<Vec<_>>>()?;
    let wanted = Wanted { spec, scheme, present: spec.input.iter().map(|_| OnceLock::new()).collect() };
    let (mut inputs, mut records) = (Vec::new(), Vec::new());
    for (input, parts) in spec.input.iter().zip(batch::read_all(&sources, &wanted)) {
        let mut ids = Texts::default();
        for (more, packed) in parts.map_err(|problem| anyhow!("{problem}"))? {
            ids.append(&more);
            records.push(packed);
        }
        inputs.push(Input { name: input.name.clone(), ids });
    }
    Ok((inputs, Records::concat(scheme, records)))
}

fn source(input: &InputSpec, folder: &Path) -> Result<Source> {
    let path = folder.join(&input.path);
    let ending = path.extension().map(|e| e.to_string_lossy().to_lowercase());
    let format = match input.format.as_deref().or(ending.as_deref()) {
        Some("csv") => Format::Csv { path, dialect: Dialect::default(), encoding: encoding(input)? },
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

fn encoding(input: &InputSpec) -> Result<Encoding> {
    match input.encoding.as_deref().map(str::to_lowercase).as_deref() {
        None | Some("utf-8" | "utf8" | "utf-8-sig") => Ok(Encoding::Utf8),
        Some("gb18030" | "gbk" | "gb2312") => Ok(Encoding::Gb18030),
        Some(other) => {
            Err(WrongUsage::new(format!("{}: encoding {other} is not read; utf-8 or gb18030", input.path)).into())
        }
    }
}
