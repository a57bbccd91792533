//! Raw bytes of a text file, cut where a record ends, and decoded.

use super::Encoding;
use crate::{Problem, Result, Wording};
use memchr::{memchr, memrchr};
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// How much of a file one core works on at a time.
const BLOCK: usize = 4 << 20;
/// A record longer than this is no record: a quote was left open.
const RECORD_LIMIT: usize = 160 << 20;

/// A piece of a text file that begins and ends with a whole record.
pub(super) struct Piece {
    pub bytes: Vec<u8>,
    /// Offset of its first byte in the file.
    pub offset: u64,
    /// Number of its first line in the file, from 1.
    pub line: u64,
}

/// A text file, read piece by piece.
pub(super) struct Pieces {
    name: String,
    file: File,
    rest: Vec<u8>,
    offset: u64,
    line: u64,
    ended: bool,
    quoting: Option<Quoting>,
}

/// The characters that tell where a quoted cell begins and ends.
#[derive(Clone, Copy)]
pub(super) struct Quoting {
    pub quote: u8,
    pub delimiter: u8,
}

pub(super) enum Quoted {
    /// The position behind the closing quote.
    Closed(usize),
    /// Something other than a delimiter or a line's end follows the closing quote.
    Malformed,
    /// The text ends inside the cell.
    Open,
}

impl Quoting {
    /// Finds the end of the quoted cell whose text begins at `from`, behind the opening quote.
    pub(super) fn end(self, text: &[u8], mut from: usize) -> Quoted {
        loop {
            let Some(at) = memchr(self.quote, &text[from..]) else { return Quoted::Open };
            let behind = from + at + 1;
            match text.get(behind) {
                Some(next) if *next == self.quote => from = behind + 1,
                None => return Quoted::Closed(behind),
                Some(b'\r' | b'\n') => return Quoted::Closed(behind),
                Some(next) if *next == self.delimiter => return Quoted::Closed(behind),
                Some(_) => return Quoted::Malformed,
            }
        }
    }

    /// The end of the last whole record, or `None` while there is no such end.
    fn last_end(self, text: &[u8]) -> Option<usize> {
        let mut end = None;
        let mut from = 0;
        while let Some(at) = memchr(self.quote, &text[from..]) {
            let quote = from + at;
            let opens = quote == 0 || text[quote - 1] == self.delimiter || text[quote - 1] == b'\n';
            if !opens {
                from = quote + 1;
                continue;
            }
            end = memrchr(b'\n', &text[from..quote]).map(|p| from + p + 1).or(end);
            match self.end(text, quote + 1) {
                Quoted::Closed(behind) => from = behind,
                Quoted::Malformed => match memchr(b'\n', &text[quote..]) {
                    Some(p) => from = quote + p,
                    None => return end,
                },
                Quoted::Open => return end,
            }
        }
        memrchr(b'\n', &text[from..]).map(|p| from + p + 1).or(end)
    }
}

impl Pieces {
    pub(super) fn open(name: &str, path: &Path, quoting: Option<Quoting>) -> Result<Self> {
        let file = File::open(path).map_err(|e| Problem::unreadable(name, &e))?;
        Ok(Self { name: name.to_owned(), file, rest: Vec::new(), offset: 0, line: 1, ended: false, quoting })
    }

    /// How much of the file has been given out.
    pub(super) fn share(&self) -> f64 {
        let all = self.file.metadata().map_or(0, |about| about.len());
        if all == 0 { 0.0 } else { self.offset as f64 / all as f64 }
    }

    pub(super) fn next_piece(&mut self) -> Result<Option<Piece>> {
        let mut want = BLOCK;
        loop {
            self.fill(want)?;
            if self.rest.is_empty() {
                return Ok(None);
            }
            let whole = match self.quoting {
                _ if self.ended => Some(self.rest.len()),
                Some(quoting) => quoting.last_end(&self.rest),
                None => memrchr(b'\n', &self.rest).map(|p| p + 1),
            };
            match whole {
                Some(end) => return Ok(Some(self.split_off(end))),
                // A quote left open: what follows is cut at lines again, and the reader of the piece says so.
                None if self.rest.len() > RECORD_LIMIT => match memrchr(b'\n', &self.rest) {
                    Some(p) => return Ok(Some(self.split_off(p + 1))),
                    None => return Err(self.one_long_line()),
                },
                None => want = self.rest.len() * 2,
            }
        }
    }

