//! What a file is, and what in it must not hang in public. Pure.

mod scan;

pub use scan::{Found, scan};

use values::reading::{Reading, Spot};

/// The largest attachment, in bytes.
pub const LARGEST: usize = 5 << 20;
/// How many hang beside one notice.
pub const MOST: usize = 10;
/// The longest name that is kept.
const NAME: usize = 80;

/// What the bytes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Media {
    Csv,
    Text,
    Xlsx,
    /// A photo or a PDF.
    Paper(papers::Media),
}

impl Media {
    /// What the bytes begin with decides; among texts the name.
    #[must_use]
    pub fn of(bytes: &[u8], name: &str) -> Self {
        match papers::Media::of(bytes) {
            Some(paper) => Self::Paper(paper),
            None if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"\xd0\xcf\x11\xe0") => Self::Xlsx,
            None if name.to_lowercase().ends_with(".csv") => Self::Csv,
            None => Self::Text,
        }
    }

    /// The word in the database, and the ending of its name.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Text => "txt",
            Self::Xlsx => "xlsx",
            Self::Paper(paper) => paper.code(),
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        let own = [Self::Csv, Self::Text, Self::Xlsx].into_iter().find(|media| media.code() == code);
        own.or_else(|| papers::Media::from_code(code).map(Self::Paper))
    }

    #[must_use]
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv",
            Self::Text => "text/plain",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Paper(paper) => paper.content_type(),
        }
    }

    /// Whether nothing in it is text that a program reads.
    #[must_use]
    pub const fn is_picture(self) -> bool {
        matches!(self, Self::Paper(papers::Media::Jpeg | papers::Media::Png | papers::Media::Webp))
    }
}

/// The name a file goes by: no folder, nothing unprintable, its ending as its content is.
#[must_use]
pub fn named(sent: &str, media: Media) -> String {
    let last = sent.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = last.rsplit_once('.').map_or(last, |(stem, _)| stem);
    let kept: String = stem.chars().filter(|c| !c.is_control() && !"\"<>|:*?;%".contains(*c)).take(NAME).collect();
    let kept = kept.trim().trim_start_matches('.');
    format!("{}.{}", if kept.is_empty() { "file" } else { kept }, media.code())
}

/// Every place of a file where something stands that must not hang in public, each kind once a place.
#[must_use]
pub fn exposed(name: &str, reading: &Reading) -> Vec<(Spot, Found)> {
    let of = |spot: &Spot, text: &str| -> Vec<(Spot, Found)> {
        scan(text).into_iter().map(|found| (spot.clone(), found)).collect()
    };
    let mut all = of(&Spot::Name, name);
    all.extend(reading.texts.iter().flat_map(|(spot, text)| of(spot, text)));
    // Figures of a row written as one look like accounts as soon as there are many: only an ID number is told by them.
    let joined = reading.joined.iter().flat_map(|(spot, text)| of(spot, text));
    all.extend(joined.filter(|(_, found)| *found == Found::IdNumber));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_what_the_file_is_and_leads_nowhere() {
        let xlsx = Media::of(b"PK\x03\x04", "名单.csv");
        assert_eq!(named("C:\\桌面\\../名单 附表.exe", xlsx), "名单 附表.xlsx");
        assert_eq!(named("..", Media::Text), "file.txt");
        assert_eq!(named("a\r\nb\".pdf", Media::of(b"%PDF-1.7", "")), "ab.pdf");
        assert_eq!(Media::of(b"a,b", "A.CSV"), Media::Csv);
        assert_eq!(Media::of(b"a,b", "A"), Media::Text);
    }

    #[test]
    fn every_place_is_named_and_rows_of_figures_are_no_accounts() {
        let cell = |cell: &str| Spot::Cell { sheet: "名单".into(), hidden: true, cell: cell.into() };
        let reading = Reading {
            texts: vec![(cell("A1"), "周德全".into()), (cell("B1"), "13800001234".into())],
            joined: vec![(cell("C1"), "539901196804090113".into()), (cell("C2"), "4420202610081680".into())],
            unread: Vec::new(),
        };
        let found = exposed("大病名单.xlsx", &reading);
        let expected = [(Spot::Name, Found::Health), (cell("B1"), Found::Phone), (cell("C1"), Found::IdNumber)];
        assert_eq!(found, expected);
    }
}
