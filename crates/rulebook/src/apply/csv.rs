//! CSV bytes to columns: figures straight from the bytes to whole fen and things, in parallel by pieces of the file.

use super::ApplyError;
use crate::{Fact, Kind};
use memchr::memchr;
use rayon::prelude::*;
use std::ops::Range;
use values::columns::{Codes, Column, MISSING, MISSING_DAY, Table};
use values::{Day, Truth};

/// A piece of a file is about this large.
const PIECE: usize = 1 << 20;

/// What was read: the facts' columns, and the key of each row as its place in the file.
pub(crate) struct Read {
    pub table: Table,
    pub keys: Vec<(u32, u32)>,
}

/// One field: where it stands, quotes taken off.
type Field<'a> = &'a [u8];

struct Wanted<'f> {
    fact: &'f Fact,
    column: usize,
}

/// What a piece of the file held.
struct Piece {
    keys: Vec<(u32, u32)>,
    columns: Vec<Growing>,
}

enum Growing {
    Wide(Vec<i64>),
    Flags(Vec<Truth>),
    Days(Vec<i32>),
    Areas(Vec<u64>),
    Codes(Codes),
}

/// Reads the facts of one entity out of a CSV file whose first line names the columns.
pub(crate) fn read(file: &str, bytes: &[u8], key: &str, facts: &[&Fact]) -> Result<Read, ApplyError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if u32::try_from(bytes.len()).is_err() {
        let (zh, en) = ("文件超过 4 GB，请按村拆开。", "The file is over 4 GB; split it by village.");
        return Err(ApplyError::at(file, String::new(), zh.into(), en.into()));
    }
    let end = line_end(bytes, 0);
    let names: Vec<String> =
        fields(trim_line(&bytes[..end])).map(|name| String::from_utf8_lossy(name).trim().to_owned()).collect();
    let find = |name: &str| {
        names.iter().position(|known| known == name).ok_or_else(|| {
            let zh = format!("没有 {name} 这一列，请补上或改列名。");
            ApplyError::at(file, format!("column {name}"), zh, "There is no such column; add it or rename one.".into())
        })
    };
    let key = find(key)?;
    let wanted: Vec<Wanted> =
        facts.iter().map(|fact| Ok(Wanted { fact, column: find(&fact.name)? })).collect::<Result<_, ApplyError>>()?;
    let body = (end + 1).min(bytes.len());
    let quoted = memchr(b'"', bytes).is_some();
    let pieces: Vec<Piece> = pieces(bytes, body, quoted)
        .into_par_iter()
        .map(|range| read_piece(bytes, range, quoted, names.len(), key, &wanted))
        .collect::<Result<_, Wrong>>()
        .map_err(|wrong| wrong.told(file, bytes, &names))?;
    Ok(joined(pieces, &wanted))
}

fn line_end(bytes: &[u8], from: usize) -> usize {
    memchr(b'\n', &bytes[from..]).map_or(bytes.len(), |at| from + at)
}

/// The end of a record, whose quotes may hold line breaks.
fn record_end(bytes: &[u8], from: usize, quoted: bool) -> usize {
    if !quoted {
        return line_end(bytes, from);
    }
    let mut inside = false;
    let ends = bytes[from..].iter().position(|byte| {
        inside ^= *byte == b'"';
        *byte == b'\n' && !inside
    });
    ends.map_or(bytes.len(), |at| from + at)
}

fn trim_line(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// Pieces that end with a line; one piece where quotes might hold a line break.
fn pieces(bytes: &[u8], body: usize, quoted: bool) -> Vec<Range<usize>> {
    let mut pieces = Vec::new();
    let mut start = body;
    while start < bytes.len() {
        let near = if quoted { bytes.len() } else { (start + PIECE).min(bytes.len()) };
        let end = (line_end(bytes, near) + 1).min(bytes.len());
        pieces.push(start..end);
        start = end;
    }
    pieces
}

/// The fields of a record with quotes; a doubled quote inside stays doubled.
fn fields(line: &[u8]) -> impl Iterator<Item = Field<'_>> {
    let mut rest = Some(line);
    std::iter::from_fn(move || {
        let line = rest?;
        let (field, behind) = match line.strip_prefix(b"\"") {
            Some(quoted) => {
                let close = closing_quote(quoted);
                (&quoted[..close], memchr(b',', &quoted[close..]).map(|at| &quoted[close + at + 1..]))
            }
            None => match memchr(b',', line) {
                Some(at) => (&line[..at], Some(&line[at + 1..])),
                None => (line, None),
            },
        };
        rest = behind;
        Some(field)
    })
}

