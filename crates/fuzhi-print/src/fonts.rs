//! The Chinese font, read from this machine's disk: none is carried along.

use crate::Cause;
use std::path::{Path, PathBuf};
use typst::foundations::Bytes;
use typst::text::Font;

/// Free fonts that hold the characters of Chinese names, the best first: official papers are set in a serif face.
const NAMES: [&str; 10] = [
    "NotoSerifCJK-Regular.ttc",
    "NotoSerifCJKsc-Regular.otf",
    "NotoSerifSC-Regular.otf",
    "SourceHanSerifSC-Regular.otf",
    "SourceHanSerifCN-Regular.otf",
    "SourceHanSerif-Regular.ttc",
    "NotoSansCJK-Regular.ttc",
    "NotoSansCJKsc-Regular.otf",
    "SourceHanSansSC-Regular.otf",
    "wqy-microhei.ttc",
];
const FOLDERS: [&str; 3] = ["/usr/share/fonts", "/usr/local/share/fonts", "/usr/share/fuzhi/fonts"];

/// Every document holds some of these.
const PROOF: &str = "扶智家村公示决定告知书";

/// The faces documents are written in.
pub struct Found {
    pub path: PathBuf,
    /// The family's name, as the document asks for it.
    pub family: String,
    /// Regular, and bold where it lies beside it.
    pub faces: Vec<Font>,
}

impl Found {
    /// Whether every character can be drawn.
    pub fn holds(&self, c: char) -> bool {
        self.faces.first().is_some_and(|face| face.info().coverage.contains(c as u32))
    }
}

/// The font at `path`, or in that folder; where Linux distributions put fonts when none is named.
pub fn find(path: Option<&Path>) -> Result<Found, Cause> {
    let file = match path {
        Some(path) if path.is_file() => Some(path.to_owned()),
        Some(path) => best_of([path.to_owned()].into()),
        None => best_of(FOLDERS.map(PathBuf::from).into()),
    };
    let file = file.ok_or_else(|| {
        let place = path.map_or_else(|| FOLDERS.join(", "), |path| path.display().to_string());
        Cause::Font(format!("no Chinese font in {place}: apt-get install fonts-noto-cjk, or --fonts FILE"))
    })?;
    open(&file)
}

fn best_of(mut folders: Vec<PathBuf>) -> Option<PathBuf> {
    let mut best: Option<(usize, PathBuf)> = None;
    while let Some(folder) = folders.pop() {
        let inside = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
        for path in inside {
            if path.is_dir() && !path.is_symlink() {
                folders.push(path);
                continue;
            }
            let name = path.file_name().unwrap_or_default();
            let rank = NAMES.iter().position(|known| name == *known);
            if let Some(rank) = rank.filter(|rank| best.as_ref().is_none_or(|(best, _)| rank < best)) {
                best = Some((rank, path));
            }
        }
    }
    best.map(|(_, path)| path)
}

fn open(path: &Path) -> Result<Found, Cause> {
    let face = face(path)?;
    let mut found = Found { path: path.to_owned(), family: face.info().family.as_str().to_owned(), faces: vec![face] };
    if !PROOF.chars().all(|c| found.holds(c)) {
        return Err(Cause::Font(format!("{} is no Chinese font: apt-get install fonts-noto-cjk", path.display())));
    }
    let bold = path.with_file_name(path.file_name().unwrap_or_default().to_string_lossy().replace("Regular", "Bold"));
    if bold != path && bold.exists() {
        found.faces.extend(self::face(&bold).ok().filter(|bold| bold.info().family.as_str() == found.family));
    }
    Ok(found)
}

/// The face of a file for simplified Chinese; a collection holds one for each region.
fn face(path: &Path) -> Result<Font, Cause> {
    let unreadable = |why: &str| Cause::Font(format!("{} can't be read as a font: {why}", path.display()));
    let bytes = std::fs::read(path).map_err(|cause| unreadable(&cause.to_string()))?;
    let faces: Vec<Font> = Font::iter(Bytes::new(bytes)).collect();
    let chinese = faces.iter().find(|face| face.info().family.as_str().ends_with(" SC"));
    chinese.or_else(|| faces.first()).cloned().ok_or_else(|| unreadable("it holds no face"))
}
