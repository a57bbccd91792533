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

/// Whether what was typed may be an ID number: then it is looked up by its blind index and nothing else.
#[must_use]
pub fn as_id_number(text: &str) -> Option<values::IdNumber> {
    values::IdNumber::parse(text.trim()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_by_itself_its_ending_and_its_sound() {
        assert_eq!(words_of_name("周德全"), ["周德全", "德全", "zhoudequan", "zdq"]);
        assert_eq!(words_of_name("周"), ["周", "zhou", "z"]);
        assert!(words_of_name(" ").is_empty());
    }
}