fn closing_quote(text: &[u8]) -> usize {
    let mut from = 0;
    while let Some(at) = memchr(b'"', &text[from..]) {
        if text.get(from + at + 1) != Some(&b'"') {
            return from + at;
        }
        from += at + 2;
    }
    text.len()
}

/// A field that can't be read, by where its line begins.
struct Wrong {
    line: usize,
    column: Option<usize>,
    found: usize,
    text: String,
    kind: Option<Kind>,
}

impl Wrong {
    fn told(&self, file: &str, bytes: &[u8], names: &[String]) -> ApplyError {
        let row = bytes[..self.line].iter().filter(|b| **b == b'\n').count();
        let (Some(column), Some(kind)) = (self.column, self.kind) else {
            return ApplyError::at(
                file,
                format!("row {row}"),
                format!("这一行有 {} 列，表头有 {} 列，请对齐。", self.found, names.len()),
                format!("This row has {} columns, the header {}; make them agree.", self.found, names.len()),
            );
        };
        let words = crate::unit::kind_words(kind);
        ApplyError::at(
            file,
            format!("row {row}, column {}", names[column]),
            format!("“{}”不是{}，请改正。", self.text, words.zh),
            format!("\"{}\" isn't {}; correct it.", self.text, words.en),
        )
    }
}

fn read_piece(
    bytes: &[u8],
    range: Range<usize>,
    quoted: bool,
    width: usize,
    key: usize,
    wanted: &[Wanted],
) -> Result<Piece, Wrong> {
    let rows = range.len() / 24;
    let mut piece = Piece {
        keys: Vec::with_capacity(rows),
        columns: wanted.iter().map(|wanted| Growing::new(wanted.fact.kind, rows)).collect(),
    };
    let mut line_start = range.start;
    let mut row: Vec<Field> = Vec::with_capacity(width);
    while line_start < range.end {
        let end = record_end(bytes, line_start, quoted);
        let line = trim_line(&bytes[line_start..end]);
        let wrong = |column, found, text: &[u8], kind| Wrong {
            line: line_start,
            column,
            found,
            text: String::from_utf8_lossy(&text[..text.len().min(40)]).into_owned(),
            kind,
        };
        if !line.is_empty() {
            row.clear();
            if quoted {
                row.extend(fields(line));
            } else {
                row.extend(line.split(|byte| *byte == b','));
            }
            if row.len() != width {
                return Err(wrong(None, row.len(), b"", None));
            }
            let at = row[key].as_ptr() as usize - bytes.as_ptr() as usize;
            piece.keys.push((at as u32, row[key].len() as u32));
            for (wanted, column) in wanted.iter().zip(&mut piece.columns) {
                let field = row[wanted.column];
                if column.push(field, wanted.fact).is_none() {
                    return Err(wrong(Some(wanted.column), row.len(), field, Some(wanted.fact.kind)));
                }
            }
        }
        line_start = end + 1;
    }
    Ok(piece)
}

impl Growing {
    fn new(kind: Kind, rows: usize) -> Self {
        match kind {
            Kind::Money | Kind::Number | Kind::Count => Self::Wide(Vec::with_capacity(rows)),
            Kind::Flag => Self::Flags(Vec::with_capacity(rows)),
            Kind::Day => Self::Days(Vec::with_capacity(rows)),
            Kind::Area => Self::Areas(Vec::with_capacity(rows)),
            Kind::Code | Kind::Text => Self::Codes(Codes::default()),
        }
    }

