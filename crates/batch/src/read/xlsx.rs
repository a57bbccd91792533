//! Workbooks: lists that people type, so they are small, and read whole after a look at what they unpack to.

use super::{Blocks, Cut, Parse, damaged, real_text};
use crate::{CELL_LIMIT, Chunk, Fault, FaultKind, Problem, Result, Wording};
use calamine::{DataRef, ExcelDateTime, Reader, SheetType, Xlsx, open_workbook_from_rs};
use std::fmt::Write;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;
use values::Day;
use values::columns::Texts;

/// A longer list is no list that people type: it belongs in CSV or Parquet.
const ROW_LIMIT: u32 = 100_000;
const COLUMN_LIMIT: u32 = 1_000;
/// All parts of a workbook unpacked: some 100 000 rows of 40 columns.
const UNPACKED_LIMIT: u64 = 512 << 20;

pub(super) fn open(name: &str, path: &Path, sheet: Option<&str>) -> Result<Blocks> {
    let file = File::open(path).map_err(|e| Problem::unreadable(name, &e))?;
    refuse_bomb(name, &file, UNPACKED_LIMIT)?;
    let reopened = File::open(path).map_err(|e| Problem::unreadable(name, &e))?;
    let mut workbook: Xlsx<_> =
        open_workbook_from_rs(BufReader::new(reopened)).map_err(|e: calamine::XlsxError| damaged(name, "XLSX", &e))?;
    let sheet = choose(name, &workbook, sheet)?;
    let cells = read(name, &mut workbook, &sheet)?;
    Ok(Blocks::new(cells.header, Whole(Some(cells.chunk))))
}

/// Unpacks every part without keeping it: what a part says of its own size may be a lie.
pub(crate) fn refuse_bomb(name: &str, file: &File, limit: u64) -> Result<()> {
    let mut archive = zip::ZipArchive::new(BufReader::new(file)).map_err(|e| damaged(name, "XLSX", &e))?;
    let mut left = limit;
    for i in 0..archive.len() {
        let part = archive.by_index(i).map_err(|e| damaged(name, "XLSX", &e))?;
        let declared = part.size();
        let unpacked = if declared > left {
            declared
        } else {
            std::io::copy(&mut part.take(left + 1), &mut std::io::sink()).map_err(|e| damaged(name, "XLSX", &e))?
        };
        left = left.checked_sub(unpacked).ok_or_else(|| {
            Problem::new(
                name,
                Wording::new(
                    "解压后超过 512 MB，疑似压缩炸弹，未打开",
                    "it unpacks to more than 512 MB, as a zip bomb does: not opened",
                ),
                Wording::new(
                    "请删去图片与空白行列，或改为 CSV 导出",
                    "remove pictures and empty rows and columns, or export as CSV",
                ),
            )
        })?;
    }
    Ok(())
}

fn choose(name: &str, workbook: &Xlsx<BufReader<File>>, wanted: Option<&str>) -> Result<String> {
    let sheets: Vec<&str> = workbook
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .map(|sheet| sheet.name.as_str())
        .collect();
    let listed = sheets.join("、");
    match (wanted, sheets.as_slice()) {
        (Some(wanted), _) if sheets.contains(&wanted) => Ok(wanted.to_owned()),
        (Some(wanted), _) => Err(Problem::new(
            name,
            Wording::new(
                format!("没有名为“{wanted}”的工作表；现有：{listed}"),
                format!("there is no sheet \"{wanted}\"; there are: {listed}"),
            ),
            Wording::new("请改正资源 fuzhi 中的 sheet", "correct `sheet` in the resource's `fuzhi`"),
        )),
        (None, [only]) => Ok((*only).to_owned()),
        (None, []) => Err(Problem::empty(name)),
        (None, _) => Err(Problem::new(
            name,
            Wording::new(
                format!("有 {} 张工作表（{listed}），未说明读哪一张", sheets.len()),
                format!("it has {} sheets ({listed}) and nothing says which one is meant", sheets.len()),
            ),
            Wording::new("请在资源的 fuzhi 中写明 sheet", "name the `sheet` in the resource's `fuzhi`"),
        )),
    }
}

struct Cells {
    header: Vec<String>,
    chunk: Chunk,
}

fn read(name: &str, workbook: &mut Xlsx<BufReader<File>>, sheet: &str) -> Result<Cells> {
    let failed = |e: calamine::XlsxError| damaged(name, "XLSX", &e);
    let mut reader = workbook.worksheet_cells_reader(sheet).map_err(failed)?;
    let mut table = Table::default();
    while let Some(cell) = reader.next_cell().map_err(failed)? {
        let (row, column) = cell.get_position();
        if column >= COLUMN_LIMIT || matches!(cell.get_value(), DataRef::Empty) {
            continue;
        }
        if table.row != Some(row) {
            table.end_row();
            table.row = Some(row);
        }
        if table.chunk.rows > ROW_LIMIT {
            break;
        }
        table.cell(column as usize, cell.get_value());
    }
    table.end_row();
    if table.chunk.rows > ROW_LIMIT {
        return Err(too_long(name));
    }
    if table.header.is_empty() {
        return Err(Problem::empty(name));
    }
    Ok(Cells { header: table.header, chunk: table.chunk })
}

