//! Reading: a source is opened, cut into blocks one after the other, and its blocks are read on any core.

mod bytes;
pub(crate) mod columns;
mod csv;
pub(crate) mod database;
mod jsonl;
mod pages;
mod parquet;
mod schedule;
mod texts;
pub(crate) mod xlsx;

pub use schedule::{Consumer, read_all};
pub use texts::texts;

use crate::{Chunk, Problem, Result, Wording};
use std::path::{Path, PathBuf};

/// Something with rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The name people know it by; problems carry it.
    pub name: String,
    pub format: Format,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Format {
    Csv {
        path: PathBuf,
        dialect: Dialect,
        encoding: Encoding,
    },
    /// `sheet` may be left out where the workbook has one sheet only.
    Xlsx {
        path: PathBuf,
        sheet: Option<String>,
    },
    Parquet {
        path: PathBuf,
    },
    JsonLines {
        path: PathBuf,
    },
    /// `url` is `sqlite:` with a path, or `postgres://…`.
    Database {
        url: String,
        table: String,
    },
}

/// How cells stand in a text file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dialect {
    pub delimiter: u8,
    pub quote: Option<u8>,
    /// The names of the columns, where the file has no header line.
    pub header: Option<Vec<String>>,
}

impl Default for Dialect {
    fn default() -> Self {
        Self { delimiter: b',', quote: Some(b'"'), header: None }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    #[default]
    Utf8,
    Gb18030,
}

impl Source {
    /// Opens it and reads its header.
    ///
    /// # Errors
    /// When it is missing, empty, a directory, damaged, of another format, or a database that doesn't answer.
    pub fn open(&self) -> Result<Blocks> {
        if let Some(path) = self.path() {
            self.check_file(path)?;
        }
        match &self.format {
            Format::Csv { path, dialect, encoding } => csv::open(&self.name, path, dialect, *encoding),
            Format::Xlsx { path, sheet } => xlsx::open(&self.name, path, sheet.as_deref()),
            Format::Parquet { path } => parquet::open(&self.name, path),
            Format::JsonLines { path } => jsonl::open(&self.name, path),
            Format::Database { url, table } => database::open(&self.name, url, table, database::PATIENCE),
        }
    }

    /// The file it stands in; `None` for a database server.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        match &self.format {
            Format::Csv { path, .. }
            | Format::Xlsx { path, .. }
            | Format::Parquet { path }
            | Format::JsonLines { path } => Some(path),
            Format::Database { url, .. } => url.strip_prefix("sqlite:").map(Path::new),
        }
    }

    /// Whether its cells have types of their own, so that a date may come as ISO 8601 whatever the file's text format is.
    #[must_use]
    pub const fn is_typed(&self) -> bool {
        matches!(self.format, Format::Xlsx { .. } | Format::Parquet { .. } | Format::Database { .. })
    }

    fn check_file(&self, path: &Path) -> Result<()> {
        let about = std::fs::metadata(path).map_err(|e| Problem::unreadable(&self.name, &e))?;
        if about.is_dir() {
            return Err(Problem::directory(&self.name));
        }
        if about.is_file() && about.len() == 0 {
            return Err(Problem::empty(&self.name));
        }
        Ok(())
    }
}

/// An opened source: its header, and its rows still to come.
pub struct Blocks {
    header: Vec<String>,
    blocks: Box<dyn Cut>,
}

impl Blocks {
    pub(crate) fn new(header: Vec<String>, blocks: impl Cut + 'static) -> Self {
        Self { header, blocks: Box::new(blocks) }
    }

    #[must_use]
    pub fn header(&self) -> &[String] {
        &self.header
    }

    /// Tells which columns will be asked of every block, so that a database sends no others.
    pub fn want(&mut self, wanted: &[usize]) {
        self.blocks.want(wanted);
    }

    /// How much of the source has been cut so far, from 0 to 1, where that can be told before its end.
    #[must_use]
    pub fn share(&self) -> f64 {
        self.blocks.share()
    }

    /// The next part of the source, or `None` at its end. Quick: the work is in [`Block::read`].
    ///
    /// # Errors
    /// When the source fails in the middle.
    pub fn next_block(&mut self) -> Result<Option<Block>> {
        Ok(self.blocks.cut()?.map(Block))
    }
}

/// A part of a source that any core can turn into columns.
pub struct Block(Box<dyn Parse>);

impl Block {
    /// The cells of the wanted columns, each an index into the header.
    ///
    /// # Errors
    /// When this part of the source is damaged.
    pub fn read(self, wanted: &[usize]) -> Result<Chunk> {
        self.0.parse(wanted)
    }
}

pub(crate) trait Cut: Send {
    /// Tells which columns will be asked for, before the first block is cut.
    fn want(&mut self, _wanted: &[usize]) {}

    fn cut(&mut self) -> Result<Option<Box<dyn Parse>>>;

    /// How much of the source has been cut so far, from 0 to 1, where that can be told before its end.
    fn share(&self) -> f64 {
        0.0
    }
}

pub(crate) trait Parse: Send {
    fn parse(self: Box<Self>, wanted: &[usize]) -> Result<Chunk>;
}

/// For each column of the header, its place among the wanted ones.
fn places(columns: usize, wanted: &[usize]) -> Vec<Option<usize>> {
    let mut places = vec![None; columns];
    for (place, column) in wanted.iter().enumerate() {
        places[*column] = Some(place);
    }
    places
}

fn damaged(file: &str, format: &str, error: &dyn std::fmt::Display) -> Problem {
    Problem::new(
        file,
        Wording::new(format!("不是完好的 {format} 文件：{error}"), format!("not a sound {format} file: {error}")),
        Wording::new("请重新导出该文件", "export the file again"),
    )
}

/// Writes a binary figure as a spreadsheet shows it. From 10¹⁵ on the last digits are lost, and the figure says so: `5.1E+17`.
fn real_text(value: f64, text: &mut String) -> bool {
    use std::fmt::Write;
    if !value.is_finite() {
        return false;
    }
    if value.abs() < 1e15 {
        return write!(text, "{value}").is_ok();
    }
    let start = text.len();
    let written = write!(text, "{value:E}").is_ok();
    if let Some(at) = text[start..].find('E') {
        text.insert(start + at + 1, '+');
    }
    written
}
