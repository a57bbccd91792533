//! Characters of Chinese names: how they sound, and which are the same character written otherwise.

use pinyin::ToPinyin;
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

/// Stands for one hidden character, as in `王*`.
pub(crate) const HIDDEN: u16 = b'*' as u16;

struct Tables {
    /// For each UTF-16 unit: its syllable's number from 1, or 0.
    sounds: Vec<u16>,
    /// For each UTF-16 unit: the form it is compared as.
    forms: Vec<u16>,
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let forms = forms();
    Tables { sounds: sounds(&forms), forms }
});

/// The simplified, plain form.
pub(crate) fn form(unit: u16) -> u16 {
    TABLES.forms[usize::from(unit)]
}

/// The number of the toneless syllable, most common reading; 0 for what has none.
pub(crate) fn sound(unit: u16) -> u16 {
    TABLES.sounds[usize::from(unit)]
}

pub(crate) const fn is_han(unit: u16) -> bool {
    matches!(unit, 0x3400..=0x9fff | 0xd840..=0xdfff | 0xf900..=0xfaff)
}

/// Whether a character is one unit and its own lower case.
pub(crate) const fn is_plain(c: char) -> bool {
    matches!(c, '0'..='9' | 'a'..='z' | '\u{3400}'..='\u{9fff}')
}

fn forms() -> Vec<u16> {
    let mut forms: Vec<u16> = (0..=u16::MAX).collect();
    let pairs = include_str!("variants.txt").lines().filter(|line| !line.starts_with('#'));
    for line in pairs {
        let units: Vec<u16> = line.encode_utf16().collect();
        for pair in units.chunks_exact(2) {
            forms[usize::from(pair[0])] = pair[1];
        }
    }
    forms
}

fn sounds(forms: &[u16]) -> Vec<u16> {
    let mut numbers: FxHashMap<&str, u16> = FxHashMap::default();
    let mut sounds = vec![0; forms.len()];
    for unit in (0x3400..=0x9fff_u16).filter(|unit| is_han(*unit)) {
        let character = char::from_u32(u32::from(forms[usize::from(unit)]));
        if let Some(sound) = character.and_then(|c| c.to_pinyin()) {
            let next = numbers.len() as u16 + 1;
            sounds[usize::from(unit)] = *numbers.entry(sound.plain()).or_insert(next);
        }
    }
    sounds
}

/// A name as it is compared: full-width letters narrowed, lower case, one space at most between words;
/// Chinese names without spaces and interpuncts (买买提·阿布都 is 买买提阿布都).
pub(crate) fn normal_name(name: &str, units: &mut Vec<u16>) {
    units.clear();
    let mut buffer = [0; 2];
    for c in name.chars() {
        if is_plain(c) && c != '某' {
            units.push(c as u16);
            continue;
        }
        let c = match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
            '\u{3000}' | '\t' | '\u{a0}' => ' ',
            '某' | '×' | '●' => '*',
            '·' | '•' | '・' | '‧' | '∙' | '᛫' | '\u{feff}' | '\u{200b}' => continue,
            c => c,
        };
        if c == ' ' && units.last().is_none_or(|last| *last == u16::from(b' ')) {
            continue;
        }
        for lower in c.to_lowercase() {
            units.extend_from_slice(lower.encode_utf16(&mut buffer));
        }
    }
    if units.iter().any(|unit| is_han(*unit)) {
        units.retain(|unit| *unit != u16::from(b' ') && *unit != u16::from(b'.'));
    }
    while units.last() == Some(&u16::from(b' ')) {
        units.pop();
    }
}
