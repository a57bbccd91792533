//! The county's places: codes and names, old and new.

use crate::problem::{Problem, Wording};
use rustc_hash::FxHashMap;
use values::columns::Texts;
use values::{AreaCode, Day, Level, PartialDay};

/// The tree of places of `places.csv`, with what became of places that were merged or split.
#[derive(Debug, Default)]
pub struct Places {
    places: Vec<Place>,
    by_code: FxHashMap<u64, u32>,
    by_name: FxHashMap<String, Vec<u32>>,
    /// First six digits of the county's codes.
    county: String,
    /// No list is at hand: any well-formed code will do, and names are passed over.
    unlisted: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// 12 digits; a group stands under the code of its village.
    pub code: AreaCode,
    pub name: String,
    pub level: Level,
    pub parent: Option<AreaCode>,
    pub valid_from: Option<Day>,
    pub valid_to: Option<Day>,
    pub successors: Vec<AreaCode>,
}

/// What a cell that names a place means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// A place of the county, as it is today; `moved` where the cell named it by an old code.
    Here { area: AreaCode, moved: bool },
    /// A place outside the county.
    Elsewhere,
    /// No such place.
    Unknown,
}

/// The columns of `places.csv`.
pub const COLUMNS: [&str; 7] = ["code", "name", "level", "parent", "valid_from", "valid_to", "successors"];

impl Places {
    /// Reads the rows of `places.csv`, one `Texts` for each of [`COLUMNS`].
    ///
    /// # Errors
    /// The rows that are no places, and what is wrong with them; the others are kept.
    #[must_use]
    pub fn read(county: &str, file: &str, columns: &[Texts; 7]) -> (Self, Vec<Problem>) {
        let mut places = Self { county: county.to_owned(), ..Self::default() };
        let mut problems = Vec::new();
        for row in 0..columns[0].len() {
            let cell = |column: usize| columns[column].get(row).map(str::trim).filter(|text| !text.is_empty());
            match place(cell) {
                Ok(place) => places.add(place),
                Err(wrong) => problems.push(Problem::new(
                    file,
                    Wording::new(format!("第 {} 行：{}", row + 1, wrong.zh), format!("row {}: {}", row + 1, wrong.en)),
                    Wording::new("请改正这一行", "correct this row"),
                )),
            }
        }
        (places, problems)
    }

    /// Stands in where a delivery is looked at outside its county's folder.
    #[must_use]
    pub fn unlisted() -> Self {
        Self { unlisted: true, ..Self::default() }
    }

    fn add(&mut self, place: Place) {
        let index = self.places.len() as u32;
        if place.level != Level::Group {
            self.by_code.entry(place.code.0).or_insert(index);
        }
        self.by_name.entry(plain_name(&place.name)).or_default().push(index);
        self.places.push(place);
    }

    #[must_use]
    pub fn all(&self) -> &[Place] {
        &self.places
    }

    #[must_use]
    pub fn get(&self, code: AreaCode) -> Option<&Place> {
        self.by_code.get(&code.0).map(|index| &self.places[*index as usize])
    }

    /// The place a department means by a code or a name.
    #[must_use]
    pub fn find(&self, text: &str) -> Found {
        if text.len() >= 2 && text.bytes().all(|b| b.is_ascii_digit()) {
            return AreaCode::parse(text).map_or(Found::Unknown, |code| self.find_code(code));
        }
        if self.unlisted {
            return Found::Here { area: AreaCode(0), moved: false };
        }
        self.find_name(&plain_name(text))
    }

    fn find_code(&self, code: AreaCode) -> Found {
        let Some(place) = self.get(code) else {
            if self.unlisted {
                return Found::Here { area: code, moved: false };
            }
            return if self.is_here(code) { Found::Unknown } else { self.beyond(code) };
        };
        self.settle(self.today(place.code, 0), place.code)
    }

    /// A place as it is today: the smallest that holds all its successors.
    fn today(&self, code: AreaCode, depth: u8) -> AreaCode {
        // A chain longer than any history is a circle.
        let Some(place) = self.get(code).filter(|place| !place.successors.is_empty() && depth < 16) else {
            return code;
        };
        let successors = place.successors.iter().map(|next| self.today(*next, depth + 1));
        successors.reduce(smallest_holding).unwrap_or(code)
    }

    fn settle(&self, area: AreaCode, named: AreaCode) -> Found {
        if self.is_here(area) {
            return Found::Here { area, moved: area != named };
        }
        self.beyond(area)
    }

    fn beyond(&self, area: AreaCode) -> Found {
        // A province or prefecture that holds the county says nothing of which county is meant.
        let holds = AreaCode::parse(&self.county).is_ok_and(|county| area.contains(county));
        if holds { Found::Unknown } else { Found::Elsewhere }
    }

    fn is_here(&self, area: AreaCode) -> bool {
        area.starts_with(&self.county)
    }

