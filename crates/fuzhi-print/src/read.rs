//! What stands in a PDF somebody hands in, and what in it can't be read: so that nothing goes public unread.

use crate::Cause;
use hayro_interpret::font::Glyph;
use hayro_interpret::hayro_cmap::BfString;
use hayro_interpret::hayro_syntax::object::{Array, Dict, MaybeRef, Object};
use hayro_interpret::hayro_syntax::{LoadPdfError, Pdf};
use hayro_interpret::{
    BlendMode, ClipPath, Context, Device, GlyphDrawMode, Image, InterpreterCache, InterpreterSettings, Paint,
    PathDrawMode, SoftMask, interpret_page,
};
use kurbo::{Affine, BezPath, Point, Rect};
use serde::Serialize;
use std::collections::BTreeSet;

/// Pages that are read; a longer document is said to be unread.
const PAGES: usize = 200;
/// How deep an object may lie in another.
const DEPTH: usize = 24;

#[derive(Debug, Default, Serialize)]
pub struct Content {
    pub texts: Vec<Text>,
    /// What couldn't be read: `pictures`, `glyphs`, `files`, `layers`, `versions`, `rest`.
    pub unread: BTreeSet<&'static str>,
}

#[derive(Debug, Serialize)]
pub struct Text {
    /// From 1; 0 for what stands on no page: notes, form fields, bookmarks, properties.
    pub page: usize,
    pub text: String,
}

/// The texts of a PDF.
pub fn read(bytes: Vec<u8>) -> Result<Content, Cause> {
    // Some open without a password and still give other letters than readers see: none is looked into.
    if bytes.windows(8).any(|word| word == b"/Encrypt") {
        return Err(Cause::Document("encrypted".to_owned()));
    }
    let mut content = Content::default();
    if changed_later(&bytes) {
        content.unread.insert("versions");
    }
    let pdf = Pdf::new(bytes).map_err(|cause| {
        Cause::Document(match cause {
            LoadPdfError::Decryption(_) => "encrypted".to_owned(),
            LoadPdfError::Invalid => "broken".to_owned(),
        })
    })?;
    if pdf.pages().is_empty() {
        return Err(Cause::Document("broken".to_owned()));
    }
    if pdf.xref().has_optional_content_groups() {
        content.unread.insert("layers");
    }
    if pdf.pages().len() > PAGES {
        content.unread.insert("rest");
    }
    let cache = InterpreterCache::new();
    for (at, page) in pdf.pages().iter().enumerate().take(PAGES) {
        let everything = Rect::new(-1e6, -1e6, 1e6, 1e6);
        let settings = InterpreterSettings::default();
        let mut context = Context::new(Affine::IDENTITY, everything, &cache, pdf.xref(), settings);
        let mut drawn = Drawn::default();
        interpret_page(page, &mut context, &mut drawn);
        content.unread.extend(drawn.unread.iter());
        content.texts.push(Text { page: at + 1, text: drawn.lines() });
    }
    let mut beside = Vec::new();
    for object in pdf.objects() {
        strings(&object, &mut content.unread, &mut beside, 0);
    }
    content.texts.push(Text { page: 0, text: beside.join("\n") });
    Ok(content)
}

/// Whether it was changed after it was first written, so that what it said before may still be inside.
fn changed_later(bytes: &[u8]) -> bool {
    let has = |word: &[u8]| bytes.windows(word.len()).filter(|window| *window == word).count();
    has(b"startxref") > 1 + usize::from(has(b"/Linearized") > 0)
}

/// Every text of an object, and whether it carries a file.
fn strings(object: &Object<'_>, unread: &mut BTreeSet<&'static str>, found: &mut Vec<String>, depth: usize) {
    if depth > DEPTH {
        return;
    }
    match object {
        Object::String(text) if is_moment(text.as_bytes()) => {}
        Object::String(text) => found.push(plain(text.as_bytes())),
        Object::Dict(dict) => of_dict(dict, unread, found, depth),
        Object::Array(array) => of_array(array, unread, found, depth),
        Object::Stream(stream) => {
            of_dict(stream.dict(), unread, found, depth);
            let kind = |key: &str| stream.dict().get::<hayro_interpret::hayro_syntax::object::Name<'_>>(key);
            if kind("Type").is_some_and(|kind| kind.as_str() == "Metadata") {
                found.extend(stream.decoded().ok().map(|bytes| without_tags(&String::from_utf8_lossy(&bytes))));
            }
        }
        Object::Null(_) | Object::Boolean(_) | Object::Number(_) | Object::Name(_) => {}
    }
}

