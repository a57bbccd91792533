use facts::Facts;
use facts::assembly::Assembly;
use facts::records::{HouseholdId, Links, PersonId};
use values::columns::Table;

/// What is known of everybody, by row: the frames of facts, and who stands in which row.
#[derive(Clone, Debug)]
pub struct Population<'a> {
    pub households: &'a Table,
    pub persons: &'a Table,
    /// For each person row the row of its household, ascending.
    pub household_of: &'a [u32],
    pub household_ids: Vec<HouseholdId>,
    pub person_ids: Vec<PersonId>,
}

impl<'a> Population<'a> {
    #[must_use]
    pub fn new(assembly: &Assembly, facts: &'a Facts, links: &Links) -> Self {
        Self {
            households: &facts.households,
            persons: &facts.persons,
            household_of: &facts.household_of,
            household_ids: assembly.households.iter().map(|household| household.id).collect(),
            person_ids: facts.person.iter().map(|person| links.people[*person as usize].id).collect(),
        }
    }
}