    /// `None` where the field isn't what the fact is.
    fn push(&mut self, field: &[u8], fact: &Fact) -> Option<()> {
        let text = || std::str::from_utf8(field).ok();
        match self {
            Self::Wide(column) if field.is_empty() => column.push(MISSING),
            Self::Wide(column) => column.push(figure(field, fact)?),
            Self::Flags(column) => column.push(match field {
                b"" => Truth::Undetermined,
                b"0" | b"false" | b"False" => Truth::False,
                b"1" | b"true" | b"True" => Truth::True,
                _ => return None,
            }),
            Self::Days(column) if field.is_empty() => column.push(MISSING_DAY),
            Self::Days(column) => column.push(Day::parse_iso(text()?).ok()?.0),
            Self::Areas(column) if field.is_empty() => column.push(0),
            Self::Areas(column) => column.push(text()?.parse().ok().filter(|_| field.len() == 12)?),
            Self::Codes(column) => column.push(Some(text()?).filter(|text| !text.is_empty())),
        }
        Some(())
    }

    fn append(&mut self, other: Self) {
        match (self, other) {
            (Self::Wide(a), Self::Wide(mut b)) => a.append(&mut b),
            (Self::Flags(a), Self::Flags(mut b)) => a.append(&mut b),
            (Self::Days(a), Self::Days(mut b)) => a.append(&mut b),
            (Self::Areas(a), Self::Areas(mut b)) => a.append(&mut b),
            (Self::Codes(a), Self::Codes(b)) => a.append(&b),
            _ => {}
        }
    }

    fn column(self, kind: Kind) -> Column {
        match self {
            Self::Wide(c) => match kind {
                Kind::Money => Column::Money(c),
                Kind::Number => Column::Number(c),
                _ => Column::Count(c),
            },
            Self::Flags(c) => Column::Flag(c),
            Self::Days(c) => Column::Day(c),
            Self::Areas(c) => Column::Area(c),
            Self::Codes(c) => Column::Code(c),
        }
    }
}

/// A decimal in the fact's unit, as whole fen, ten-thousandths or things.
fn figure(field: &[u8], fact: &Fact) -> Option<i64> {
    let decimals = match (fact.kind, fact.unit.as_str()) {
        (Kind::Money, "yuan") => 2,
        (Kind::Money, "10k_yuan") => 6,
        (Kind::Number, "percent") => 2,
        (Kind::Number, _) => 4,
        _ => 0,
    };
    let (negative, digits) = match field.strip_prefix(b"-") {
        Some(digits) => (true, digits),
        None => (false, field),
    };
    let (mut value, mut seen, mut point) = (0i64, 0usize, None);
    for &byte in digits {
        let digit = byte.wrapping_sub(b'0');
        match point {
            _ if byte == b'.' && point.is_none() => point = Some(0),
            _ if digit > 9 || seen > 17 => return None,
            // Finer than the smallest part only by zeros.
            Some(behind) if behind == decimals && digit > 0 => return None,
            Some(behind) if behind == decimals => {}
            _ => {
                value = value * 10 + i64::from(digit);
                point = point.map(|behind| behind + 1);
                seen += 1;
            }
        }
    }
    if seen == 0 || digits.is_empty() {
        return None;
    }
    for _ in point.unwrap_or(0)..decimals {
        value = value.checked_mul(10)?;
    }
    Some(if negative { -value } else { value })
}

fn joined(pieces: Vec<Piece>, wanted: &[Wanted]) -> Read {
    let rows = pieces.iter().map(|piece| piece.keys.len()).sum();
    let mut keys = Vec::with_capacity(rows);
    let mut columns: Vec<Growing> = wanted.iter().map(|wanted| Growing::new(wanted.fact.kind, rows)).collect();
    for piece in pieces {
        keys.extend(piece.keys);
        for (whole, part) in columns.iter_mut().zip(piece.columns) {
            whole.append(part);
        }
    }
    let mut table = Table::new(rows);
    for (wanted, column) in wanted.iter().zip(columns) {
        table.set(&wanted.fact.name, column.column(wanted.fact.kind));
    }
    Read { table, keys }
}
