//! Models that Splink saved: their comparisons, levels, shares and blocking rules, taken over as far as this engine has the
//! like.

use crate::level::Level;
use crate::model::{Learned, LevelShare, Model, ModelError, VERSION};
use crate::scheme::Scheme;
use crate::spec::{BlockingSpec, ComparisonSpec, Role, Spec};
use serde::Deserialize;

#[derive(Deserialize)]
struct Settings {
    probability_two_random_records_match: Option<f64>,
    #[serde(default)]
    blocking_rules_to_generate_predictions: Vec<BlockingRule>,
    comparisons: Vec<Comparison>,
}

/// A rule as this or an earlier release of Splink saves it.
#[derive(Deserialize)]
#[serde(untagged)]
enum BlockingRule {
    Told { blocking_rule: String },
    Bare(String),
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
    tf_adjustment_column: Option<String>,
}

/// Whether a text is a model of Splink's rather than one of ours.
#[must_use]
pub fn is_splink(json: &str) -> bool {
    serde_json::from_str::<Settings>(json).is_ok()
}

/// Reads a Splink model for a specification, whose comparisons become the model's. A level that has no like here is
/// counted to the next weaker one; each such is told in a sentence. Its blocking rules are used where the specification
/// names none, and where all of them have their like: a part of them would find fewer pairs than it was trained for.
/// How frequent each value is isn't saved by Splink: [`crate::link`] counts that in the records at hand.
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
        let term_frequency = comparison.comparison_levels.iter().any(|level| level.tf_adjustment_column.is_some());
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
        spec.comparison.push(ComparisonSpec { field: field.clone(), with: None, levels: known, term_frequency });
        comparisons.push(Learned { field, levels, terms: None });
    }
    let prior = settings.probability_two_random_records_match.unwrap_or(1e-4);
    let theirs = settings.blocking_rules_to_generate_predictions.iter().filter(|_| spec.blocking.is_empty());
    let rules = theirs.map(|rule| match rule {
        BlockingRule::Told { blocking_rule: sql } | BlockingRule::Bare(sql) => sql,
    });
    let read: Result<Vec<_>, &String> = rules.map(|sql| rule(sql, spec).ok_or(sql)).collect();
    let blocking = read.unwrap_or_else(|sql| {
        warnings.push(format!("the blocking rule \"{sql}\" has no like here: the engine finds rules of its own"));
        Vec::new()
    });
    Ok((Model { version: VERSION, prior, comparisons, blocking }, warnings))
}

/// The parts that a rule asks two records to agree on.
fn rule(sql: &str, spec: &Spec) -> Option<Vec<String>> {
    let plain: String = sql.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).collect();
    let plain = plain.replace(" AND ", " and ").replace("SUBSTRING", "substr").replace("SUBSTR", "substr");
    let parts = plain.split(" and ").map(|part| {
        let bare = part.trim().trim_start_matches('(').trim_end_matches(')');
        let (left, right) = bare.split_once('=')?;
        let (left, right) = (agreed(left)?, agreed(right)?);
        (left.0 == "l" && right.0 == "r" && left.1 == right.1).then_some(left.1)
    });
    let parts: Vec<String> = parts.collect::<Option<_>>()?;
    let mut alone = Spec { comparison: Vec::new(), ..spec.clone() };
    alone.blocking = vec![BlockingSpec { on: parts.clone() }];
    Scheme::new(&alone).is_ok().then_some(parts)
}

/// One side of an equation, `l."name"` or `substr(l."name", 1, 3)`: whose it is, and the part as it is written here.
fn agreed(side: &str) -> Option<(String, String)> {
    let plain: String = side.chars().filter(|c| !matches!(c, '"' | '`' | ' ' | ')')).collect();
    let cut = ["substring(", "substr("].iter().find_map(|function| plain.strip_prefix(function));
    let (column, range) = match (cut, plain.split_once('[')) {
        (Some(cut), _) => {
            let mut given = cut.split(',');
            let column = given.next()?;
            let (from, length): (u8, u8) = (given.next()?.parse().ok()?, given.next()?.parse().ok()?);
            let from = from.checked_sub(1)?;
            (column, Some((from, from.checked_add(length)?)))
        }
        // DuckDB counts from 1 and names the last character too.
        (None, Some((column, range))) => {
            let (from, to) = range.strip_suffix(']')?.split_once(':')?;
            (column, Some((from.parse::<u8>().ok()?.checked_sub(1)?, to.parse().ok()?)))
        }
        (None, None) if plain.contains('(') => return None,
        (None, None) => (plain.as_str(), None),
    };
    let (whose, column) = column.split_once('.')?;
    let part = range.map_or_else(|| column.to_owned(), |(from, to)| format!("{column}[{from}:{to}]"));
    Some((whose.to_owned(), part))
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
