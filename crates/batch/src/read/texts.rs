//! Everything written in a small file, wherever it stands: for looking through before it goes public. Here nothing is
//! skipped that a reader of rows would skip: hidden sheets, comments, headers, properties, names.

mod parts;

use calamine::{DataRef, Reader, SheetVisible, Xlsx, open_workbook_from_rs};
use encoding_rs::{Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};
use std::collections::HashSet;
use std::io::Cursor;
use values::reading::{Reading, Spot, Unread, Unreadable};

/// Cells and lines that are read; a longer file is said to be unread.
const LIMIT: usize = 200_000;

/// The texts of a workbook (XLSX), or of a text file in UTF-8, GB 18030 or UTF-16 (CSV or prose).
///
/// # Errors
/// When it takes a password, is neither of the two, or is damaged.
pub fn texts(bytes: &[u8]) -> Result<Reading, Unreadable> {
    match bytes {
        [b'P', b'K', 3, 4, ..] => workbook(bytes),
        // A compound file: a workbook with a password, or one from before 2007.
        [0xd0, 0xcf, 0x11, 0xe0, ..] => Err(Unreadable::Encrypted),
        bytes => lines(bytes),
    }
}

fn lines(bytes: &[u8]) -> Result<Reading, Unreadable> {
    let text = decoded(bytes).ok_or(Unreadable::Broken)?;
    if text.chars().any(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{c}')) {
        return Err(Unreadable::Broken);
    }
    let mut reading = Reading::default();
    for (at, line) in text.lines().enumerate() {
        if at == LIMIT {
            reading.unread.push(Unread::Rest);
            break;
        }
        let spot = || Spot::Line(at + 1);
        let cells = line.split([',', ';', '\t', '|', '，']).map(|cell| cell.trim().trim_matches(['"', '\'']));
        join_figures(cells.map(|cell| (spot(), cell.to_owned())), &mut reading.joined);
        reading.texts.push((spot(), line.to_owned()));
    }
    Ok(reading)
}

/// The text of a file by its mark, as UTF-8, or as GB 18030; `None` when it is none of them.
fn decoded(bytes: &[u8]) -> Option<String> {
    let as_is = |encoding: &'static Encoding| {
        let (text, faulty) = encoding.decode_with_bom_removal(bytes);
        (!faulty).then(|| text.into_owned())
    };
    match Encoding::for_bom(bytes) {
        Some((encoding, _)) if [UTF_8, UTF_16LE, UTF_16BE].contains(&encoding) => as_is(encoding),
        _ => as_is(UTF_8).or_else(|| as_is(GB18030)),
    }
}

fn workbook(bytes: &[u8]) -> Result<Reading, Unreadable> {
    let mut reading = Reading::default();
    let parts = parts::unpack(bytes)?;
    let mut book: Xlsx<_> = open_workbook_from_rs(Cursor::new(bytes)).map_err(|_| Unreadable::Broken)?;
    for sheet in book.sheets_metadata().to_vec() {
        let hidden = sheet.visible != SheetVisible::Visible;
        cells(&mut book, &sheet.name, hidden, &mut reading)?;
    }
    let in_cells: HashSet<String> = reading.texts.iter().map(|(_, text)| text.trim().to_owned()).collect();
    for part in &parts {
        parts::read(part, &in_cells, &mut reading);
    }
    reading.unread.sort_unstable();
    reading.unread.dedup();
    Ok(reading)
}

fn cells(book: &mut Xlsx<Cursor<&[u8]>>, sheet: &str, hidden: bool, reading: &mut Reading) -> Result<(), Unreadable> {
    // A chart's sheet has no cells; what it says stands in its parts.
    let Ok(mut reader) = book.worksheet_cells_reader(sheet) else { return Ok(()) };
    let (mut row_at, mut row) = (None, Vec::new());
    while let Some(cell) = reader.next_cell().map_err(|_| Unreadable::Broken)? {
        if reading.texts.len() >= LIMIT {
            reading.unread.push(Unread::Rest);
            break;
        }
        let (at, column) = cell.get_position();
        let Some(text) = written(cell.get_value()) else { continue };
        if row_at != Some(at) {
            join_figures(std::mem::take(&mut row), &mut reading.joined);
            row_at = Some(at);
        }
        let spot = Spot::Cell { sheet: sheet.to_owned(), hidden, cell: format!("{}{}", letters(column), at + 1) };
        row.push((spot.clone(), text.clone()));
        reading.texts.push((spot, text));
    }
    join_figures(row, &mut reading.joined);
    Ok(())
}

/// A cell as its reader sees it; a figure without the digits that only a machine's arithmetic leaves behind it.
fn written(value: &DataRef<'_>) -> Option<String> {
    match value {
        DataRef::Int(whole) => Some(whole.to_string()),
        DataRef::Float(figure) if figure.fract() == 0.0 => Some(format!("{figure:.0}")),
        DataRef::Float(figure) => Some(format!("{figure:.2}")),
        DataRef::String(text) => Some(text.clone()),
        DataRef::SharedString(text) => Some((*text).to_owned()),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Some(text.clone()),
        DataRef::DateTime(_) | DataRef::Bool(_) | DataRef::Error(_) | DataRef::Empty => None,
    }
}

fn letters(column: u32) -> String {
    let (mut left, mut name) = (column + 1, Vec::new());
    while left > 0 {
        left -= 1;
        name.push(b'A' + (left % 26) as u8);
        left /= 26;
    }
    name.reverse();
    String::from_utf8_lossy(&name).into_owned()
}

/// Figures that stand beside each other in a row, written as one: a long number may be spread over cells.
fn join_figures(cells: impl IntoIterator<Item = (Spot, String)>, joined: &mut Vec<(Spot, String)>) {
    let mut run: Option<(Spot, String, usize)> = None;
    let end = |run: Option<(Spot, String, usize)>, joined: &mut Vec<(Spot, String)>| {
        joined.extend(run.filter(|(.., cells)| *cells > 1).map(|(spot, text, _)| (spot, text)));
    };
    for (spot, text) in cells {
        let figure = !text.is_empty() && text.chars().all(|c| c.is_numeric() || matches!(c, 'x' | 'X' | ' '));
        run = match (figure, run) {
            (true, Some((spot, before, cells))) => Some((spot, before + &text, cells + 1)),
            (true, None) => Some((spot, text, 1)),
            (false, run) => {
                end(run, joined);
                None
            }
        };
    }
    end(run, joined);
}
