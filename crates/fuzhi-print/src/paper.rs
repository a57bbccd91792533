//! A document as JSON becomes pages: `paper.typ` lays it out, and nothing in it is ever read as markup.

use crate::Cause;
use crate::fonts::Found;
use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Dict, Duration, IntoValue, Smart};
use typst::syntax::{FileId, Source};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::PdfOptions;

const TEMPLATE: &str = include_str!("paper.typ");

/// What typst may look at: the template, the document, the font.
struct Desk {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    faces: Vec<Font>,
    template: Source,
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }

    fn main(&self) -> FileId {
        self.template.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.template.id() { Ok(self.template.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, _: FileId) -> FileResult<Bytes> {
        Err(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.faces.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

/// The document as PDF.
pub fn write(json: &[u8], fonts: &Found) -> Result<Vec<u8>, Cause> {
    let wrong = |cause: &dyn std::fmt::Display| Cause::Document(format!("this is no document: {cause}"));
    let document: serde_json::Value = serde_json::from_slice(json).map_err(|cause| wrong(&cause))?;
    let mut lacking = Vec::new();
    lacking_in(&document, fonts, &mut lacking);
    if !lacking.is_empty() {
        lacking.sort_unstable();
        lacking.dedup();
        return Err(Cause::Characters(lacking.iter().take(20).collect()));
    }
    let text = std::str::from_utf8(json).map_err(|cause| wrong(&cause))?;
    let mut inputs = Dict::new();
    inputs.insert("document".into(), text.into_value());
    inputs.insert("font".into(), fonts.family.as_str().into_value());
    let desk = Desk {
        library: LazyHash::new(Library::builder().with_inputs(inputs).build()),
        book: LazyHash::new(FontBook::from_fonts(&fonts.faces)),
        faces: fonts.faces.clone(),
        template: Source::detached(TEMPLATE),
    };
    let laid_out = typst::compile::<PagedDocument>(&desk).output.map_err(|errors| wrong(&told(&errors)))?;
    let creator = Smart::Custom(Some(format!("fuzhi-print {}", env!("CARGO_PKG_VERSION"))));
    let options = PdfOptions { creator, ..PdfOptions::default() };
    typst_pdf::pdf(&laid_out, &options).map_err(|errors| wrong(&told(&errors)))
}

fn told(errors: &[typst::diag::SourceDiagnostic]) -> String {
    errors.iter().map(|error| error.message.as_str()).collect::<Vec<_>>().join("; ")
}

/// Characters of the document's texts that the font has no shape for: a name printed as empty boxes is nobody's name.
fn lacking_in(value: &serde_json::Value, fonts: &Found, lacking: &mut Vec<char>) {
    match value {
        serde_json::Value::String(text) => {
            lacking.extend(text.chars().filter(|c| !c.is_whitespace() && !c.is_control() && !fonts.holds(*c)));
        }
        serde_json::Value::Array(values) => values.iter().for_each(|value| lacking_in(value, fonts, lacking)),
        serde_json::Value::Object(fields) => fields.values().for_each(|value| lacking_in(value, fonts, lacking)),
        _ => {}
    }
}
