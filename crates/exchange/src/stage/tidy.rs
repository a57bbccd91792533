//! Standard forms of names, addresses and ethnicities.

use crate::quality::{Change, Tally};
use std::borrow::Cow;
use unicode_normalization::UnicodeNormalization;

/// Whether a text is nothing but common Chinese characters (U+4E00–U+9FFF): a name of these is in its standard form.
fn is_plain_chinese(text: &str) -> bool {
    !text.bytes().any(|b| b.is_ascii()) && is_usual(text)
}

/// Whether a text is nothing but ASCII and common Chinese characters, which have no other width.
fn is_usual(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        at += match bytes[at] {
            0..=0x7f => 1,
            0xe4 if bytes[at + 1] >= 0xb8 => 3,
            0xe5..=0xe9 => 3,
            _ => return false,
        };
    }
    true
}

/// Compatibility characters in their usual form: full-width letters and digits, circled numbers, ligatures.
fn usual_width<'a>(text: &'a str, tally: &mut Tally) -> Cow<'a, str> {
    if is_usual(text) {
        return text.into();
    }
    let usual: String = text.nfkc().collect();
    if usual == text {
        return text.into();
    }
    tally.change(Change::Width);
    usual.into()
}

/// A name: no spaces inside a Chinese name, one form of the dot, no note behind it.
pub(super) fn name<'a>(text: &'a str, tally: &mut Tally) -> Cow<'a, str> {
    if is_plain_chinese(text) {
        return text.into();
    }
    let mut name = usual_width(text, tally);
    if let Some(at) = name.find(['(', '[', '（', '［', '【', '〔']).filter(|at| *at > 0) {
        tally.change(Change::Note);
        name = name[..at].trim_end().to_owned().into();
    }
    if name.contains(is_dot) && name.contains(|c| is_dot(c) && c != '·') {
        tally.change(Change::Interpunct);
        name = name.replace(is_dot, "·").into();
    }
    let is_chinese = name.chars().any(|c| c > '\u{2e7f}');
    if is_chinese && name.contains(char::is_whitespace) {
        tally.change(Change::Spaces);
        name = name.replace(char::is_whitespace, "").into();
    }
    name
}

/// The dots people put between the parts of a name.
fn is_dot(c: char) -> bool {
    matches!(c, '·' | '•' | '・' | '‧' | '∙' | '⋅' | '．' | '.' | '･' | '●' | '᛫')
}

/// An address, or another free text: usual characters, no double spaces.
pub(super) fn text<'a>(text: &'a str, tally: &mut Tally) -> Cow<'a, str> {
    let text = usual_width(text, tally);
    if !text.contains("  ") {
        return text;
    }
    tally.change(Change::Spaces);
    text.split_whitespace().collect::<Vec<_>>().join(" ").into()
}

/// GB/T 3304: the 56 ethnicities in the order of their numbers.
const ETHNICITIES: &str = "汉,蒙古,回,藏,维吾尔,苗,彝,壮,布依,朝鲜,满,侗,瑶,白,土家,哈尼,哈萨克,傣,黎,傈僳,佤,畲,高山,拉祜,水,东乡,纳西,景颇,柯尔克孜,土,达斡尔,仫佬,羌,布朗,撒拉,毛南,仡佬,锡伯,阿昌,普米,塔吉克,怒,乌孜别克,俄罗斯,鄂温克,德昂,保安,裕固,京,塔塔尔,独龙,鄂伦春,赫哲,门巴,珞巴,基诺";

/// An ethnicity by its name with 族, whether it came as a number, without 族, or as it should.
pub(super) fn ethnicity<'a>(text: &'a str, tally: &mut Tally) -> Cow<'a, str> {
    if text.ends_with('族') && is_plain_chinese(text) {
        return text.into();
    }
    let usual = usual_width(text, tally);
    let known = match usual.parse::<usize>() {
        Ok(number) => number.checked_sub(1).and_then(|at| ETHNICITIES.split(',').nth(at)),
        Err(_) => ETHNICITIES.split(',').find(|name| *name == usual),
    };
    match known {
        Some(name) => {
            tally.change(Change::Synonym);
            format!("{name}族").into()
        }
        None => usual,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_into_one_form() {
        let mut tally = Tally::default();
        let mut tidy = |text| name(text, &mut tally).into_owned();
        assert_eq!(tidy("王芳"), "王芳");
        assert_eq!(tidy("王 芳"), "王芳");
        assert_eq!(tidy("王　芳（已故）"), "王芳");
        assert_eq!(tidy("阿依・古丽"), "阿依·古丽");
        assert_eq!(tidy("阿依•古丽"), "阿依·古丽");
        assert_eq!(tidy("㐂善"), "㐂善");
        assert_eq!(tally.changed(Change::Note), 1);
        assert_eq!(tally.changed(Change::Interpunct), 2);
    }

    #[test]
    fn ethnicities_by_number_and_name() {
        let mut tally = Tally::default();
        let mut tidy = |text| ethnicity(text, &mut tally).into_owned();
        assert_eq!(tidy("01"), "汉族");
        assert_eq!(tidy("56"), "基诺族");
        assert_eq!(tidy("彝"), "彝族");
        assert_eq!(tidy("傣族"), "傣族");
        assert_eq!(tidy("穿青人"), "穿青人");
    }
}
