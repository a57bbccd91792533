//! What a public notice must not show (domain brief §8.3), found in any text before it goes up.

/// A kind of thing that is nobody's business.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Found {
    IdNumber,
    Phone,
    Account,
    Health,
}

impl Found {
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::IdNumber => "id",
            Self::Phone => "phone",
            Self::Account => "account",
            Self::Health => "health",
        }
    }
}

/// Words of illness and disability; single characters are left out where harmless words hold them.
const HEALTH: [&str; 36] = [
    "癌",
    "肿瘤",
    "白血病",
    "尿毒症",
    "透析",
    "化疗",
    "放疗",
    "艾滋",
    "HIV",
    "肝炎",
    "肺结核",
    "糖尿病",
    "高血压",
    "心脏病",
    "中风",
    "脑梗",
    "瘫痪",
    "精神病",
    "精神分裂",
    "抑郁",
    "癫痫",
    "智力",
    "残疾",
    "失能",
    "住院",
    "手术",
    "患有",
    "患病",
    "重病",
    "大病",
    "慢性病",
    "因病",
    "因残",
    "病历",
    "诊断",
    "流产",
];
const HEALTH_EN: [&str; 22] = [
    "cancer",
    "tumour",
    "tumor",
    "leukaemia",
    "dialysis",
    "chemotherapy",
    "hepatitis",
    "tuberculosis",
    "diabet",
    "stroke",
    "paraly",
    "schizo",
    "depressi",
    "epilep",
    "disab",
    "hospital",
    "surgery",
    "illness",
    "disease",
    "diagnos",
    "hiv",
    "patient",
];

/// Everything in a text that must not stand in public, each kind once. Full-width digits and digits parted by
/// spaces, dots or dashes read as one number, so that nothing hides behind its writing.
#[must_use]
pub fn scan(text: &str) -> Vec<Found> {
    let plain: String = text.chars().map(narrow).collect();
    let mut found: Vec<Found> = numbers(&plain).iter().filter_map(|number| kind(number)).collect();
    let lower = plain.to_lowercase();
    if HEALTH.iter().any(|word| plain.contains(word)) || HEALTH_EN.iter().any(|word| lower.contains(word)) {
        found.push(Found::Health);
    }
    found.sort_unstable();
    found.dedup();
    found
}

fn narrow(c: char) -> char {
    match c {
        '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' | '－' | '．' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        '\u{3000}' | '\u{a0}' | '\u{2009}' | '\u{200b}' => ' ',
        '—' | '–' | '·' => '-',
        c => c,
    }
}

/// Runs of digits, with what parts them taken out; a closing X belongs to an ID number.
fn numbers(text: &str) -> Vec<String> {
    let characters: Vec<char> = text.chars().collect();
    let (mut runs, mut run) = (Vec::new(), String::new());
    for (at, c) in characters.iter().enumerate() {
        let next_is_digit = characters[at + 1..].iter().take(2).any(char::is_ascii_digit);
        match c {
            c if c.is_ascii_digit() => run.push(*c),
            'x' | 'X' if run.len() == 17 => run.push('X'),
            ' ' | '-' | '.' if !run.is_empty() && next_is_digit => {}
            '*' if !run.is_empty() => run.push('*'),
            _ if run.is_empty() => {}
            _ => runs.push(std::mem::take(&mut run)),
        }
    }
    runs.push(run);
    runs
}

fn kind(number: &str) -> Option<Found> {
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    let masked = number.contains('*');
    let phone = |number: &str| number.starts_with('1') && matches!(number.as_bytes().get(1), Some(b'3'..=b'9'));
    match number.len() {
        11 if phone(number) => Some(Found::Phone),
        13 if number.starts_with("86") && phone(&number[2..]) => Some(Found::Phone),
        18 | 15 if !masked && birth(number) => Some(Found::IdNumber),
        15 | 18 if masked && digits >= 2 => Some(Found::IdNumber),
        12.. if !masked => Some(Found::Account),
        _ => None,
    }
}

/// Whether the digits where an ID number has its birth date can be one.
fn birth(number: &str) -> bool {
    let text = if number.len() == 18 { number[6..14].to_owned() } else { format!("19{}", &number[6..12]) };
    let part = |from: usize, to: usize| text[from..to].parse::<i16>().unwrap_or(0);
    values::Day::from_ymd(part(0, 4), part(4, 6) as i8, part(6, 8) as i8).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_however_they_are_written() {
        assert_eq!(scan("身份证 539901196804090113"), [Found::IdNumber]);
        assert_eq!(scan("５３９９０１ １９６８０４０９ ０１１Ｘ"), [Found::IdNumber]);
        assert_eq!(scan("53**************1X"), [Found::IdNumber]);
        assert_eq!(scan("电话 138 0000 1234"), [Found::Phone]);
        assert_eq!(scan("86-138-0000-1234"), [Found::Phone]);
        assert_eq!(scan("账号 6222 0212 3456 7890 123"), [Found::Account]);
        assert_eq!(scan("姓名\t身份证\n周德全\t539901196804090113\n"), [Found::IdNumber]);
    }

    #[test]
    fn what_neighbours_need_stays() {
        let fine = "经村民评议，拟把周德全家（上湾村三组，4 口人）纳入防止返贫监测。公示从 2026年10月8日 到 2026年10月13日。每月 420.00 元。";
        assert_eq!(scan(fine), []);
        assert_eq!(scan("The household of Zhou Dequan (4 persons), 8 Oct 2026 to 13 Oct 2026"), []);
    }

    #[test]
    fn health_is_found_in_both_languages() {
        assert_eq!(scan("他家因病致贫"), [Found::Health]);
        assert_eq!(scan("needs dialysis"), [Found::Health]);
    }
}
