use crate::*;
use proptest::prelude::*;
use values::{Bounds, Truth};

fn alone(yuan: i64) -> Income {
    Income { total: Bounds::exact(yuan * 100), members: 1 }
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-9
}

/// Haughton and Khandker, Handbook on Poverty and Inequality (World Bank 2009), ch. 4: incomes 100, 110, 150
/// and 160 against a line of 125 have a poverty gap index of 0.08.
#[test]
fn the_handbooks_poverty_gap() {
    let incomes = [alone(100), alone(110), alone(150), alone(160)];
    assert!(near(headcount(&incomes, 12_500).value, 0.5));
    assert!(near(foster_greer_thorbecke(&incomes, 12_500, 1).value, 0.08));
    assert!(near(foster_greer_thorbecke(&incomes, 12_500, 2).value, (0.04 + 0.0144) / 4.0));
}

/// Alkire and Foster, Counting and multidimensional poverty measurement (2011): the example with four persons,
/// four dimensions and k = 2 of 4 has H = 1/2, A = 3/4 and M0 = 3/8.
#[test]
fn alkire_and_fosters_example() {
    let column = |bits: [u8; 4]| bits.map(|b| if b == 1 { Truth::True } else { Truth::False });
    let deprived = [column([0, 0, 1, 0]), column([0, 1, 1, 1]), column([0, 0, 1, 0]), column([0, 1, 1, 0])];
    let dimensions: Vec<_> = deprived
        .iter()
        .zip(["income", "schooling", "health", "work"])
        .map(|(d, name)| Dimension { name, weight: 1.0, deprived: d })
        .collect();
    let index = multidimensional(&dimensions, &[1; 4], 0.5);
    assert!(near(index.headcount.value, 0.5));
    assert!(near(index.intensity, 0.75));
    assert!(near(index.adjusted_headcount.value, 0.375));
    assert!(near(index.contributions.iter().map(|(_, _, part)| part).sum(), 1.0));
    assert!(near(index.contributions[0].1, 0.25));
}

#[test]
fn an_unknown_dimension_widens_the_limits() {
    let deprived = [Truth::True, Truth::Undetermined];
    let dimension = Dimension { name: "water", weight: 1.0, deprived: &deprived };
    let index = multidimensional(&[dimension], &[1, 3], 1.0 / 3.0);
    assert!(near(index.headcount.value, 1.0) && near(index.headcount.unknown_share, 0.75));
    assert!(near(index.headcount.low, 0.25) && near(index.headcount.high, 1.0));
}

#[test]
fn a_household_exactly_on_the_line_is_not_below_it() {
    let on_the_line = Income { total: Bounds::exact(3 * 950_000), members: 3 };
    assert!(near(headcount(&[on_the_line], 950_000).value, 0.0));
    let one_fen_less = Income { total: Bounds::exact(3 * 950_000 - 1), members: 3 };
    assert!(near(headcount(&[one_fen_less], 950_000).value, 1.0));
}

#[test]
fn gini_of_known_cases() {
    assert!(near(gini(&[alone(5), alone(5)]).value, 0.0));
    // One of n has everything: (n − 1) / n.
    assert!(near(gini(&[alone(0), alone(0), alone(0), alone(8)]).value, 0.75));
    // Three people with 1 each in one household are three people.
    let three = Income { total: Bounds::exact(300), members: 3 };
    assert!(near(gini(&[three, alone(5)]).value, gini(&[alone(1), alone(1), alone(1), alone(5)]).value));
}

/// Newcombe, Two-sided confidence intervals for the single proportion (1998), table I: 81 of 263 gives 0.2553 to
/// 0.3662, and 15 of 148 gives 0.0624 to 0.1605, by Wilson's method without continuity correction.
#[test]
fn newcombes_intervals() {
    let rounded = |p: Proportion| ((p.low * 1e4).round(), (p.high * 1e4).round());
    assert_eq!(rounded(proportion(81, 263)), (2553.0, 3662.0));
    assert_eq!(rounded(proportion(15, 148)), (624.0, 1605.0));
    assert_eq!(rounded(proportion(0, 0)), (0.0, 1e4));
}

proptest! {
    #[test]
    fn the_truth_lies_within_the_limits(truth in proptest::collection::vec((0i64..2_000_000, 1u32..6, 0i64..600_000), 1..40), alpha in 0i32..3) {
        let exact: Vec<_> = truth.iter().map(|(y, n, _)| Income { total: Bounds::exact(*y), members: *n }).collect();
        let blurred: Vec<_> = truth.iter().map(|(y, n, blur)| Income { total: Bounds::between(y - blur, y + blur), members: *n }).collect();
        let value = foster_greer_thorbecke(&exact, 500_000, alpha).value;
        let limits = foster_greer_thorbecke(&blurred, 500_000, alpha);
        prop_assert!(limits.low <= value + 1e-9 && value <= limits.high + 1e-9);
    }

    #[test]
    fn gini_is_a_share(incomes in proptest::collection::vec((0i64..1_000_000, 1u32..6), 1..40)) {
        let incomes: Vec<_> = incomes.iter().map(|(y, n)| Income { total: Bounds::exact(*y), members: *n }).collect();
        let value = gini(&incomes).value;
        prop_assert!((-1e-9..1.0).contains(&value));
    }
}