fn of_dict(dict: &Dict<'_>, unread: &mut BTreeSet<&'static str>, found: &mut Vec<String>, depth: usize) {
    for (name, value) in dict.entries() {
        if ["EF", "EmbeddedFiles", "XFA", "JS"].contains(&name.as_str()) {
            unread.insert("files");
        }
        // The document's identifier and its fonts' names say nothing to readers.
        if ["ID", "CharSet", "Registry", "Ordering"].contains(&name.as_str()) {
            continue;
        }
        if let MaybeRef::NotRef(value) = value {
            strings(&value, unread, found, depth + 1);
        }
    }
}

fn of_array(array: &Array<'_>, unread: &mut BTreeSet<&'static str>, found: &mut Vec<String>, depth: usize) {
    for value in array.raw_iter() {
        if let MaybeRef::NotRef(value) = value {
            strings(&value, unread, found, depth + 1);
        }
    }
}

fn plain(bytes: &[u8]) -> String {
    match bytes {
        [0xfe, 0xff, rest @ ..] => {
            let units: Vec<u16> = rest.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
            String::from_utf16_lossy(&units)
        }
        bytes => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// The values of an XML text, names of elements among them: more than readers see, never less.
fn without_tags(xml: &str) -> String {
    xml.replace(['<', '>', '"', '\'', '='], "\n")
}

/// `D:20261008090000+08'00'`: when a program wrote it.
fn is_moment(bytes: &[u8]) -> bool {
    let rest = bytes.strip_prefix(b"D:");
    rest.is_some_and(|rest| rest.len() <= 23 && rest.iter().all(|byte| b"0123456789+-Z'".contains(byte)))
}

/// The letters of a page, each where it stands.
#[derive(Default)]
struct Drawn {
    letters: Vec<Letter>,
    unread: BTreeSet<&'static str>,
}

struct Letter {
    text: String,
    /// Degrees that its line runs at.
    angle: i32,
    /// Along and across the line, in hundredths of a point.
    along: i64,
    across: i64,
    size: i64,
}

impl Drawn {
    /// As lines from the top, whatever order the letters were drawn in; what stands far apart is parted by a tab.
    fn lines(mut self) -> String {
        self.letters.sort_by_key(|letter| (letter.angle, -letter.across / 300, letter.along));
        let mut lines = String::new();
        let mut before: Option<&Letter> = None;
        for letter in &self.letters {
            match before {
                Some(b) if b.angle != letter.angle || b.across / 300 != letter.across / 300 => lines.push('\n'),
                Some(b) if letter.along - b.along > 2 * b.size.max(letter.size) => lines.push('\t'),
                _ => {}
            }
            lines.push_str(&letter.text);
            before = Some(letter);
        }
        lines
    }
}

impl Device<'_> for Drawn {
    fn draw_glyph(&mut self, glyph: &Glyph<'_>, page: Affine, own: Affine, _: &Paint<'_>, _: &GlyphDrawMode) {
        let text = match glyph.as_unicode() {
            Some(BfString::Char(c)) => c.to_string(),
            Some(BfString::String(text)) => text,
            None => {
                self.unread.insert("glyphs");
                "\u{fffd}".to_owned()
            }
        };
        let whole = page * own;
        let [a, b, ..] = whole.as_coeffs();
        let angle = b.atan2(a);
        let at = Affine::rotate(-angle) * (whole * Point::ORIGIN);
        // Glyphs are drawn in thousandths of their size.
        let size = a.hypot(b) * 1000.0;
        let hundredths = |value: f64| (value * 100.0).clamp(-1e12, 1e12) as i64;
        self.letters.push(Letter {
            text,
            angle: angle.to_degrees().round() as i32,
            along: hundredths(at.x),
            across: hundredths(at.y),
            size: hundredths(size),
        });
    }

    fn draw_image(&mut self, _: Image<'_, '_>, _: Affine) {
        self.unread.insert("pictures");
    }

    fn set_soft_mask(&mut self, _: Option<SoftMask<'_>>) {}
    fn set_blend_mode(&mut self, _: BlendMode) {}
    fn draw_path(&mut self, _: &BezPath, _: Affine, _: &Paint<'_>, _: &PathDrawMode) {}
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'_>>, _: BlendMode) {}
    fn pop_clip_path(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}
