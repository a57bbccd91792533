//! From a cell to the words it is compared by.

use crate::chinese;
use crate::digest::Digest;
use values::{AreaCode, Day, IdNumber, PartialDay, Phone, Precision};

/// A value as it is handed to the engine: as written, or read already.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cell<'a> {
    Missing,
    Text(&'a str),
    /// An [`IdNumber::key`], a sex code, a place code, a phone number or a household's digest, by the field's role.
    Number(u64),
    Day(Day, Precision),
}

/// Set in an identity number's second word: a Chinese number.
pub(crate) const CHINESE: u64 = 1 << 63;
/// Its check digit is right.
pub(crate) const VALID: u64 = 1 << 62;
/// An opaque identifier of up to 15 bytes.
const OPAQUE: u64 = 1 << 61;

pub(crate) fn id_number(cell: Cell) -> (u64, u64) {
    match cell {
        Cell::Number(key) => chinese_id(IdNumber::from_key(key)),
        Cell::Text(text) => {
            plain_id(text.as_bytes()).unwrap_or_else(|| IdNumber::parse(text).map_or_else(|_| opaque(text), chinese_id))
        }
        _ => (0, 0),
    }
}

/// A number in its usual form, 17 digits and the check digit, without the general reader.
fn plain_id(text: &[u8]) -> Option<(u64, u64)> {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let text: &[u8; 18] = text.try_into().ok()?;
    let digits: [u8; 18] = text.map(|byte| if byte == b'X' { 10 } else { byte.wrapping_sub(b'0') });
    let body = &digits[..17];
    // Nothing but digits, and not one digit over and over: that stands for no number.
    if body.iter().any(|digit| *digit > 9)
        || digits[17] > 10
        || text[17] == b':'
        || body.iter().all(|digit| *digit == body[0])
    {
        return None;
    }
    let sum: u32 = body.iter().zip(WEIGHTS).map(|(digit, weight)| u32::from(*digit) * weight).sum();
    let valid = (sum + u32::from(digits[17])) % 11 == 1;
    let head = digits[..16].iter().fold(0, |word, digit| word << 4 | u64::from(*digit));
    let tail = u64::from(digits[16]) << 4 | u64::from(digits[17]);
    Some((head, tail | CHINESE | if valid { VALID } else { 0 }))
}

fn chinese_id(id: IdNumber) -> (u64, u64) {
    let digits = id.digits();
    let head = digits[..16].iter().fold(0, |word, digit| word << 4 | u64::from(*digit));
    let tail = u64::from(digits[16]) << 4 | u64::from(digits[17]);
    (head, tail | CHINESE | if id.has_valid_check() { VALID } else { 0 })
}

/// The 18 values of a Chinese number.
pub(crate) fn id_digits(head: u64, tail: u64) -> [u8; 18] {
    std::array::from_fn(|i| (if i < 16 { head >> (60 - 4 * i) } else { tail >> (68 - 4 * i) } & 0xf) as u8)
}

fn opaque(text: &str) -> (u64, u64) {
    let mut bytes = [0; 16];
    let mut len = 0;
    let mut beyond = Digest::default();
    for c in text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase) {
        let byte = u8::try_from(c).unwrap_or(0x80 | (c as u32 as u8));
        if len < 15 {
            bytes[len] = byte;
        } else {
            beyond = beyond.number(c as u64);
        }
        len += 1;
    }
    if len == 0 {
        return (0, 0);
    }
    if len > 15 {
        bytes[8..15].copy_from_slice(&beyond.finish().to_be_bytes()[..7]);
    }
    let word = |part: &[u8]| part.iter().fold(0, |word, byte| word << 8 | u64::from(*byte));
    (word(&bytes[..8]), word(&bytes[8..15]) | OPAQUE)
}

/// The letters of an identity number, for identifiers that aren't both Chinese numbers.
pub(crate) fn id_letters(head: u64, tail: u64) -> ([u16; 18], usize) {
    let mut letters = [0; 18];
    if tail & CHINESE != 0 {
        for (letter, digit) in letters.iter_mut().zip(id_digits(head, tail)) {
            *letter = u16::from(if digit == 10 { b'X' } else { b'0' + digit });
        }
        return (letters, 18);
    }
    let (head, tail) = (head.to_be_bytes(), tail.to_be_bytes());
    let bytes = head.iter().chain(&tail[1..]);
    let len = bytes.clone().take_while(|byte| **byte != 0).count();
    for (letter, byte) in letters.iter_mut().zip(bytes.take(len)) {
        *letter = u16::from(*byte);
    }
    (letters, len)
}

