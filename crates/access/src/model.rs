//! Which opening whom, by whom, and for how long. Pure.

use kernel::{Message, Moment, OpeningKind, Role, message};
use values::Day;

/// For how long broken glass stays open.
pub const GLASS_LASTS: i64 = 4 * Moment::HOUR;

/// The kinds somebody of this role may give.
#[must_use]
pub const fn given_by(role: Role) -> &'static [OpeningKind] {
    match role {
        Role::Township => &[OpeningKind::Grid, OpeningKind::Pairing],
        Role::County => &[OpeningKind::Grid, OpeningKind::Pairing, OpeningKind::Matched, OpeningKind::CasePack],
        Role::AuditAdmin => &[OpeningKind::Warrant],
        _ => &[],
    }
}

/// The longest it may last, in days.
const fn longest(kind: OpeningKind) -> i32 {
    match kind {
        OpeningKind::Grid | OpeningKind::Pairing => 1096,
        OpeningKind::CasePack => 180,
        OpeningKind::Matched | OpeningKind::Warrant => 90,
        OpeningKind::BreakGlass => 1,
    }
}

/// Whether it may last until that day; the refusal says how long it may.
///
/// # Errors
/// The sentence of the refusal.
pub fn can_last(kind: OpeningKind, today: Day, until: Day) -> Result<(), Message> {
    let days = until.0 - today.0;
    let most = longest(kind);
    if (0..=most).contains(&days) { Ok(()) } else { Err(message("opening-too-long").with("n", most)) }
}

/// What somebody thought of broken glass.
pub const VERDICTS: [&str; 2] = ["justified", "unjustified"];
