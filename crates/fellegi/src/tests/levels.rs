//! Levels that roles have of their own, and what values are read as.

use super::*;

#[test]
fn lists_and_days_and_given_names_have_levels_of_their_own() {
    let at = |role: &str, written: &str, a: &str, b: &str| {
        let rest = format!("[[comparison]]\nfield = \"field\"\nlevels = [\"exact\", \"{written}\"]");
        let scheme = Scheme::new(&spec(&format!("field = \"{role}\""), &rest)).unwrap();
        let texts: Texts = [Some(a), Some(b)].into_iter().collect();
        let records = Records::pack(&scheme, 2, &[Some(&texts)]);
        scheme.compare(records.get(0), records.get(1)).level(0)
    };
    assert_eq!(at("text", "overlap >= 2", "医生;教师;村干部", "教师; 医生"), 2);
    assert_eq!(at("text", "overlap >= 3", "医生;教师;村干部", "教师; 医生"), 3);
    assert_eq!(at("text", "tokens >= 0.5", "north west devon", "devon north"), 2);
    assert_eq!(at("birth_date", "days <= 30", "1968-12-20", "1969-01-05"), 2);
    assert_eq!(at("birth_date", "days <= 10", "1968-12-20", "1969-01-05"), 3);
    assert_eq!(at("given_name", "nickname", "Peggy", "Margaret"), 2);
    assert_eq!(at("surname", "sounds", "Smith", "Smyth"), 2);
    assert_eq!(at("email", "mailbox", "a.b@smith.net", "a.b@jones.com"), 2);
    assert_eq!(at("phone", "damerau_levenshtein <= 1", "13812345678", "1381234567"), 2);
}

#[test]
fn an_old_place_is_what_became_of_it() {
    let mut spec = spec("area = \"area_code\"", "");
    // One got a new code, twice; one was split; two that point at each other are left alone.
    let changed: [(u64, &[u64]); 5] = [
        (539901001001, &[539901001101]),
        (539901001101, &[539901001201]),
        (539901002001, &[539901002101, 539901003101]),
        (539901009001, &[539901009002]),
        (539901009002, &[539901009001]),
    ];
    spec.successors = changed.into_iter().map(|(old, new)| (old, new.to_vec())).collect();
    let scheme = Scheme::new(&spec).unwrap();
    let level = |a: &str, b: &str| {
        let texts: Texts = [Some(a), Some(b)].into_iter().collect();
        let records = Records::pack(&scheme, 2, &[Some(&texts)]);
        let code = scheme.compare(records.get(0), records.get(1)).level(0);
        scheme.comparisons[0].levels.get(usize::from(code) - 1).map_or("else".into(), ToString::to_string)
    };
    assert_eq!(level("539901001001", "539901001201"), "exact");
    assert_eq!(level("539901001101", "539901001001"), "exact");
    assert_eq!(level("539901003101", "539901002001"), "successor");
    assert_eq!(level("539901002001", "539901004101"), "prefix >= 6");
    assert_eq!(level("539901009001", "539901009002"), "prefix >= 9");
}

#[test]
fn what_usual_forms_are_read_as_is_what_the_general_readers_say() {
    use crate::encode;
    let general = |text: &str| encode::id_number(Cell::Text(&format!(" {text}")));
    for number in
        ["11010519491231002X", "110105194912310021", "111111111111111111", "11010519491231002:", "11010519491231002x"]
    {
        assert_eq!(encode::id_number(Cell::Text(number)), general(number), "{number}");
    }
    for phone in ["13812345678", "10912345678", "12345678901"] {
        assert_eq!(encode::phone(Cell::Text(phone)), encode::phone(Cell::Text(&format!("{phone} "))), "{phone}");
    }
    for area in ["539901001203", "000000000000", "53990100120a"] {
        assert_eq!(encode::area(Cell::Text(area)), encode::area(Cell::Text(&format!(" {area}"))), "{area}");
    }
}
