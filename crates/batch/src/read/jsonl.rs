//! JSON lines: one object a line, its names the columns.

use super::bytes::{Decoded, Piece, Pieces, decode};
use super::{Blocks, Cut, Encoding, Parse, places};
use crate::{CELL_LIMIT, Chunk, Fault, FaultKind, Problem, Result, Wording};
use serde::Deserializer;
use serde::de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::fmt;
use std::path::Path;
use std::sync::Arc;
use values::columns::Texts;

/// So many rows tell which columns there are.
const SAMPLE: usize = 1_000;

pub(super) fn open(name: &str, path: &Path) -> Result<Blocks> {
    let mut pieces = Pieces::open(name, path, None)?;
    let mut first = pieces.next_piece()?.ok_or_else(|| Problem::empty(name))?;
    if first.bytes.starts_with(b"\xef\xbb\xbf") {
        first.bytes.drain(..3);
        first.offset += 3;
    }
    let header = names_in(name, &first.bytes)?;
    let shared: Arc<[String]> = header.clone().into();
    Ok(Blocks::new(header, JsonLines { first: Some(first), pieces, header: shared }))
}

/// The names of the first rows, in the order in which they come.
fn names_in(file: &str, bytes: &[u8]) -> Result<Vec<String>> {
    let mut names: Vec<String> = Vec::new();
    let mut objects = 0;
    for line in bytes.split(|b| *b == b'\n').filter(|line| !line.trim_ascii().is_empty()).take(SAMPLE) {
        if let Ok(serde_json::Value::Object(object)) = serde_json::from_slice(line) {
            objects += 1;
            for name in object.keys() {
                if !names.contains(name) {
                    names.push(name.clone());
                }
            }
        }
    }
    if objects == 0 {
        return Err(Problem::new(
            file,
            Wording::new("前面各行都不是 JSON 对象", "none of its first lines is a JSON object"),
            Wording::new("每行应为一个完整的 JSON 对象", "write one whole JSON object a line"),
        ));
    }
    Ok(names)
}

struct JsonLines {
    first: Option<Piece>,
    pieces: Pieces,
    header: Arc<[String]>,
}

impl Cut for JsonLines {
    fn cut(&mut self) -> Result<Option<Box<dyn Parse>>> {
        let piece = match self.first.take() {
            Some(first) => Some(first),
            None => self.pieces.next_piece()?,
        };
        let header = Arc::clone(&self.header);
        Ok(piece.map(|piece| Box::new(Part { piece, header }) as Box<dyn Parse>))
    }

    fn share(&self) -> f64 {
        self.pieces.share()
    }
}

struct Part {
    piece: Piece,
    header: Arc<[String]>,
}

impl Parse for Part {
    fn parse(self: Box<Self>, wanted: &[usize]) -> Result<Chunk> {
        let Self { piece, header } = *self;
        let Decoded { text, wrong } = decode(piece.bytes, piece.offset, Encoding::Utf8);
        let mut chunk = Chunk { columns: vec![Texts::default(); wanted.len()], ..Chunk::default() };
        let mut row = Row {
            header: &header,
            places: places(header.len(), wanted),
            cells: vec![Found::default(); wanted.len()],
            next: 0,
            number: String::new(),
        };
        let mut lost = wrong.iter();
        for (line, text) in (piece.line..).zip(text.split('\n')) {
            if text.trim().is_empty() {
                continue;
            }
            chunk.rows += 1;
            row.begin();
            let mut reader = serde_json::Deserializer::from_str(text);
            let read = Line(&mut row).deserialize(&mut reader).and_then(|()| reader.end());
            if read.is_err() {
                lost.by_ref().take(text.matches('\u{fffd}').count()).for_each(drop);
                chunk.faults.push(Fault { row: chunk.rows, column: None, kind: FaultKind::NotAnObject { line } });
                continue;
            }
            chunk.numbers.push(chunk.rows);
            let byte = lost.by_ref().take(text.matches('\u{fffd}').count()).fold(None, |first, b| first.or(Some(*b)));
            row.hand_on(&mut chunk, byte);
        }
        Ok(chunk)
    }
}

/// The cells of one line.
struct Row<'a> {
    header: &'a [String],
    places: Vec<Option<usize>>,
    cells: Vec<Found>,
    /// The column that most likely comes next: lines mostly have one order.
    next: usize,
    number: String,
}

#[derive(Clone, Default)]
struct Found {
    text: String,
    is_there: bool,
    wrong: bool,
}

impl Row<'_> {
    fn begin(&mut self) {
        self.next = 0;
        for cell in &mut self.cells {
            cell.text.clear();
            (cell.is_there, cell.wrong) = (false, false);
        }
    }

    fn place(&mut self, name: &str) -> Option<usize> {
        let column = match self.header.get(self.next) {
            Some(expected) if expected == name => self.next,
            _ => self.header.iter().position(|known| known == name)?,
        };
        self.next = column + 1;
        self.places[column]
    }

    fn hand_on(&self, chunk: &mut Chunk, lost: Option<u64>) {
        for (place, cell) in self.cells.iter().enumerate() {
            let kind = if cell.wrong {
                Some(FaultKind::NotText)
            } else if cell.text.len() > CELL_LIMIT {
                Some(FaultKind::TooLong { bytes: cell.text.len() })
            } else {
                lost.filter(|_| cell.text.contains('\u{fffd}')).map(|byte| FaultKind::Encoding { byte })
            };
            let is_sound = cell.is_there && kind.is_none();
            chunk.faults.extend(kind.map(|kind| Fault { row: chunk.rows, column: Some(place), kind }));
            chunk.columns[place].push(is_sound.then_some(cell.text.as_str()));
        }
    }
}

struct Line<'r, 'a>(&'r mut Row<'a>);

impl<'de> DeserializeSeed<'de> for Line<'_, '_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Line<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(place) = map.next_key_seed(Name(self.0))? {
            match place {
                Some(place) => {
                    let Row { cells, number, .. } = &mut *self.0;
                    map.next_value_seed(Value(&mut cells[place], number))?;
                }
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

struct Name<'r, 'a>(&'r mut Row<'a>);

impl<'de> DeserializeSeed<'de> for Name<'_, '_> {
    type Value = Option<usize>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Name<'_, '_> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Self::Value, E> {
        Ok(self.0.place(name))
    }
}

struct Value<'r>(&'r mut Found, &'r mut String);

impl Value<'_> {
    fn set(self, text: &str) {
        self.0.is_there = true;
        self.0.text.clear();
        self.0.text.push_str(text);
    }
}

impl<'de> DeserializeSeed<'de> for Value<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Value<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<(), E> {
        self.set(value);
        Ok(())
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        self.set(if value { "true" } else { "false" });
        Ok(())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        self.set(&value.to_string());
        Ok(())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        self.set(&value.to_string());
        Ok(())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        self.1.clear();
        super::real_text(value, self.1);
        self.0.is_there = true;
        std::mem::swap(&mut self.0.text, self.1);
        Ok(())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        self.0.wrong = true;
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        self.0.wrong = true;
        Ok(())
    }
}
