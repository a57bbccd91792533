//! `places` under `[link]`: what became of place codes that are no more.

use anyhow::{Result, anyhow};
use batch::{Chunk, Consumer, Dialect, Encoding, Format, Problem, Source, Wording};
use std::collections::BTreeMap;
use std::path::Path;
use values::AreaCode;
use values::columns::Texts;

struct Changes<'a>(&'a str);

impl Consumer for Changes<'_> {
    type Part = Vec<Texts>;

    fn columns(&self, _source: usize, header: &[String]) -> batch::Result<Vec<usize>> {
        let place = |name: &str| header.iter().position(|column| column == name).ok_or_else(|| missing(self.0, name));
        Ok(vec![place("code")?, place("successors")?])
    }

    fn part(&self, _source: usize, chunk: Chunk) -> Vec<Texts> {
        chunk.columns
    }
}

fn missing(file: &str, name: &str) -> Problem {
    Problem::new(
        file,
        Wording::new(format!("没有列 {name}"), format!("it has no column {name}")),
        Wording::new("地名表须有 code 与 successors 两列", "a table of places has the columns code and successors"),
    )
}

/// For each code with successors, these; several stand in one cell with `;` between them.
///
/// # Errors
/// A sentence that names the file which can't be read, or the row with a code that is none.
pub fn read(folder: &Path, name: &str) -> Result<BTreeMap<u64, Vec<u64>>> {
    let format = Format::Csv { path: folder.join(name), dialect: Dialect::default(), encoding: Encoding::Utf8 };
    let source = Source { name: name.to_owned(), format };
    let parts = batch::read_all(&[source], &Changes(name)).remove(0).map_err(|problem| anyhow!("{problem}"))?;
    let (mut changes, mut row) = (BTreeMap::new(), 0);
    for part in &parts {
        for (code, successors) in part[0].iter().zip(part[1].iter()) {
            row += 1;
            let successors = successors.unwrap_or_default().split(';').map(str::trim).filter(|code| !code.is_empty());
            let read = |code: &str| {
                let wrong = |e| anyhow!("{name}: row {row}: \"{code}\" is no place code: {e}; write 12 digits");
                AreaCode::parse(code).map(|code| code.0).map_err(wrong)
            };
            let successors = successors.map(read).collect::<Result<Vec<u64>>>()?;
            if !successors.is_empty() {
                changes.insert(read(code.unwrap_or_default())?, successors);
            }
        }
    }
    Ok(changes)
}
