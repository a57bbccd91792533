use super::*;
use crate::Bounds;
use proptest::prelude::*;

#[test]
fn absent_is_not_empty() {
    let mut texts: Texts = [Some("王芳"), None, Some("")].into_iter().collect();
    texts.append(&[None, Some("李明")].into_iter().collect());
    let all: Vec<_> = texts.iter().collect();
    assert_eq!(all, [Some("王芳"), None, Some(""), None, Some("李明")]);
}

#[test]
fn codes_merge_by_value() {
    let column = |values: &[Option<&str>]| {
        let mut codes = Codes::default();
        values.iter().for_each(|v| codes.push(*v));
        codes
    };
    let mut codes = column(&[Some("here"), None]);
    codes.append(&column(&[Some("away"), Some("here"), None]));
    let all: Vec<_> = (0..codes.len()).map(|row| codes.get(row)).collect();
    assert_eq!(all, [Some("here"), None, Some("away"), Some("here"), None]);
}

#[test]
fn a_missing_column_is_unknown_in_every_row() {
    let mut table = Table::new(2);
    table.set("amount", Column::Money(vec![500, MISSING]));
    assert_eq!(table.money("amount").get(0), Some(Fen(500)));
    assert_eq!(table.money("amount").get(1), None);
    assert_eq!(table.money("value").get(0), None);
    assert_eq!(table.flag("idle", 0), Truth::Undetermined);
}

fn end() -> impl Strategy<Value = i64> {
    let edges =
        [i64::MIN, i64::MIN + 1, i64::from(i32::MIN), -1, 0, 1, i64::from(i32::MAX), i64::from(u32::MAX), i64::MAX];
    prop_oneof![any::<i64>(), -5_000_000_000..5_000_000_000_i64, proptest::sample::select(edges.to_vec())]
}

proptest! {
    #[test]
    fn quantities_give_back_what_was_put_in(ends in prop::collection::vec((end(), end()), 0..40)) {
        let all: Vec<Bounds> = ends.into_iter().map(|(a, b)| Bounds::between(a, b)).collect();
        let column: Quantities = all.iter().copied().collect();
        prop_assert_eq!(column.iter().collect::<Vec<_>>(), all);
    }

    #[test]
    fn texts_give_back_what_was_put_in(counts in prop::collection::vec((0_usize..3, 0_usize..700), 0..5)) {
        let texts: Vec<Option<&str>> =
            counts.iter().flat_map(|(kind, n)| std::iter::repeat_n([None, Some(""), Some("禾岭县")][*kind], *n)).collect();
        let column: Texts = texts.iter().copied().collect();
        prop_assert_eq!(column.iter().collect::<Vec<_>>(), texts.clone());
        let mut doubled = column.clone();
        doubled.append(&column);
        prop_assert_eq!(doubled.iter().collect::<Vec<_>>(), [texts.clone(), texts].concat());
    }
}

#[test]
fn a_quantity_too_wide_for_its_cell_is_kept_whole_and_the_last_word_counts() {
    let wide = Bounds::between(-9_000_000_000, 4);
    let rows = vec![Packed::new(wide), Packed::new(Bounds::exact(7)), Packed::WIDE];
    let kept = Quantities::new(rows, vec![(0, Bounds::ZERO), (1, wide), (0, wide)]);
    assert_eq!(kept.iter().collect::<Vec<_>>(), [wide, Bounds::exact(7), Bounds::UNKNOWN]);
}
