//! Comma-separated values and their relatives.

use super::bytes::{Decoded, Piece, Pieces, Quoted, Quoting, decode};
use super::{Blocks, Cut, Dialect, Encoding, Parse, places};
use crate::{CELL_LIMIT, Chunk, Fault, FaultKind, Problem, Result, Wording};
use memchr::{memchr, memchr2};
use std::path::Path;
use values::columns::Texts;

const BOM: &[u8] = b"\xef\xbb\xbf";

pub(super) fn open(name: &str, path: &Path, dialect: &Dialect, encoding: Encoding) -> Result<Blocks> {
    let quoting = dialect.quote.map(|quote| Quoting { quote, delimiter: dialect.delimiter });
    let mut pieces = Pieces::open(name, path, quoting)?;
    let mut first = pieces.next_piece()?.ok_or_else(|| Problem::empty(name))?;
    let mut encoding = encoding;
    if first.bytes.starts_with(BOM) {
        first.bytes.drain(..BOM.len());
        first.offset += BOM.len() as u64;
        encoding = Encoding::Utf8;
    }
    check_encoding(name, &first.bytes, encoding)?;
    let form = Form { delimiter: dialect.delimiter, quoting, encoding, columns: 0 };
    let header = match &dialect.header {
        Some(header) => header.clone(),
        None => take_header(name, &mut first, &form)?,
    };
    let form = Form { columns: header.len(), ..form };
    Ok(Blocks::new(header, Csv { first: Some(first), pieces, form }))
}

#[derive(Clone, Copy)]
struct Form {
    delimiter: u8,
    quoting: Option<Quoting>,
    encoding: Encoding,
    columns: usize,
}

struct Csv {
    first: Option<Piece>,
    pieces: Pieces,
    form: Form,
}

impl Cut for Csv {
    fn cut(&mut self) -> Result<Option<Box<dyn Parse>>> {
        let piece = match self.first.take() {
            Some(first) => Some(first),
            None => self.pieces.next_piece()?,
        };
        let form = self.form;
        Ok(piece.map(|piece| Box::new(Part { piece, form }) as Box<dyn Parse>))
    }

    fn share(&self) -> f64 {
        self.pieces.share()
    }
}

/// Whether the beginning of the file is plainly in another encoding than the one declared.
fn check_encoding(name: &str, bytes: &[u8], declared: Encoding) -> Result<()> {
    let wrong = |is: &str, declared: &str| {
        Err(Problem::new(
            name,
            Wording::new(
                format!("声明的编码是 {declared}，内容却是 {is}"),
                format!("declared as {declared}, its content is {is}"),
            ),
            Wording::new(
                format!("请把 datapackage.json 中的 encoding 改为 {is}；若为 UTF-16，请另存为 UTF-8"),
                format!("set `encoding` in datapackage.json to {is}; save UTF-16 as UTF-8"),
            ),
        ))
    };
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return wrong("UTF-16", if declared == Encoding::Utf8 { "utf-8" } else { "gb18030" });
    }
    let sample = &bytes[..bytes.len().min(1 << 16)];
    let (mut good, mut bad, mut at) = (0, 0, 0u64);
    for chunk in sample.utf8_chunks() {
        good += chunk.valid().bytes().filter(|b| *b >= 0xc0).count();
        at += if bad == 0 { chunk.valid().len() as u64 } else { 0 };
        bad += usize::from(!chunk.invalid().is_empty());
    }
    match declared {
        Encoding::Utf8 if bad > 1 && bad > good / 4 => wrong("gb18030", "utf-8").map_err(|mut problem: Problem| {
            problem.reason.zh.push_str(&format!("（第一处在第 {at} 字节）"));
            problem.reason.en.push_str(&format!(" (first at byte {at})"));
            problem
        }),
        // A text in GB18030 of more than a few characters is never sound UTF-8 by chance.
        Encoding::Gb18030 if good >= 4 && bad <= 1 => wrong("utf-8", "gb18030"),
        _ => Ok(()),
    }
}

/// Reads the header off the first piece, leaving the rows behind it.
fn take_header(name: &str, first: &mut Piece, form: &Form) -> Result<Vec<String>> {
    loop {
        if first.bytes.is_empty() {
            return Err(Problem::empty(name));
        }
        let end = memchr(b'\n', &first.bytes).map_or(first.bytes.len(), |p| p + 1);
        let mut line: Vec<u8> = first.bytes.drain(..end).collect();
        while line.last().is_some_and(u8::is_ascii_whitespace) && line.last() != Some(&form.delimiter) {
            line.pop();
        }
        let offset = first.offset;
        first.offset += end as u64;
        first.line += 1;
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let decoded = decode(line, offset, form.encoding);
        let mut record = Record::default();
        record.cut(&decoded.text, 0, form);
        return Ok(record.cells.iter().map(|cell| cell.text(&decoded.text, form).trim().to_owned()).collect());
    }
}

struct Part {
    piece: Piece,
    form: Form,
}

impl Parse for Part {
    fn parse(self: Box<Self>, wanted: &[usize]) -> Result<Chunk> {
        let Self { piece, form } = *self;
        let decoded = decode(piece.bytes, piece.offset, form.encoding);
        let rows = decoded.text.len() / (form.columns.max(1) * 12);
        let columns = wanted.iter().map(|_| Texts::with_capacity(rows, rows * 16)).collect();
        let chunk = Chunk { columns, ..Chunk::default() };
        let places = places(form.columns, wanted);
        let mut reading =
            Reading { chunk, places, form, decoded, line: piece.line, counted: 0, wrong: 0, spare: String::new() };
        reading.run();
        Ok(reading.chunk)
    }
}

