use super::rows::Rows;
use super::{name_of, partial, private_file};
use crate::{Cell, CellKind, Problem, Result, Wording};
use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};
use std::path::{Path, PathBuf};

/// A workbook with one sheet, for people: a bold header that stays in view. Rows leave memory as they come.
pub(super) struct Xlsx {
    path: PathBuf,
    workbook: Workbook,
    date: Format,
    row: u32,
}

/// Excel's day 0 is this many days before 1970-01-01.
const EPOCH: i32 = 25_569;

impl Xlsx {
    pub(super) fn create(path: &Path, sheet: &str, columns: &[(&str, CellKind)]) -> Result<Self> {
        let failed = |e| failed(path, &e);
        let mut workbook = Workbook::new();
        let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        workbook.set_tempdir(folder).map_err(failed)?;
        let worksheet = workbook.add_worksheet_with_constant_memory();
        let worksheet = worksheet.map_err(failed)?;
        begin(worksheet, sheet, columns).map_err(failed)?;
        Ok(Self { path: path.to_owned(), workbook, date: Format::new().set_num_format("yyyy-mm-dd"), row: 0 })
    }

    fn write(&mut self, cells: &[Cell<'_>]) -> Result<(), XlsxError> {
        self.row += 1;
        let sheet = self.workbook.worksheet_from_index(0)?;
        for (column, cell) in (0u16..).zip(cells) {
            match cell {
                Cell::Missing => continue,
                Cell::Text(value) => sheet.write_string(self.row, column, *value)?,
                Cell::Whole(value) => sheet.write_number(self.row, column, *value as f64)?,
                Cell::Real(value) => sheet.write_number(self.row, column, *value)?,
                Cell::Flag(value) => sheet.write_boolean(self.row, column, *value)?,
                Cell::Day(value) => {
                    sheet.write_number_with_format(self.row, column, f64::from(value.0 + EPOCH), &self.date)?
                }
            };
        }
        Ok(())
    }
}

fn begin(worksheet: &mut Worksheet, sheet: &str, columns: &[(&str, CellKind)]) -> Result<(), XlsxError> {
    let bold = Format::new().set_bold();
    worksheet.set_name(sheet)?;
    worksheet.set_freeze_panes(1, 0)?;
    for (column, (name, _)) in (0u16..).zip(columns) {
        let wide = name.chars().map(|c| if c.is_ascii() { 1.0 } else { 2.0 }).sum::<f64>();
        worksheet.set_column_width(column, (wide + 4.0).clamp(12.0, 60.0))?;
        worksheet.write_string_with_format(0, column, *name, &bold)?;
    }
    Ok(())
}

impl Rows for Xlsx {
    fn row(&mut self, cells: &[Cell<'_>]) -> Result<()> {
        self.write(cells).map_err(|e| failed(&self.path, &e))
    }

    fn finish(mut self: Box<Self>) -> Result<()> {
        let partial = partial(&self.path);
        let unwritable = |e: &std::io::Error| {
            let _ = std::fs::remove_file(&partial);
            Problem::unwritable(&name_of(&self.path), e)
        };
        let file = private_file(&partial).map_err(|e| unwritable(&e))?;
        if let Err(error) = self.workbook.save_to_writer(&file) {
            let _ = std::fs::remove_file(&partial);
            return Err(failed(&self.path, &error));
        }
        file.sync_all().map_err(|e| unwritable(&e))?;
        std::fs::rename(&partial, &self.path).map_err(|e| unwritable(&e))
    }
}

fn failed(path: &Path, error: &XlsxError) -> Problem {
    match error {
        XlsxError::IoError(error) => Problem::unwritable(&name_of(path), error),
        XlsxError::RowColumnLimitError => Problem::new(
            &name_of(path),
            Wording::new("一张工作表放不下这么多行", "one sheet can't hold so many rows"),
            Wording::new("请改用 CSV 或 Parquet", "use CSV or Parquet"),
        ),
        error => Problem::new(
            &name_of(path),
            Wording::new(format!("写入 XLSX 失败：{error}"), format!("writing XLSX failed: {error}")),
            Wording::new("请检查磁盘后重试", "check the disk and run again"),
        ),
    }
}
