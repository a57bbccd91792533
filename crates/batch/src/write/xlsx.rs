use super::rows::Rows;
use super::{Whole, name_of};
use crate::{Cell, CellKind, Problem, Result, Wording};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use zip::ZipWriter;
use zip::result::ZipError;
use zip::write::SimpleFileOptions;

/// A workbook with one sheet, for people: a bold header that stays in view. Rows leave memory as they come
/// (Office Open XML, ECMA-376, with texts inside their cells).
pub(super) struct Xlsx {
    path: PathBuf,
    zip: ZipWriter<Whole>,
    columns: usize,
    /// The last row written, from 1.
    row: u32,
    xml: String,
}

/// Excel's day 0 is this many days before 1970-01-01.
const EPOCH: i32 = 25_569;
/// A sheet's own limit.
const ROWS: u32 = 1 << 20;
/// Text is handed on in steps of this many bytes.
const STEP: usize = 1 << 16;

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const CONTENT_TYPES: &str = r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>"#;
const ROOT: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const PARTS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>"#;
/// Style 0 is plain, 1 a date, 2 bold.
const STYLES: &str = r#"<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\-mm\-dd"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf/><xf numFmtId="164" applyNumberFormat="1"/><xf fontId="1" applyFont="1"/></cellXfs></styleSheet>"#;

impl Xlsx {
    pub(super) fn create(path: &Path, sheet: &str, columns: &[(&str, CellKind)]) -> Result<Self> {
        let zip = ZipWriter::new(Whole::create(path)?);
        let mut xlsx = Self { path: path.to_owned(), zip, columns: columns.len(), row: 0, xml: String::new() };
        xlsx.begin(sheet, columns).map_err(|e| failed(path, e))?;
        Ok(xlsx)
    }

    fn begin(&mut self, sheet: &str, columns: &[(&str, CellKind)]) -> Result<(), ZipError> {
        let mut workbook = r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name=""#.to_owned();
        escape(sheet, &mut workbook);
        workbook.push_str(r#"" sheetId="1" r:id="rId1"/></sheets></workbook>"#);
        for (name, part) in [
            ("[Content_Types].xml", CONTENT_TYPES),
            ("_rels/.rels", ROOT),
            ("xl/workbook.xml", &workbook),
            ("xl/_rels/workbook.xml.rels", PARTS),
            ("xl/styles.xml", STYLES),
        ] {
            self.zip.start_file(name, SimpleFileOptions::default())?;
            self.zip.write_all(HEAD.as_bytes())?;
            self.zip.write_all(part.as_bytes())?;
        }
        self.zip.start_file("xl/worksheets/sheet1.xml", SimpleFileOptions::default().large_file(true))?;
        self.xml.push_str(HEAD);
        self.xml.push_str(r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>"#);
        for (number, (name, _)) in (1..).zip(columns) {
            // A Chinese character is two Latin ones wide.
            let wide: u32 = name.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum();
            let wide = (wide + 4).clamp(12, 60);
            let _ = write!(self.xml, r#"<col min="{number}" max="{number}" width="{wide}" customWidth="1"/>"#);
        }
        self.xml.push_str("</cols><sheetData>");
        let header: Vec<Cell<'_>> = columns.iter().map(|(name, _)| Cell::Text(name)).collect();
        self.write(&header, 2);
        Ok(())
    }

    /// Writing to a String doesn't fail.
    fn write(&mut self, cells: &[Cell<'_>], text_style: u8) {
        self.row += 1;
        let (xml, row) = (&mut self.xml, self.row);
        let _ = write!(xml, "<row r=\"{row}\">");
        for (column, cell) in cells.iter().enumerate() {
            let place = Place { column, row };
            let _ = match cell {
                Cell::Missing => Ok(()),
                Cell::Text(text) => {
                    let _ = write!(
                        xml,
                        "<c r=\"{place}\" s=\"{text_style}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">"
                    );
                    escape(text, xml);
                    xml.push_str("</t></is></c>");
                    Ok(())
                }
                Cell::Whole(value) => write!(xml, "<c r=\"{place}\"><v>{value}</v></c>"),
                Cell::Real(value) => write!(xml, "<c r=\"{place}\"><v>{value}</v></c>"),
                Cell::Flag(value) => write!(xml, "<c r=\"{place}\" t=\"b\"><v>{}</v></c>", u8::from(*value)),
                Cell::Day(day) => write!(xml, "<c r=\"{place}\" s=\"1\"><v>{}</v></c>", day.0 + EPOCH),
            };
        }
        xml.push_str("</row>");
    }

    fn hand_on(&mut self) -> Result<()> {
        let written = self.zip.write_all(self.xml.as_bytes());
        self.xml.clear();
        written.map_err(|e| failed(&self.path, ZipError::Io(e)))
    }
}

impl Rows for Xlsx {
    fn row(&mut self, cells: &[Cell<'_>]) -> Result<()> {
        if self.row == ROWS {
            return Err(Problem::new(
                &name_of(&self.path),
                Wording::new("一张工作表放不下这么多行", "one sheet can't hold so many rows"),
                Wording::new("请改用 CSV 或 Parquet", "use CSV or Parquet"),
            ));
        }
        self.write(cells, 0);
        if self.xml.len() > STEP { self.hand_on() } else { Ok(()) }
    }

    fn finish(mut self: Box<Self>) -> Result<()> {
        let last = Place { column: self.columns.saturating_sub(1), row: self.row };
        let _ = write!(self.xml, "</sheetData><autoFilter ref=\"A1:{last}\"/></worksheet>");
        self.hand_on()?;
        let Self { path, zip, .. } = *self;
        zip.finish().map_err(|e| failed(&path, e))?.finish()
    }
}

/// A cell's place in the words of a workbook, such as `AB12`.
struct Place {
    column: usize,
    row: u32,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let letter = |number: usize| char::from(b'A' + (number % 26) as u8);
        if self.column >= 26 {
            write!(f, "{}", letter(self.column / 26 - 1))?;
        }
        write!(f, "{}{}", letter(self.column), self.row)
    }
}

/// Text as XML has it. Control characters have no place there and are left out.
fn escape(text: &str, xml: &mut String) {
    for c in text.chars() {
        match c {
            '&' => xml.push_str("&amp;"),
            '<' => xml.push_str("&lt;"),
            '>' => xml.push_str("&gt;"),
            '"' => xml.push_str("&quot;"),
            '\r' => xml.push_str("&#13;"),
            '\n' | '\t' => xml.push(c),
            c if c < ' ' || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => xml.push(c),
        }
    }
}

fn failed(path: &Path, error: ZipError) -> Problem {
    let error = match error {
        ZipError::Io(error) => error,
        other => std::io::Error::other(other),
    };
    Problem::unwritable(&name_of(path), &error)
}