/// One cell of a record: its bytes in the text, without its quotes.
#[derive(Clone, Copy)]
struct Span {
    start: usize,
    end: usize,
    /// Holds doubled quotes.
    doubled: bool,
}

impl Span {
    fn text<'a>(self, text: &'a str, form: &Form) -> std::borrow::Cow<'a, str> {
        let cell = &text[self.start..self.end];
        match form.quoting {
            Some(quoting) if self.doubled => {
                let quote = char::from(quoting.quote);
                cell.replace(&format!("{quote}{quote}"), &quote.to_string()).into()
            }
            _ => cell.into(),
        }
    }
}

/// The cells of one record, found without copying.
#[derive(Default)]
struct Record {
    cells: Vec<Span>,
    /// Where the next record begins.
    end: usize,
    open_quote: bool,
}

impl Record {
    fn cut(&mut self, text: &str, start: usize, form: &Form) {
        self.cells.clear();
        self.open_quote = false;
        let bytes = text.as_bytes();
        let mut at = start;
        loop {
            let mut cell = Span { start: at, end: at, doubled: false };
            let mut from = at;
            if let Some(quoting) = form.quoting.filter(|q| bytes.get(at) == Some(&q.quote)) {
                let Quoted::Closed(behind) = quoting.end(bytes, at + 1) else {
                    self.open_quote = true;
                    self.end = memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |p| at + p + 1);
                    return;
                };
                (cell.start, cell.end) = (at + 1, behind - 1);
                cell.doubled = memchr(quoting.quote, &bytes[cell.start..cell.end]).is_some();
                from = behind;
            }
            let quoted = from > at;
            let stop = memchr2(form.delimiter, b'\n', &bytes[from..]).map_or(bytes.len(), |p| from + p);
            let ends_line = bytes.get(stop) != Some(&form.delimiter);
            if !quoted {
                cell.end = if ends_line && stop > at && bytes[stop - 1] == b'\r' { stop - 1 } else { stop };
            }
            self.cells.push(cell);
            at = stop + 1;
            if ends_line {
                self.end = at.min(bytes.len());
                return;
            }
        }
    }
}

struct Reading {
    chunk: Chunk,
    places: Vec<Option<usize>>,
    form: Form,
    decoded: Decoded,
    /// The line at which `counted` stands.
    line: u64,
    counted: usize,
    /// How many wrong bytes lie before the record at hand.
    wrong: usize,
    spare: String,
}

impl Reading {
    fn run(&mut self) {
        let mut record = Record::default();
        let mut at = 0;
        let text = std::mem::take(&mut self.decoded.text);
        while at < text.len() {
            record.cut(&text, at, &self.form);
            let start = at;
            at = record.end;
            if record.cells.len() <= 1 && text[start..at].trim().is_empty() {
                continue;
            }
            self.chunk.rows += 1;
            let is_ragged = self.form.columns != record.cells.len() || record.open_quote;
            if is_ragged && !self.keeps_ragged(&record, &text, start) {
                self.skip_wrong(&text[start..at]);
                continue;
            }
            self.keep(&record, &text);
        }
    }

    /// Notes what is wrong with a record of another width; tells whether it can be kept all the same.
    fn keeps_ragged(&mut self, record: &Record, text: &str, start: usize) -> bool {
        let (cells, columns) = (record.cells.len(), self.form.columns);
        let kind = if record.open_quote {
            self.line += memchr::memchr_iter(b'\n', &text.as_bytes()[self.counted..start]).count() as u64;
            self.counted = start;
            FaultKind::OpenQuote { line: self.line }
        } else if cells < columns {
            FaultKind::Short { cells, columns }
        } else if record.cells[columns..].iter().all(|cell| text[cell.start..cell.end].trim().is_empty()) {
            return true;
        } else {
            FaultKind::Long { cells, columns }
        };
        let keeps = !kind.drops_row();
        self.fault(None, kind);
        keeps
    }

    fn keep(&mut self, record: &Record, text: &str) {
        self.chunk.numbers.push(self.chunk.rows);
        for column in 0..self.form.columns {
            let cell = record.cells.get(column).copied();
            let mut wrong = None;
            if !self.decoded.wrong.is_empty()
                && let Some(cell) = cell
            {
                wrong = self.skip_wrong(&text[cell.start..cell.end]);
            }
            let Some(place) = self.places[column] else { continue };
            let Some(cell) = cell else {
                self.chunk.columns[place].push(None);
                continue;
            };
            let length = cell.end - cell.start;
            if let Some(byte) = wrong {
                self.fault(Some(place), FaultKind::Encoding { byte });
                self.chunk.columns[place].push(None);
            } else if length > CELL_LIMIT {
                self.fault(Some(place), FaultKind::TooLong { bytes: length });
                self.chunk.columns[place].push(None);
            } else if cell.doubled {
                self.spare.clear();
                self.spare.push_str(&cell.text(text, &self.form));
                self.chunk.columns[place].push(Some(&self.spare));
            } else {
                self.chunk.columns[place].push(Some(&text[cell.start..cell.end]));
            }
        }
    }

    /// Counts past the wrong bytes of a cell and gives the first one's place in the file.
    fn skip_wrong(&mut self, cell: &str) -> Option<u64> {
        if self.decoded.wrong.is_empty() {
            return None;
        }
        let first = self.wrong;
        self.wrong += cell.matches('\u{fffd}').count();
        (self.wrong > first).then(|| self.decoded.wrong.get(first).copied().unwrap_or_default())
    }

    fn fault(&mut self, column: Option<usize>, kind: FaultKind) {
        self.chunk.faults.push(Fault { row: self.chunk.rows, column, kind });
    }
}
