//! `county.toml`: which county, and the day a run speaks of.

use crate::problem::{Problem, Wording};
use serde::Deserialize;
use values::Day;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct County {
    /// First six digits of the county's place codes.
    pub code: String,
    pub name: String,
    pub as_of: Day,
    /// The file with its places, in the county's folder.
    pub places: String,
}

#[derive(Deserialize)]
struct File {
    county: Described,
}

#[derive(Deserialize)]
struct Described {
    code: String,
    name: String,
    as_of: String,
    #[serde(default = "places_csv")]
    places: String,
}

fn places_csv() -> String {
    "places.csv".to_owned()
}

impl County {
    /// Reads `county.toml`; `as_of` overrides the day it names.
    ///
    /// # Errors
    /// When it isn't TOML, or a value in it is missing or wrong.
    pub fn read(file: &str, text: &str, as_of: Option<Day>) -> Result<Self, Problem> {
        let wrong = |field: &str, zh: String, en: String| {
            let remedy = Wording::new("请改正 county.toml", "correct county.toml");
            Problem::new(file, Wording::new(zh, en), remedy).in_field(field)
        };
        let read: File = toml::from_str(text.trim_start_matches('\u{feff}')).map_err(|e| {
            let message = e.message().to_owned();
            wrong("county", format!("内容有误：{message}"), format!("it can't be read: {message}"))
        })?;
        let Described { code, name, as_of: day, places } = read.county;
        if code.len() != 6 || !code.bytes().all(|b| b.is_ascii_digit()) {
            return Err(wrong("code", format!("“{code}”不是六位数字"), format!("\"{code}\" is not six digits")));
        }
        let as_of = match as_of {
            Some(day) => day,
            None => Day::parse_iso(&day).map_err(|_| {
                wrong("as_of", format!("“{day}”不是 YYYY-MM-DD 日期"), format!("\"{day}\" is no date YYYY-MM-DD"))
            })?,
        };
        if !is_inside(&places) {
            return Err(wrong(
                "places",
                "路径越出了县文件夹".to_owned(),
                "its path leads out of the folder".to_owned(),
            ));
        }
        Ok(Self { code, name, as_of, places })
    }
}

/// Whether a path stays in its folder.
pub(crate) fn is_inside(path: &str) -> bool {
    let parts = || path.split(['/', '\\']);
    !path.is_empty() && !path.starts_with(['/', '\\']) && parts().all(|part| part != "..") && !path.contains(':')
}
