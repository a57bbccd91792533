//! Finding a family by what a clerk types: a name or its ending, pinyin initials, a number.

use pinyin::ToPinyin;

/// The form in which words are kept and asked for.
#[must_use]
pub fn normal(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && *c != '·').flat_map(char::to_lowercase).collect()
}

/// The words a name is found by: itself, its endings from the given name on, its pinyin and its initials.
#[must_use]
pub fn words_of_name(name: &str) -> Vec<String> {
    let name = normal(name);
    let characters: Vec<char> = name.chars().collect();
    let mut words: Vec<String> = (0..characters.len().saturating_sub(1).max(1))
        .map(|from| characters[from.min(characters.len())..].iter().collect())
        .collect();
    let sounds: Vec<&str> = name.as_str().to_pinyin().flatten().map(|sound| sound.plain()).collect();
    if !sounds.is_empty() {
        words.push(sounds.concat());
        words.push(sounds.iter().filter_map(|sound| sound.chars().next()).collect());
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Whether what was typed may be an ID number: then it is looked up by its blind index and nothing else. A household
/// number has 18 digits too, but nobody's birthday in the middle.
#[must_use]
pub fn as_id_number(text: &str) -> Option<values::IdNumber> {
    let born = |id: &values::IdNumber| id.birth_date().is_some_and(|day| day.ymd().0 >= 1850);
    values::IdNumber::parse(text.trim()).ok().filter(born)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_household_number_is_no_id_number() {
        assert!(as_id_number("11010519491231002X").is_some());
        assert_eq!(as_id_number("539901001001000417"), None);
    }

    #[test]
    fn a_name_is_found_by_itself_its_ending_and_its_sound() {
        assert_eq!(words_of_name("周德全"), ["周德全", "德全", "zhoudequan", "zdq"]);
        assert_eq!(words_of_name("周"), ["周", "zhou", "z"]);
        assert!(words_of_name(" ").is_empty());
    }
}
