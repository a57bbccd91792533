//! How alike two texts are. All functions work on decoded characters, never on bytes of UTF-8.

/// Jaro similarity with Winkler's bonus for a shared beginning (0.1 for each of up to four characters), 0 to 1.
///
/// Winkler, W. E. (1990), String Comparator Metrics and Enhanced Decision Rules.
#[must_use]
pub fn jaro_winkler(a: &[u16], b: &[u16]) -> f64 {
    let jaro = jaro(a, b);
    let prefix = a.iter().zip(b).take(4).take_while(|(x, y)| x == y).count();
    jaro + prefix as f64 * 0.1 * (1.0 - jaro)
}

/// Only the first 64 characters of each are looked at.
fn jaro(a: &[u16], b: &[u16]) -> f64 {
    let (a, b) = (&a[..a.len().min(64)], &b[..b.len().min(64)]);
    if a.is_empty() || b.is_empty() {
        return if a.len() == b.len() { 1.0 } else { 0.0 };
    }
    let reach = (a.len().max(b.len()) / 2).saturating_sub(1);
    let (mut taken_a, mut taken_b) = (0u64, 0u64);
    for (i, x) in a.iter().enumerate() {
        let from = i.saturating_sub(reach);
        let to = (i + reach + 1).min(b.len());
        let free = (from..to).find(|j| b[*j] == *x && taken_b & 1 << j == 0);
        if let Some(j) = free {
            taken_a |= 1 << i;
            taken_b |= 1 << j;
        }
    }
    let matches = taken_a.count_ones();
    if matches == 0 {
        return 0.0;
    }
    let mut order = (0..b.len()).filter(|j| taken_b & 1 << j != 0);
    let moved = (0..a.len()).filter(|i| taken_a & 1 << i != 0).filter(|i| order.next().is_some_and(|j| a[*i] != b[j]));
    let (m, half_moved) = (f64::from(matches), (moved.count() / 2) as f64);
    (m / a.len() as f64 + m / b.len() as f64 + (m - half_moved) / m) / 3.0
}

/// Edits that turn one text into the other: insertions, deletions, substitutions and swaps of neighbours
/// (optimal string alignment). Beyond `most` it answers `most + 1`. Only the first 64 characters of each are looked at.
#[must_use]
pub fn edits(a: &[u16], b: &[u16], most: usize) -> usize {
    if a.len().abs_diff(b.len()) > most {
        return most + 1;
    }
    let head = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[head..a.len().min(64).max(head)], &b[head..b.len().min(64).max(head)]);
    let tail = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[..a.len() - tail], &b[..b.len() - tail]);
    let mut rows = [[0usize; 65]; 3];
    for (j, cell) in rows[0].iter_mut().enumerate() {
        *cell = j;
    }
    for i in 1..=a.len() {
        let (now, before, earlier) = (i % 3, (i + 2) % 3, (i + 1) % 3);
        rows[now][0] = i;
        let mut least = i;
        for j in 1..=b.len() {
            let substituted = rows[before][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut cost = substituted.min(rows[before][j] + 1).min(rows[now][j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                cost = cost.min(rows[earlier][j - 2] + 1);
            }
            rows[now][j] = cost;
            least = least.min(cost);
        }
        if least > most {
            return most + 1;
        }
    }
    rows[a.len() % 3][b.len()].min(most + 1)
}

/// Whether two numbers of up to 16 decimal digits, one a nibble, are at most one edit apart: a wrong, missing or
/// extra digit, or two neighbours swapped.
#[must_use]
pub fn one_digit_apart(x: u64, y: u64) -> bool {
    let wrong = x ^ y;
    let from = wrong.trailing_zeros() & !3;
    let Some(rest) = wrong.checked_shr(from) else { return true };
    let swapped = || {
        rest >> 8 == 0 && (x >> from & 0xf) == (y >> (from + 4) & 0xf) && (y >> from & 0xf) == (x >> (from + 4) & 0xf)
    };
    // A digit more in one: without it, everything above moves down.
    let without = |long: u64, short: u64| (long >> from >> 4) == short >> from;
    rest >> 4 == 0 || swapped() || without(x, y) || without(y, x)
}

/// Jaccard similarity of two sets kept as 128-bit signatures, one bit a token: 0 to 1, slightly too high for long texts.
#[must_use]
pub fn jaccard(a: u128, b: u128) -> f64 {
    match (a | b).count_ones() {
        0 => 0.0,
        all => f64::from((a & b).count_ones()) / f64::from(all),
    }
}
