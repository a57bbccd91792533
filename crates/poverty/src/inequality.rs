use crate::{Income, Measure};

/// The Gini coefficient of income a head over persons: 0 when all have the same, near 1 when one has all.
///
/// G = Σ (2i − n − 1) yᵢ ÷ (n Σ yᵢ) with incomes in ascending order, in its form for weights (each household
/// weighs as many as its members). Only exactly known incomes enter; since a handful of unknown large incomes
/// could move it anywhere, its limits are 0 and 1 as soon as anybody is unknown. Negative incomes count as 0.
#[must_use]
pub fn gini(incomes: &[Income]) -> Measure {
    let mut known: Vec<(f64, f64)> = Vec::new();
    let mut unknown = 0.0;
    for income in incomes.iter().filter(|income| income.members > 0) {
        let persons = f64::from(income.members);
        match income.total.value() {
            Some(total) => known.push((total.max(0) as f64 / persons, persons)),
            None => unknown += persons,
        }
    }
    known.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut people, mut money, mut lorenz) = (0.0, 0.0, 0.0);
    for (per_head, persons) in &known {
        let before = money;
        money += per_head * persons;
        people += persons;
        lorenz += persons * (before + money);
    }
    let value = if people > 0.0 && money > 0.0 { 1.0 - lorenz / (people * money) } else { 0.0 };
    let all = people + unknown;
    let unknown_share = if all > 0.0 { unknown / all } else { 0.0 };
    let (low, high) = if unknown > 0.0 { (0.0, 1.0) } else { (value, value) };
    Measure { value, numerator: value * people, denominator: people, unknown_share, low, high }
}
