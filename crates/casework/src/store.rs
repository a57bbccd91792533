//! The only SQL of casework: cases, what happened in them, where they stand, what hangs in the village.

/// Where scope holds on to rows about a family.
const FAMILY: kernel::Columns = kernel::Columns::family("place", "household");

mod cases;
mod entries;
mod notices;
mod states;
mod summaries;

pub use cases::{
    Case, find_open_case, find_procedure, get_case, insert_case, insert_procedure, list_of_household, list_opened_from,
    next_number,
};
pub use entries::{Kept, insert_entry, list_entries};
pub use notices::{Hung, find_notice, insert_notice, list_board, take_down};
pub use states::{
    Counts, Listed, State, Tab, find_state, get_counts, insert_reminder, insert_state, list_by_place, list_cases,
    list_reminders, supersede_state,
};
pub use summaries::{Summary, get_summary, page_of_summaries};
