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

fn unchanged<T: Pack + PartialEq + std::fmt::Debug>(thing: &T) {
    let bytes = packed(thing);
    assert_eq!(unpacked::<T>(&bytes).as_ref(), Some(thing));
    // Cut short, or with something behind it, it is no such thing.
    assert!(bytes.is_empty() || unpacked::<T>(&bytes[..bytes.len() - 1]).is_none());
    assert!(unpacked::<T>(&[&bytes[..], &[0]].concat()).is_none());
}

proptest! {
    #[test]
    fn a_table_comes_back_as_it_was_laid_aside_and_in_parts(
        texts in prop::collection::vec(prop::option::of("[一-龥a-z]{0,4}"), 0..30),
        ends in prop::collection::vec((end(), end()), 30),
        cut in 0_usize..30,
    ) {
        let mut table = Table::new(texts.len());
        let mut codes = Codes::with_list(["here", "away"]);
        texts.iter().for_each(|text| codes.push(text.as_deref()));
        table.set("text", Column::Text(texts.iter().map(Option::as_deref).collect()));
        table.set("code", Column::Code(codes));
        let bounds = ends.iter().take(texts.len()).map(|(a, b)| Bounds::between(*a, *b));
        table.set("bounds", Column::Bounds(Unit::Fen, bounds.collect()));
        table.set("money", Column::Money(ends.iter().take(texts.len()).map(|(a, _)| *a).collect()));
        table.set("flag", Column::Flag(texts.iter().map(|t| Truth::from_option(t.as_ref().map(|t| t.is_empty()))).collect()));
        unchanged(&table);
        let rows: Vec<u32> = (0..texts.len() as u32).collect();
        let (front, back) = rows.split_at(cut.min(rows.len()));
        let mut together = table.select(front);
        together.append(table.select(back));
        prop_assert_eq!(together, table);
    }

    #[test]
    fn a_quantity_set_is_the_one_read(ends in prop::collection::vec((end(), end()), 1..20), row in 0_usize..20, to in (end(), end())) {
        let mut all: Vec<Bounds> = ends.into_iter().map(|(a, b)| Bounds::between(a, b)).collect();
        let mut column: Quantities = all.iter().copied().collect();
        let row = row % all.len();
        all[row] = Bounds::between(to.0, to.1);
        column.set(row, all[row]);
        prop_assert_eq!(column, all.into_iter().collect());
    }
}