    fn fill(&mut self, want: usize) -> Result<()> {
        let missing = want.saturating_sub(self.rest.len());
        if self.ended || missing == 0 {
            return Ok(());
        }
        self.rest.reserve_exact(missing);
        let got = (&mut self.file)
            .take(missing as u64)
            .read_to_end(&mut self.rest)
            .map_err(|e| Problem::unreadable(&self.name, &e))?;
        self.ended = got < missing;
        Ok(())
    }

    fn split_off(&mut self, end: usize) -> Piece {
        let rest = self.rest[end..].to_vec();
        let mut bytes = std::mem::replace(&mut self.rest, rest);
        bytes.truncate(end);
        let piece = Piece { offset: self.offset, line: self.line, bytes };
        self.offset += end as u64;
        self.line += memchr::memchr_iter(b'\n', &piece.bytes).count() as u64;
        piece
    }

    fn one_long_line(&self) -> Problem {
        Problem::new(
            &self.name,
            Wording::new(
                format!("从第 {} 行起超过 160 MB 没有换行，不像文本表格", self.line),
                format!("from line {} on there is no line break within 160 MB: this is no table of text", self.line),
            ),
            Wording::new("请确认文件格式后重新导出", "check what kind of file it is and export it again"),
        )
    }
}

/// Text, and where in the file the bytes stood that the encoding doesn't have; each became U+FFFD.
pub(super) struct Decoded {
    pub text: String,
    pub wrong: Vec<u64>,
}

pub(super) fn decode(piece: Vec<u8>, offset: u64, encoding: Encoding) -> Decoded {
    match encoding {
        Encoding::Utf8 => match String::from_utf8(piece) {
            Ok(text) => Decoded { text, wrong: Vec::new() },
            Err(error) => decode_utf8_lossy(error.as_bytes(), offset),
        },
        Encoding::Gb18030 => decode_gb18030(&piece, offset),
    }
}

fn decode_utf8_lossy(bytes: &[u8], offset: u64) -> Decoded {
    let mut text = String::with_capacity(bytes.len());
    let mut wrong = Vec::new();
    let mut at = offset;
    for chunk in bytes.utf8_chunks() {
        // A replacement character that was there before marks an earlier loss: just as wrong.
        wrong.extend(chunk.valid().match_indices('\u{fffd}').map(|(i, _)| at + i as u64));
        text.push_str(chunk.valid());
        at += chunk.valid().len() as u64;
        if !chunk.invalid().is_empty() {
            text.push('\u{fffd}');
            wrong.push(at);
            at += chunk.invalid().len() as u64;
        }
    }
    Decoded { text, wrong }
}

fn decode_gb18030(bytes: &[u8], offset: u64) -> Decoded {
    let (text, failed) = encoding_rs::GB18030.decode_without_bom_handling(bytes);
    if !failed {
        return Decoded { text: text.into_owned(), wrong: Vec::new() };
    }
    let mut wrong = Vec::new();
    let mut decoded = String::with_capacity(bytes.len() * 2);
    let mut decoder = encoding_rs::GB18030.new_decoder_without_bom_handling();
    let mut at = 0;
    loop {
        let room = decoder.max_utf8_buffer_length_without_replacement(bytes.len() - at).unwrap_or(bytes.len() * 3);
        decoded.reserve(room);
        let (result, read) = decoder.decode_to_string_without_replacement(&bytes[at..], &mut decoded, true);
        at += read;
        match result {
            encoding_rs::DecoderResult::Malformed(length, behind) => {
                wrong.push(offset + (at - usize::from(length) - usize::from(behind)) as u64);
                decoded.push('\u{fffd}');
            }
            encoding_rs::DecoderResult::InputEmpty => return Decoded { text: decoded, wrong },
            encoding_rs::DecoderResult::OutputFull => {}
        }
    }
}
