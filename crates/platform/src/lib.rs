//! The program put together: the list of domains, one router, one store, the work that runs beside it.
//!
//! [`domains`] is the list, in the order their tables depend on each other. [`open`] opens a store and brings its
//! tables up to date; [`serve`] answers on a local address until the program is told to stop.
//! Nothing here knows what a domain does; what crosses domains is tested in `tests/it`.

mod home;
mod installation;
mod limits;
mod serve;

pub use installation::install;
pub use limits::{LIMITS, limits};
pub use serve::{open, router, serve};

use kernel::Domain;
use kernel::web::Hooks;

/// Every domain of the program, in the order of their tables.
#[must_use]
pub fn domains() -> Vec<Domain> {
    vec![
        ui::domain(),
        home::domain(),
        places::domain(),
        staff::domain(),
        households::domain(),
        access::domain(),
        webhooks::domain(),
        residents::domain(),
        labels::domain(),
        papers::domain(),
        attachments::domain(),
        exchange::domain(),
        linkage::domain(),
        screening::domain(),
        casework::domain(),
        indicators::domain(),
        retention::domain(),
    ]
}

/// How people are found, and how words and pages look.
#[must_use]
pub const fn hooks() -> Hooks {
    Hooks {
        find_staff: staff::find_staff,
        find_session: staff::find_session,
        say: ui::say,
        error_page: ui::error_page,
        sign_in: staff::SIGN_IN,
    }
}
