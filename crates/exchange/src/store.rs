//! The only SQL of deliveries.

use kernel::retention::{About, Keep};
use kernel::{Cx, Moment, Result};
use values::Day;

kernel::record! {
    /// A resource of a delivery, as the newest run took it in.
    #[derive(Clone, Debug)]
    pub struct Delivered {
        pub id: String,
        pub department: String,
        pub resource: String,
        pub title: String,
        pub record: String,
        pub nature: String,
        pub purpose: String,
        pub legal_basis: String,
        pub file: String,
        pub as_of: Day,
        pub rows_read: i64,
        pub rows_kept: i64,
        pub rows_rejected: i64,
        pub rows_set_aside: i64,
        pub duplicates: i64,
        pub coverage: String,
        pub columns: String,
        pub recorded_at: Moment,
    }
}

/// What the departments in scope delivered for the newest run; as it was known on an earlier day, if the context says
/// so.
///
/// # Errors
/// The database's.
pub async fn list_deliveries(cx: &mut Cx) -> Result<Vec<Delivered>> {
    let county = cx.county().to_owned();
    cx.of_departments(
        "department",
        "select id, department, resource, title, record, nature, purpose, legal_basis, file, as_of, rows_read, rows_kept,
                rows_rejected, rows_set_aside, duplicates, coverage, columns, recorded_at
         from deliveries where county_id = $1 and {known} and {scope} order by department, resource limit 1000",
    )
    .bind(county)
    .list()
    .await
}

/// One department's resources; none of a department that isn't in scope.
///
/// # Errors
/// The database's.
pub async fn list_of_department(cx: &mut Cx, department: &str) -> Result<Vec<Delivered>> {
    let county = cx.county().to_owned();
    cx.of_departments(
        "department",
        "select id, department, resource, title, record, nature, purpose, legal_basis, file, as_of, rows_read, rows_kept,
                rows_rejected, rows_set_aside, duplicates, coverage, columns, recorded_at
         from deliveries where county_id = $1 and department = $2 and {known} and {scope} order by resource limit 100",
    )
    .bind(county)
    .bind(department)
    .list()
    .await
}

kernel::record! {
    /// A kind of fault in a delivery.
    #[derive(Clone, Debug)]
    pub struct Faulty {
        pub field: String,
        pub reason_zh: String,
        pub reason_en: String,
        pub remedy_zh: String,
        pub remedy_en: String,
        pub example_row: i64,
        pub example: String,
        pub counted: i64,
    }
}

/// The kinds of fault of a delivery, the most frequent first.
///
/// # Errors
/// The database's.
pub async fn list_faults(cx: &mut Cx, delivery: &str) -> Result<Vec<Faulty>> {
    let county = cx.county().to_owned();
    cx.sql(
        "select field, reason_zh, reason_en, remedy_zh, remedy_en, example_row, example, counted from delivery_rejects
         where county_id = $1 and delivery = $2 order by position limit 200",
    )
    .bind(county)
    .bind(delivery)
    .list()
    .await
}

kernel::record! {
    /// What a delivery knows of a township.
    #[derive(Clone, Debug)]
    pub struct Covered {
        pub place: String,
        pub answered: i64,
        pub households: i64,
        pub told: i64,
    }
}

/// The townships of a delivery, by code.
///
/// # Errors
/// The database's.
pub async fn list_places(cx: &mut Cx, delivery: &str) -> Result<Vec<Covered>> {
    let county = cx.county().to_owned();
    cx.sql(
        "select place, answered, households, told from delivery_places
         where county_id = $1 and delivery = $2 order by place limit 500",
    )
    .bind(county)
    .bind(delivery)
    .list()
    .await
}

/// What is kept for a while: the rejects of deliveries that a newer one has taken the place of, by department. That
/// there was a delivery, and what it counted, stays.
pub const KEEPS: &[Keep] = &[Keep {
    what: "rejects",
    about: About::Departments,
    count: "select count(*) from delivery_rejects where delivery in
            (select id from deliveries where county_id = $1 and superseded_at < $2 and department = $3)
            /* unscoped: counted by rule */",
    remove: &["delete from delivery_rejects where delivery in
               (select d.id from deliveries d where d.county_id = $1 and d.superseded_at < $2 and d.department = $3
                and exists (select 1 from delivery_rejects r where r.delivery = d.id) limit 50)
               /* unscoped: removed by rule */"],
}];

/// The departments that ever delivered something.
///
/// # Errors
/// The database's.
pub async fn list_departments(cx: &mut Cx) -> Result<Vec<String>> {
    let county = cx.county().to_owned();
    let rows: Vec<(String,)> = cx
        .sql(
            "select distinct department from deliveries where county_id = $1 order by department limit 1000
             /* unscoped: rules name departments */",
        )
        .bind(county)
        .list()
        .await?;
    Ok(rows.into_iter().map(|(department,)| department).collect())
}
