//! Figures that aren't money: exact decimals in ten-thousandths, land in mu or m².

use crate::dictionary::Surface;
use crate::package::Unit;
use values::columns::SCALE;

/// Ten-thousandths of a figure in the unit the column is kept in; `None` where it is no figure.
pub(crate) fn number(text: &str, unit: Unit, kept: Option<Surface>) -> Option<i64> {
    let (figure, named) = split_unit(text);
    let written = named.or(match unit {
        Unit::Surface(surface) => Some(surface),
        _ => None,
    });
    let (figure, percent) = figure.strip_suffix('%').map_or((figure, 1), |figure| (figure, 100));
    let (value, scale) = decimal(figure)?;
    let (times, by) = match (written, kept) {
        (Some(from), Some(to)) => factor(from, to),
        _ => (1, 1),
    };
    let exact = value.checked_mul(times)?.checked_mul(i128::from(SCALE))?;
    let divisor = scale.checked_mul(by)?.checked_mul(percent)?;
    // Halves away from zero: the last kept digit is a ten-thousandth.
    let rounded = (exact.abs() * 2 + divisor) / (divisor * 2) * exact.signum();
    i64::try_from(rounded).ok().filter(|value| *value != i64::MIN)
}

/// 15 mu are one hectare, which is 10 000 m².
const fn factor(from: Surface, to: Surface) -> (i128, i128) {
    const fn square_metres_times_three(surface: Surface) -> i128 {
        match surface {
            Surface::Mu => 2_000,
            Surface::Hectare => 30_000,
            Surface::M2 => 3,
        }
    }
    (square_metres_times_three(from), square_metres_times_three(to))
}

fn split_unit(text: &str) -> (&str, Option<Surface>) {
    const NAMES: [(&str, Surface); 7] = [
        ("平方米", Surface::M2),
        ("平米", Surface::M2),
        ("㎡", Surface::M2),
        ("m²", Surface::M2),
        ("m2", Surface::M2),
        ("公顷", Surface::Hectare),
        ("亩", Surface::Mu),
    ];
    let found = NAMES.iter().find_map(|(name, surface)| Some((text.strip_suffix(name)?.trim_end(), Some(*surface))));
    found.unwrap_or((text, None))
}

/// All digits as one integer, and the power of ten it is to be divided by.
fn decimal(text: &str) -> Option<(i128, i128)> {
    let (mut value, mut scale, mut digits) = (0i128, 1i128, 0);
    let (mut negative, mut in_fraction) = (false, false);
    for c in text.chars() {
        match c {
            '0'..='9' | '０'..='９' => {
                // Beyond 18 decimals there is only binary noise.
                if in_fraction && scale >= 1_000_000_000_000_000_000 {
                    continue;
                }
                let digit = if c.is_ascii() { c as u32 - '0' as u32 } else { c as u32 - '０' as u32 };
                value = value.checked_mul(10)?.checked_add(i128::from(digit))?;
                scale *= if in_fraction { 10 } else { 1 };
                digits += 1;
            }
            '-' | '−' | '－' if digits == 0 && !negative => negative = true,
            '.' | '．' if !in_fraction => in_fraction = true,
            ',' | '，' | ' ' if !in_fraction && digits > 0 => {}
            _ => return None,
        }
    }
    (digits > 0).then_some((if negative { -value } else { value }, scale))
}
