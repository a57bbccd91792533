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

use kernel::retention::{About, Keep};

/// What is kept for a while: what hung in the village, once its time there is over and the case is too.
pub const KEEPS: &[Keep] = &[Keep {
    what: "notices",
    about: About::Families,
    count: "select count(*) from case_notices where county_id = $1 and kept_until < $2 and household not in
            (select household from retention_holds where county_id = $1) /* unscoped: for the whole county */",
    remove: &["delete from case_notices where id in
               (select id from case_notices where county_id = $1 and kept_until < $2 and household not in
                (select household from retention_holds where county_id = $1)
                limit 500) /* unscoped: for the whole county */"],
}];

/// Families that somebody still works for: a case is open, an appeal or an objection waits, help is given.
pub const HOLDS: &[&str] = &["insert into retention_holds (county_id, household)
     select distinct county_id, household from case_states
     where county_id = $1 and superseded_at is null and (ended = 0 or due_what <> '' or helping > 0)
     on conflict do nothing /* unscoped: for the whole county */"];
