//! The parts of a workbook beside its cells: shared texts, comments, headers, drawings, names, properties.

use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};
use std::collections::HashSet;
use std::io::{Cursor, Read};
use values::reading::{Reading, Spot, Unread, Unreadable};

/// All parts unpacked: far more than a list that hangs beside a notice.
const UNPACKED_LIMIT: u64 = 64 << 20;
/// Attributes that people write or read; the others are a machine's.
const WRITTEN: [&str; 13] = [
    "name",
    "Target",
    "tooltip",
    "display",
    "location",
    "descr",
    "title",
    "prompt",
    "promptTitle",
    "error",
    "errorTitle",
    "author",
    "displayName",
];

pub(super) struct Part {
    name: String,
    bytes: Vec<u8>,
}

/// Every part of the archive, as long as they are bearable together.
pub(super) fn unpack(bytes: &[u8]) -> Result<Vec<Part>, Unreadable> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| Unreadable::Broken)?;
    let (mut parts, mut left) = (Vec::new(), UNPACKED_LIMIT);
    for at in 0..archive.len() {
        let part = archive.by_index(at).map_err(|_| Unreadable::Broken)?;
        let name = part.name().map_err(|_| Unreadable::Broken)?.into_owned();
        let mut bytes = Vec::new();
        part.take(left + 1).read_to_end(&mut bytes).map_err(|_| Unreadable::Broken)?;
        left = left.checked_sub(bytes.len() as u64).ok_or(Unreadable::Broken)?;
        parts.push(Part { name, bytes });
    }
    Ok(parts)
}

/// Reads a part: its texts that don't stand in cells, or that it can't be read.
pub(super) fn read(part: &Part, in_cells: &HashSet<String>, reading: &mut Reading) {
    let ending = part.name.rsplit('.').next().unwrap_or_default().to_lowercase();
    match ending.as_str() {
        "xml" | "rels" | "vml" => {
            if texts_of(part, in_cells, reading).is_none() {
                reading.unread.push(Unread::Files);
            }
        }
        "png" | "jpg" | "jpeg" | "gif" | "bmp" | "tif" | "tiff" | "emf" | "wmf" | "svg" | "webp" => {
            reading.unread.push(Unread::Pictures);
        }
        _ if part.bytes.is_empty() => {}
        // What the printer was set to says nothing to readers.
        "bin" if part.name.contains("printerSettings") => {}
        _ => reading.unread.push(Unread::Files),
    }
}

fn texts_of(part: &Part, in_cells: &HashSet<String>, reading: &mut Reading) -> Option<()> {
    let xml = super::decoded(&part.bytes)?;
    let mut reader = Reader::from_str(&xml);
    let (mut paragraph, mut note, mut in_data) = (String::new(), None::<String>, 0_usize);
    loop {
        match reader.read_event().ok()? {
            Event::Eof => break,
            Event::Start(tag) => {
                if tag.local_name().as_ref() == "sheetData" {
                    in_data += 1;
                }
                note = note_of(&tag).or(note);
                attributes(part, &tag, reading);
            }
            Event::Empty(tag) => attributes(part, &tag, reading),
            Event::Text(text) if in_data == 0 => paragraph.push_str(&text),
            Event::GeneralRef(name) if in_data == 0 => paragraph.push_str(&resolved(&name)?),
            Event::CData(text) if in_data == 0 => paragraph.push_str(&text),
            Event::End(tag) => {
                let name = tag.local_name();
                if name.as_ref() == "sheetData" {
                    in_data = in_data.saturating_sub(1);
                }
                // A text may be cut into runs: it ends where its cell, comment or paragraph does.
                if !matches!(name.as_ref(), "t" | "r" | "rPr" | "rPh") {
                    let text = std::mem::take(&mut paragraph);
                    let spot = note.clone().map_or_else(|| Spot::Part(part.name.clone()), |cell| Spot::Note { cell });
                    let text = text.trim();
                    if !text.is_empty() && !in_cells.contains(text) {
                        reading.texts.push((spot, text.to_owned()));
                    }
                }
                if is_note(name.as_ref()) {
                    note = None;
                }
            }
            _ => {}
        }
    }
    Some(())
}

fn is_note(name: &str) -> bool {
    matches!(name, "comment" | "threadedComment")
}

/// The cell a comment stands at.
fn note_of(tag: &BytesStart<'_>) -> Option<String> {
    if !is_note(tag.local_name().as_ref()) {
        return None;
    }
    Some(tag.try_get_attribute("ref").ok()??.value.into_owned())
}

fn attributes(part: &Part, tag: &BytesStart<'_>, reading: &mut Reading) {
    for attribute in tag.attributes().flatten() {
        if WRITTEN.contains(&attribute.key.local_name().as_ref()) {
            reading.texts.push((Spot::Part(part.name.clone()), attribute.value.into_owned()));
        }
    }
}

/// `&amp;`, `&#20013;`.
fn resolved(name: &BytesRef<'_>) -> Option<String> {
    if let Some(c) = name.resolve_char_ref().ok()? {
        return Some(c.to_string());
    }
    quick_xml::escape::resolve_predefined_entity(name).map(str::to_owned)
}