    fn find_name(&self, text: &str) -> Found {
        let found = self.named(text).or_else(|| self.named(without_group(text)?));
        found.unwrap_or(Found::Unknown)
    }

    /// Places whose name ends the text, with nothing but names of places above them before it.
    fn named(&self, text: &str) -> Option<Found> {
        for (at, _) in text.char_indices() {
            let Some(candidates) = self.by_name.get(&text[at..]) else { continue };
            let fits = candidates.iter().filter(|index| self.leads_to(&text[..at], &self.places[**index as usize]));
            let areas: Vec<AreaCode> = fits.map(|index| self.places[*index as usize].code).collect();
            if areas.is_empty() {
                continue;
            }
            let mut today: Vec<AreaCode> = areas.iter().map(|area| self.today(*area, 0)).collect();
            today.sort_unstable();
            today.dedup();
            let here = today.iter().copied().filter(|area| self.is_here(*area)).reduce(smallest_holding);
            return Some(match here {
                Some(area) => Found::Here { area, moved: today.len() == 1 && !areas.contains(&area) },
                None => self.beyond(today[0]),
            });
        }
        None
    }

    /// Whether the text before a place's name is made of names of the places above it, the highest first.
    fn leads_to(&self, mut before: &str, place: &Place) -> bool {
        let mut above = Vec::new();
        let mut next = self.above(place);
        while let Some(place) = next {
            above.push(plain_name(&place.name));
            next = if above.len() < 8 { self.above(place) } else { None };
        }
        for name in above.iter().rev() {
            before = before.strip_prefix(name.as_str()).unwrap_or(before);
        }
        before.is_empty()
    }

    fn above(&self, place: &Place) -> Option<&Place> {
        let code = match (place.parent, place.level) {
            (Some(parent), _) => parent,
            (None, Level::Province) => return None,
            (None, Level::Prefecture) => place.code.ancestor(Level::Province),
            (None, Level::County) => place.code.ancestor(Level::Prefecture),
            (None, Level::Township) => place.code.ancestor(Level::County),
            (None, Level::Village) => place.code.ancestor(Level::Township),
            (None, Level::Group) => place.code,
        };
        self.get(code).filter(|above| above.code != place.code || place.level == Level::Group)
    }
}

fn place<'a>(cell: impl Fn(usize) -> Option<&'a str>) -> Result<Place, Wording> {
    let code = |text: &str| {
        AreaCode::parse(text).map_err(|e| Wording::new(format!("代码 {text} 有误"), format!("the code {text}: {e}")))
    };
    let day = |text: Option<&str>| {
        text.map(|text| PartialDay::parse(text, "any").map(|p| p.day))
            .transpose()
            .map_err(|e| Wording::new("日期有误", format!("a date: {e}")))
    };
    let own = cell(0).ok_or_else(|| Wording::new("缺少 code", "it has no code"))?;
    let name = cell(1).ok_or_else(|| Wording::new("缺少 name", "it has no name"))?;
    let level = match cell(2) {
        Some("province") => Level::Province,
        Some("prefecture") => Level::Prefecture,
        Some("county") => Level::County,
        Some("township") => Level::Township,
        Some("village") => Level::Village,
        Some("group") => Level::Group,
        _ => {
            return Err(Wording::new(
                "level 应为 province、prefecture、county、township、village 或 group",
                "its level is none of province, prefecture, county, township, village, group",
            ));
        }
    };
    let successors: Result<Vec<_>, _> = cell(6)
        .map_or(Ok(Vec::new()), |list| list.split(';').map(str::trim).filter(|c| !c.is_empty()).map(code).collect());
    Ok(Place {
        code: code(own)?,
        name: name.to_owned(),
        level,
        parent: cell(3).map(code).transpose()?,
        valid_from: day(cell(4))?,
        valid_to: day(cell(5))?,
        successors: successors?,
    })
}

/// The smallest place that holds both.
fn smallest_holding(a: AreaCode, b: AreaCode) -> AreaCode {
    let levels = [Level::Village, Level::Township, Level::County, Level::Prefecture];
    let common = levels.into_iter().find(|level| a.ancestor(*level) == b.ancestor(*level));
    a.ancestor(common.unwrap_or(Level::Province))
}

/// A name without the spaces and marks people put between its parts.
fn plain_name(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '/' | '-' | '—' | '·' | ',' | '，' | '\u{feff}'))
        .collect()
}

/// A village's name behind which a group is named that needn't be in the list, such as `第三组`.
fn without_group(text: &str) -> Option<&str> {
    let name = ["村民小组", "小组", "组", "社"].iter().find_map(|end| text.strip_suffix(end))?;
    let village = name.trim_end_matches(|c: char| c.is_ascii_digit() || "〇零一二三四五六七八九十百第".contains(c));
    (!village.is_empty() && village.len() < name.len()).then_some(village)
}
