use super::*;

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
