//! How numbers, money, days and durations are written for people, in both languages.

use kernel::Language;
use values::{Day, Fen, Precision};

/// `2,318,406`; a true minus sign.
#[must_use]
pub fn count(n: i64) -> String {
    let digits = n.unsigned_abs().to_string();
    let mut out = String::with_capacity(digits.len() + 6);
    if n < 0 {
        out.push('−');
    }
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A number in ten-thousandths, without trailing zeros: `1,062.5`, `4`.
#[must_use]
pub fn decimal(ten_thousandths: i64) -> String {
    let whole = count(ten_thousandths / 10_000);
    let part = format!("{:04}", (ten_thousandths % 10_000).abs());
    let sign = if ten_thousandths < 0 && ten_thousandths > -10_000 { "−" } else { "" };
    match part.trim_end_matches('0') {
        "" => whole,
        part => format!("{sign}{whole}.{part}"),
    }
}

/// Money decided on, paid or compared: always two decimals, `38,640.20 元`.
#[must_use]
pub fn money(language: Language, fen: Fen) -> String {
    format!("{fen} {}", if language == Language::Zh { "元" } else { "yuan" })
}

/// A share of a whole with one decimal, `0.4%`; `None` where there is nothing to divide by.
#[must_use]
pub fn share(part: i64, whole: i64) -> Option<String> {
    (whole > 0).then(|| {
        let tenths = (part * 1000 + whole / 2) / whole;
        format!("{}.{}%", tenths / 10, tenths % 10)
    })
}

/// A share without decimals, `78%`.
#[must_use]
pub fn percent(part: i64, whole: i64) -> Option<String> {
    (whole > 0).then(|| format!("{}%", (part * 100 + whole / 2) / whole))
}

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// A day beside `today`: `今天`, `10月31日`, in another year `2025年8月4日`.
#[must_use]
pub fn date(language: Language, day: Day, today: Day) -> String {
    if day == today {
        return if language == Language::Zh { "今天" } else { "today" }.to_owned();
    }
    let (year, month, of_month) = day.ymd();
    if year != today.ymd().0 {
        return long_date(language, day, Precision::Day);
    }
    match language {
        Language::Zh => format!("{month}月{of_month}日"),
        Language::En => format!("{of_month} {}", MONTHS[usize::from(month.unsigned_abs()) - 1]),
    }
}

/// A day with its year, as far as it is known: `1968年4月`, `4 Aug 2025`.
#[must_use]
pub fn long_date(language: Language, day: Day, precision: Precision) -> String {
    let (year, month, of_month) = day.ymd();
    let name = MONTHS[usize::from(month.unsigned_abs()) - 1];
    match (language, precision) {
        (Language::Zh, Precision::Day) => format!("{year}年{month}月{of_month}日"),
        (Language::Zh, Precision::Month) => format!("{year}年{month}月"),
        (Language::Zh, Precision::Year) => format!("{year}年"),
        (Language::En, Precision::Day) => format!("{of_month} {name} {year}"),
        (Language::En, Precision::Month) => format!("{name} {year}"),
        (Language::En, Precision::Year) => year.to_string(),
    }
}

/// A duration in seconds with one decimal: `31.1 秒`.
#[must_use]
pub fn seconds(language: Language, millis: i64) -> String {
    let tenths = (millis + 50) / 100;
    format!("{}.{} {}", count(tenths / 10), tenths % 10, if language == Language::Zh { "秒" } else { "seconds" })
}

/// A size in memory: `1.3 GB`, `420 MB`.
#[must_use]
pub fn size(bytes: i64) -> String {
    let mb = bytes / 1_000_000;
    if mb >= 1000 { format!("{}.{} GB", mb / 1000, mb % 1000 / 100) } else { format!("{mb} MB") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_people_read_them() {
        let day = |text| Day::parse_iso(text).unwrap();
        assert_eq!(count(-2_318_406), "−2,318,406");
        assert_eq!(money(Language::Zh, Fen(3_864_020)), "38,640.20 元");
        assert_eq!(money(Language::En, Fen(5)), "0.05 yuan");
        assert_eq!(share(1_042, 412_877).as_deref(), Some("0.3%"));
        assert_eq!(percent(50, 64).as_deref(), Some("78%"));
        assert_eq!(percent(1, 0), None);
        let today = day("2026-11-23");
        assert_eq!(date(Language::Zh, today, today), "今天");
        assert_eq!(date(Language::Zh, day("2026-10-31"), today), "10月31日");
        assert_eq!(date(Language::En, day("2025-08-04"), today), "4 Aug 2025");
        assert_eq!(long_date(Language::Zh, day("1968-04-01"), Precision::Month), "1968年4月");
        assert_eq!(seconds(Language::En, 31_060), "31.1 seconds");
        assert_eq!([decimal(40_000), decimal(10_625_000), decimal(-5_000)], ["4", "1,062.5", "−0.5"]);
        assert_eq!(size(1_340_000_000), "1.3 GB");
    }
}