fn too_long(name: &str) -> Problem {
    Problem::new(
        name,
        Wording::new("工作表超过 100 000 行", "the sheet has more than 100 000 rows"),
        Wording::new(
            "请从系统中导出为 CSV 或 Parquet，不要用表格软件转存",
            "export it from its system as CSV or Parquet, not through a spreadsheet",
        ),
    )
}

/// A sheet as it fills, row by row. The first row with anything in it is the header.
#[derive(Default)]
struct Table {
    header: Vec<String>,
    chunk: Chunk,
    row: Option<u32>,
    /// The cells of the row at hand, by column.
    cells: Vec<(usize, String)>,
    faults: Vec<(usize, FaultKind)>,
}

impl Table {
    fn cell(&mut self, column: usize, value: &DataRef<'_>) {
        let mut text = String::new();
        let written = match value {
            DataRef::Empty => return,
            DataRef::String(value) => write!(text, "{value}").is_ok(),
            DataRef::SharedString(value) => write!(text, "{value}").is_ok(),
            DataRef::Int(value) => write!(text, "{value}").is_ok(),
            DataRef::Float(value) => real_text(*value, &mut text),
            DataRef::Bool(value) => write!(text, "{value}").is_ok(),
            DataRef::DateTime(value) => date_text(value, &mut text),
            DataRef::DateTimeIso(value) | DataRef::DurationIso(value) => write!(text, "{value}").is_ok(),
            DataRef::Error(_) => return self.faults.push((column, FaultKind::Formula)),
        };
        if !written {
            self.faults.push((column, FaultKind::NotText));
        } else if text.len() > CELL_LIMIT {
            self.faults.push((column, FaultKind::TooLong { bytes: text.len() }));
        } else {
            self.cells.push((column, text));
        }
    }

    fn end_row(&mut self) {
        let is_blank = self.cells.iter().all(|(_, text)| text.trim().is_empty());
        if is_blank && self.faults.is_empty() {
            self.cells.clear();
            return;
        }
        if self.header.is_empty() {
            let width = self.cells.iter().map(|(column, _)| column + 1).max().unwrap_or(0);
            self.header = vec![String::new(); width];
            for (column, text) in self.cells.drain(..) {
                text.trim().clone_into(&mut self.header[column]);
            }
            self.chunk.columns = vec![Texts::default(); width];
            self.faults.clear();
            return;
        }
        self.chunk.rows += 1;
        let (row, columns) = (self.chunk.rows, self.header.len());
        let beyond = self.cells.iter().filter(|(column, text)| *column >= columns && !text.trim().is_empty());
        if let Some(cells) = beyond.map(|(column, _)| column + 1).max() {
            self.chunk.faults.push(Fault { row, column: None, kind: FaultKind::Long { cells, columns } });
            self.cells.clear();
            self.faults.clear();
            return;
        }
        self.chunk.numbers.push(row);
        self.cells.sort_by_key(|(column, _)| *column);
        let mut cells = self.cells.drain(..).peekable();
        for (column, texts) in self.chunk.columns.iter_mut().enumerate() {
            let text = cells.next_if(|(at, _)| *at == column);
            texts.push(text.as_ref().map(|(_, text)| text.as_str()));
        }
        drop(cells);
        let faults = self.faults.drain(..).filter(|(column, _)| *column < columns);
        self.chunk.faults.extend(faults.map(|(column, kind)| Fault { row, column: Some(column), kind }));
    }
}

/// ISO 8601, with the time of day where there is one.
fn date_text(value: &ExcelDateTime, text: &mut String) -> bool {
    let (year, month, day, hour, minute, second, _) = value.to_ymd_hms_milli();
    let day = i16::try_from(year).ok().and_then(|year| Day::from_ymd(year, month as i8, day as i8));
    let Some(day) = day else { return false };
    if (hour, minute, second) == (0, 0, 0) {
        return write!(text, "{day}").is_ok();
    }
    write!(text, "{day} {hour:02}:{minute:02}:{second:02}").is_ok()
}

/// The sheet as one block; its columns are already there.
struct Whole(Option<Chunk>);

impl Cut for Whole {
    fn cut(&mut self) -> Result<Option<Box<dyn Parse>>> {
        Ok(self.0.take().map(|chunk| Box::new(Sheet(chunk)) as Box<dyn Parse>))
    }
}

struct Sheet(Chunk);

impl Parse for Sheet {
    fn parse(self: Box<Self>, wanted: &[usize]) -> Result<Chunk> {
        let Self(mut chunk) = *self;
        let places = super::places(chunk.columns.len(), wanted);
        let mut all: Vec<Texts> = std::mem::take(&mut chunk.columns);
        chunk.columns = wanted.iter().map(|column| std::mem::take(&mut all[*column])).collect();
        chunk.faults.retain_mut(|fault| match fault.column {
            Some(column) => {
                fault.column = places[column];
                fault.column.is_some()
            }
            None => true,
        });
        Ok(chunk)
    }
}
