//! Models that Splink saved: their comparisons, levels and shares, taken over as far as this engine has the like.

use crate::level::Level;
use crate::model::{Learned, LevelShare, Model, ModelError, VERSION};
use crate::spec::{ComparisonSpec, Role, Spec};
use serde::Deserialize;

#[derive(Deserialize)]
struct Settings {
    probability_two_random_records_match: Option<f64>,
    comparisons: Vec<Comparison>,
}

#[derive(Deserialize)]
struct Comparison {
    output_column_name: String,
    comparison_levels: Vec<SplinkLevel>,
}

#[derive(Deserialize)]
struct SplinkLevel {
    sql_condition: String,
    #[serde(default)]
    is_null_level: bool,
    m_probability: Option<f64>,
    u_probability: Option<f64>,
}

/// Whether a text is a model of Splink's rather than one of ours.
#[must_use]
pub fn is_splink(json: &str) -> bool {
    serde_json::from_str::<Settings>(json).is_ok()
}

/// Reads a Splink model for a specification, whose comparisons become the model's. A level that has no like here is
/// counted to the next weaker one; each such is told in a sentence.
///
/// # Errors
/// When it isn't such a model, or compares a column that the specification gives no role.
pub fn import(json: &str, spec: &mut Spec) -> Result<(Model, Vec<String>), ModelError> {
    let settings: Settings = serde_json::from_str(json).map_err(|error| ModelError::Form(error.to_string()))?;
    let (mut comparisons, mut warnings) = (Vec::new(), Vec::new());
    spec.comparison.clear();
    for comparison in settings.comparisons {
        let field = comparison.output_column_name;
        let role = spec.fields.get(&field).copied().ok_or_else(|| ModelError::Column(field.clone()))?;
        let mut levels: Vec<LevelShare> = Vec::new();
        let (mut known, mut m, mut u) = (Vec::new(), 0.0, 0.0);
        for level in comparison.comparison_levels.into_iter().filter(|level| !level.is_null_level) {
            m += level.m_probability.unwrap_or(0.0);
            u += level.u_probability.unwrap_or(0.0);
            let is_else = level.sql_condition.trim().eq_ignore_ascii_case("else");
            match translated(&level.sql_condition, role).filter(|level| !known.contains(level)) {
                Some(level) => {
                    known.push(level);
                    levels.push(LevelShare { level: level.to_string(), m: m.max(1e-9), u: u.max(1e-12) });
                    (m, u) = (0.0, 0.0);
                }
                None if is_else => {
                    levels.push(LevelShare { level: "else".into(), m: m.max(1e-9), u: u.max(1e-12) });
                }
                None => warnings.push(format!(
                    "{field}: the level \"{}\" has no like here and counts as the next weaker one",
                    level.sql_condition
                )),
            }
        }
        spec.comparison.push(ComparisonSpec { field: field.clone(), with: None, levels: known, term_frequency: false });
        comparisons.push(Learned { field, levels, terms: None });
    }
    let prior = settings.probability_two_random_records_match.unwrap_or(1e-4);
    Ok((Model { version: VERSION, prior, comparisons, blocking: Vec::new() }, warnings))
}

/// A condition as Splink's comparison library writes it.
fn translated(sql: &str, role: Role) -> Option<Level> {
    let plain: String = sql.to_lowercase().chars().filter(|c| !matches!(c, '"' | '`' | ' ')).collect();
    let bound = |sign: &str| plain.rsplit_once(sign).and_then(|(_, number)| number.parse::<f64>().ok());
    let level = if plain.contains("regexp_extract") {
        (plain.starts_with("nullif") && plain.contains("[^@]+")).then_some(Level::Mailbox)
    } else if plain.contains("epoch(") {
        bound("<=").map(|seconds| Level::Days((seconds / 86_400.0) as u16))
    } else if plain.starts_with("jaro_winkler") {
        bound(">=").map(Level::JaroWinkler)
    } else if plain.starts_with("levenshtein") || plain.starts_with("damerau_levenshtein") {
        let most = bound("<=")? as u8;
        Some(if role == Role::IdNumber { Level::Typos(most) } else { Level::Edits(most) })
    } else if plain.starts_with("jaccard") {
        bound(">=").map(|least| if role == Role::Address { Level::Jaccard(least) } else { Level::Tokens(least) })
    } else {
        let sides = plain.split_once('=').filter(|_| !plain.contains(['(', '<', '>']));
        let stem = |side: &str| side.strip_suffix("_l").or_else(|| side.strip_suffix("_r")).map(str::to_owned);
        sides.filter(|(a, b)| stem(a).is_some() && stem(a) == stem(b)).map(|_| Level::Exact)
    };
    level.filter(|level| level.suits(role))
}
