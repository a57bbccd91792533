//! The texts of a file that somebody hands in, each with its place: what is looked through before a file goes public.

/// Where in a file a text stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Spot {
    /// Its name.
    Name,
    /// A cell such as `C5`; a sheet may be hidden.
    Cell { sheet: String, hidden: bool, cell: String },
    /// A comment at a cell.
    Note { cell: String },
    /// Names, headers, properties and whatever else a workbook holds beside its cells: the part it stands in.
    Part(String),
    /// A line, from 1.
    Line(usize),
    /// A page, from 1.
    Page(usize),
    /// What stands on no page of a document: notes, form fields, bookmarks, properties.
    Beside,
}

/// What of a file couldn't be read as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unread {
    Pictures,
    /// Other files inside it, or programs.
    Files,
    /// Letters that say what they look like, and not what they are.
    Glyphs,
    /// Layers that may be switched off.
    Layers,
    /// What it said before it was changed.
    Versions,
    /// More pages or cells than are read.
    Rest,
}

impl Unread {
    pub const ALL: [Self; 6] = [Self::Pictures, Self::Files, Self::Glyphs, Self::Layers, Self::Versions, Self::Rest];

    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Pictures => "pictures",
            Self::Files => "files",
            Self::Glyphs => "glyphs",
            Self::Layers => "layers",
            Self::Versions => "versions",
            Self::Rest => "rest",
        }
    }

    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }
}

/// A file, read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    pub texts: Vec<(Spot, String)>,
    /// Figures that stand beside each other in a row, as one.
    pub joined: Vec<(Spot, String)>,
    pub unread: Vec<Unread>,
}

/// Why a file can't be read at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// It takes a password.
    Encrypted,
    /// It only begins like a file of its kind, or unpacks to more than anybody hands in.
    Broken,
    /// No reader for its kind is at hand.
    NoReader,
}
