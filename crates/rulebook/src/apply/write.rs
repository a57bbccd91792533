//! Answers as CSV bytes.

use crate::Kind;
use crate::engine::interval as iv;
use crate::engine::lane::Lane;

/// A flag as 0 or 1, an amount in its unit; what isn't known exactly is empty.
pub(crate) fn cell(out: &mut Vec<u8>, lane: &Lane, row: usize, kind: Kind, divisor: i64, per: Option<&Lane>) {
    if let Lane::Tri(_) = lane {
        match lane.answer(row) {
            iv::TRUE => out.push(b'1'),
            iv::FALSE => out.push(b'0'),
            _ => {}
        }
        return;
    }
    let value = lane.number(row);
    if !iv::is_exact(value) {
        return;
    }
    match per {
        None if kind == Kind::Money && divisor == 1 => hundredths(out, value.0),
        None if kind == Kind::Money => hundredths(out, rounded(value.0, 1, divisor.into())),
        None if divisor == 1 => whole(out, value.0),
        None => hundredths(out, rounded(value.0, 100, divisor.into())),
        Some(per) => {
            let per = per.number(row);
            if iv::is_exact(per) && per.0 > 0 {
                let times = if kind == Kind::Money { 1 } else { 100 };
                hundredths(out, rounded(value.0, times, i128::from(divisor) * i128::from(per.0)));
            }
        }
    }
}

/// value × times ÷ by, halves away from zero.
fn rounded(value: i64, times: i64, by: i128) -> i64 {
    let nearest = |product: i64, by: i64| {
        let half = if product < 0 { -by } else { by };
        Some(product.checked_mul(2)?.checked_add(half)? / by.checked_mul(2)?)
    };
    let short = value.checked_mul(times).zip(i64::try_from(by).ok()).and_then(|(product, by)| nearest(product, by));
    short.unwrap_or_else(|| {
        let product = i128::from(value) * i128::from(times);
        let half = if product < 0 { -by } else { by };
        i64::try_from((2 * product + half) / (2 * by)).unwrap_or(i64::MAX)
    })
}

fn hundredths(out: &mut Vec<u8>, value: i64) {
    if value == 0 {
        return out.extend_from_slice(b"0.00");
    }
    let parts = value.unsigned_abs();
    if value < 0 {
        out.push(b'-');
    }
    digits(out, parts / 100);
    let cents = (parts % 100) as u8;
    out.extend_from_slice(&[b'.', b'0' + cents / 10, b'0' + cents % 10]);
}

pub(crate) fn whole(out: &mut Vec<u8>, value: i64) {
    if value < 0 {
        out.push(b'-');
    }
    digits(out, value.unsigned_abs());
}

fn digits(out: &mut Vec<u8>, mut value: u64) {
    let mut buffer = [0u8; 20];
    let mut at = buffer.len();
    loop {
        at -= 1;
        buffer[at] = b'0' + (value % 10) as u8;
        value /= 10;
        if value == 0 {
            break;
        }
    }
    out.extend_from_slice(&buffer[at..]);
}