/// Year, month and day in the lowest 32 bits (16, 8, 8), above them 1 for a day, 2 for a month, 3 for a year.
pub(crate) fn date(cell: Cell) -> u64 {
    let (year, month, day, precision) = match cell {
        Cell::Day(day, precision) => {
            let (year, month, day) = day.ymd();
            (year as u16, month as u8, day as u8, precision)
        }
        Cell::Text(text) => match read_date(text) {
            Some((0, ..)) | None => return 0,
            // 1968-00-00 knows its year only.
            Some((year, 0, _, _)) => (year, 1, 1, Precision::Year),
            Some((year, month, 0, _)) => (year, month, 1, Precision::Month),
            Some(read) => read,
        },
        _ => return 0,
    };
    (precision as u64 + 1) << 32 | u64::from(year) << 16 | u64::from(month) << 8 | u64::from(day)
}

/// The text without white space around it: nearly always the text itself.
fn trimmed(text: &str) -> &str {
    match text.as_bytes() {
        [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => text,
        _ => text.trim(),
    }
}

/// Year, month and day as they stand: a day that no calendar has is a slip, and most of it may be right.
fn read_date(text: &str) -> Option<(u16, u8, u8, Precision)> {
    let text = trimmed(text);
    let bytes = text.as_bytes();
    let number = |range: std::ops::Range<usize>| {
        bytes[range].iter().try_fold(0i16, |n, b| b.is_ascii_digit().then(|| n * 10 + i16::from(b - b'0')))
    };
    // The two commonest forms without the general reader.
    let fields = match bytes.len() {
        10 if bytes[4] == b'-' && bytes[7] == b'-' => Some((0..4, 5..7, 8..10)),
        8 if bytes.iter().all(u8::is_ascii_digit) => Some((0..4, 4..6, 6..8)),
        _ => None,
    };
    if let Some((year, month, day)) = fields {
        return Some((number(year)? as u16, number(month)? as u8, number(day)? as u8, Precision::Day));
    }
    const OTHERS: [&str; 4] = ["any", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y"];
    let read = OTHERS.iter().find_map(|form| PartialDay::parse(text, form).ok())?;
    let (year, month, day) = read.day.ymd();
    Some((year as u16, month as u8, day as u8, read.precision))
}

/// 1 male, 2 female (GB/T 2261.1).
pub(crate) fn sex(cell: Cell) -> u64 {
    let code = match cell {
        Cell::Number(code) => code,
        Cell::Text("男") => 1,
        Cell::Text("女") => 2,
        Cell::Text(text) => match text.trim().to_lowercase().as_str() {
            "1" | "男" | "男性" | "m" | "male" => 1,
            "2" | "女" | "女性" | "f" | "female" => 2,
            _ => 0,
        },
        _ => 0,
    };
    if matches!(code, 1 | 2) { code } else { 0 }
}

/// What isn't a code of digits is compared whole: the highest bit marks it.
pub(crate) fn area(cell: Cell) -> u64 {
    match cell {
        Cell::Number(code) => code,
        Cell::Text(text) => {
            if let Some(code) = digits(text.as_bytes(), 12) {
                return code;
            }
            if text.trim().is_empty() {
                return 0;
            }
            AreaCode::parse(text).map_or_else(|_| Digest::default().text(text.trim()).finish() | 1 << 63, |area| area.0)
        }
        _ => 0,
    }
}

/// A number of just so many digits, in its plain form.
fn digits(text: &[u8], len: usize) -> Option<u64> {
    let number = |number: u64, byte: &u8| byte.is_ascii_digit().then(|| number * 10 + u64::from(byte - b'0'));
    if text.len() == len { text.iter().try_fold(0, number) } else { None }
}

/// Up to 16 digits, one a nibble.
pub(crate) fn phone(cell: Cell) -> u64 {
    let number = match cell {
        Cell::Number(number) => number,
        Cell::Text(text)
            if text.len() == 11 && text.starts_with('1') && text.bytes().all(|byte| byte.is_ascii_digit()) =>
        {
            return nibbles(text.bytes().map(|digit| digit - b'0'));
        }
        Cell::Text(text) => match Phone::parse(text) {
            Some(phone) => phone.key(),
            None => return nibbles(text.bytes().filter(u8::is_ascii_digit).map(|digit| digit - b'0')),
        },
        _ => return 0,
    };
    nibbles((0..11).rev().map(|place| (number / 10u64.pow(place) % 10) as u8))
}

/// The digits of a landline or foreign number; those of a mobile number are 11 always.
fn nibbles(digits: impl Iterator<Item = u8>) -> u64 {
    digits.take(16).fold(0, |number, digit| number << 4 | u64::from(digit))
}

/// The bits of the number, with -0 for 0 so that 0 stays "missing".
pub(crate) fn number(cell: Cell) -> u64 {
    let value = match cell {
        Cell::Text(text) => text.trim().replace(',', "").parse::<f64>().ok(),
        Cell::Number(number) => Some(number as f64),
        _ => None,
    };
    let value = value.filter(|value| value.is_finite());
    value.map_or(0, |value| if value == 0.0 { (-0.0f64).to_bits() } else { value.to_bits() })
}

/// 16 bits for the group, 48 for the number in it.
pub(crate) fn household(cell: Cell) -> u64 {
    match cell {
        Cell::Number(number) => number,
        Cell::Text(text) if !text.trim().is_empty() => Digest::default().text(text.trim()).finish() & 0xffff_ffff_ffff,
        _ => 0,
    }
}

/// Lower case, full-width narrowed, plain forms of characters, one space at most.
pub(crate) fn normal_text(text: &str, units: &mut Vec<u16>) {
    units.clear();
    let mut buffer = [0; 2];
    for c in text.trim().chars() {
        if chinese::is_plain(c) {
            units.push(chinese::form(c as u16));
            continue;
        }
        let c = match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
            c if c.is_whitespace() => ' ',
            c => c,
        };
        if c == ' ' && units.last().is_none_or(|last| *last == u16::from(b' ')) {
            continue;
        }
        for lower in c.to_lowercase() {
            units.extend(lower.encode_utf16(&mut buffer).iter().map(|unit| chinese::form(*unit)));
        }
    }
}

/// A digest, and a signature of 128 bits, one a token: pairs of characters, whole numbers with what they count
/// (三组 and 3组 are one token), and words of Latin letters.
pub(crate) fn address(cell: Cell, units: &mut Vec<u16>) -> (u64, u64, u64) {
    let Cell::Text(text) = cell else { return (0, 0, 0) };
    normal_text(text, units);
    let mut signature = 0u128;
    let mut whole = Digest::default();
    let mut token = |digest: Digest| {
        whole = whole.number(digest.finish());
        signature |= 1 << (digest.finish() & 127);
    };
    let mut at = 0;
    while at < units.len() {
        let kind = Kind::of(units[at]);
        let run = units[at..].iter().take_while(|unit| Kind::of(**unit) == kind).count();
        let part = &units[at..at + run];
        let next = units.get(at + run).copied().unwrap_or(0);
        match kind {
            Kind::Digit => token(Digest::default().number(arabic(part)).number(u64::from(next))),
            Kind::Letter => token(Digest::default().units(part)),
            Kind::Han if run == 1 => token(Digest::default().units(part)),
            Kind::Han => part.windows(2).for_each(|pair| token(Digest::default().units(pair))),
            Kind::Other => {}
        }
        at += run;
    }
    if signature == 0 { (0, 0, 0) } else { (whole.finish(), signature as u64, (signature >> 64) as u64) }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Digit,
    Letter,
    Han,
    Other,
}

const NUMERALS: [char; 10] = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'];

impl Kind {
    const fn of(unit: u16) -> Self {
        match unit {
            0x30..=0x39 => Self::Digit,
            // 一 七 三 九 二 五 八 六 十 四 零 〇
            0x4e00 | 0x4e03 | 0x4e09 | 0x4e5d | 0x4e8c | 0x4e94 | 0x516b | 0x516d | 0x5341 | 0x56db | 0x96f6
            | 0x3007 => Self::Digit,
            0x41..=0x5a | 0x61..=0x7a | 0xc0..=0x24f | 0x400..=0x4ff => Self::Letter,
            unit if chinese::is_han(unit) => Self::Han,
            _ => Self::Other,
        }
    }
}

/// 十二, 一二 and 12 are 12.
fn arabic(units: &[u16]) -> u64 {
    let mut number = 0u64;
    for (at, unit) in units.iter().enumerate() {
        if let 0x30..=0x39 = unit
            && (at == 0 || units[at - 1] != '十' as u16)
        {
            number = number.saturating_mul(10).saturating_add(u64::from(*unit) - 0x30);
            continue;
        }
        let c = char::from_u32(u32::from(*unit)).unwrap_or('0');
        let digit = NUMERALS
            .iter()
            .position(|numeral| *numeral == c)
            .map_or_else(|| u64::from(c.to_digit(10).unwrap_or(0)), |d| d as u64);
        number = match c {
            '十' if at == 0 => 10,
            '十' => number.saturating_mul(10),
            // Behind 十 a digit fills its place: 二十三.
            _ if at > 0 && units[at - 1] == '十' as u16 => number.saturating_add(digit),
            _ => number.saturating_mul(10).saturating_add(digit),
        };
    }
    number
}
