use super::Filed;
use kernel::{Columns, Cx, Moment, Result};
use values::Day;

kernel::record! {
    /// A person a department was asked about, with the file of the family it is found in.
    #[derive(Clone, Debug)]
    pub struct Matched {
        pub person: String,
        pub purpose: String,
        pub basis: String,
        pub closes_at: Moment,
        pub household: String,
        pub place: String,
        pub number: String,
        pub head: String,
        pub people: i64,
        pub as_of: Day,
        pub recorded_at: Moment,
        pub document: Vec<u8>,
        pub wrapped: Option<String>,
    }
}

impl Matched {
    pub fn filed(&self) -> Filed {
        Filed {
            household: self.household.clone(),
            place: self.place.clone(),
            number: self.number.clone(),
            head: self.head.clone(),
            people: self.people,
            as_of: self.as_of,
            recorded_at: self.recorded_at,
            document: self.document.clone(),
            wrapped: self.wrapped.clone(),
        }
    }
}

/// The persons this reader was asked about and may still look at, those that close first before the others.
///
/// # Errors
/// The database's.
pub async fn list_matched(cx: &mut Cx) -> Result<Vec<Matched>> {
    let (now, staff) = (cx.now, cx.staff_id()?.0);
    cx.scoped(
        Columns { place: "f.place", household: None, person: Some("m.person") },
        "select m.person, o.purpose, o.basis, o.closes_at, f.household, f.place, f.number, f.head, f.people, f.as_of,
                f.recorded_at, d.document, k.wrapped
         from openings o join opening_members m on m.opening = o.id
              join household_files f on f.household = m.household join household_documents d on d.file = f.id
              left join subject_keys k on k.subject = f.household
         where {scope} and {known f} and o.kind = 'matched' and o.staff = $1 and o.revoked_at is null
           and o.opens_at <= $2 and o.closes_at > $2
         order by o.closes_at, o.id, m.person limit 500",
    )
    .bind(staff)
    .bind(now)
    .list()
    .await
}
