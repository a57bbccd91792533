//! What departments deliver, and what becomes of it before anybody works with it.
//!
//! [`dictionary`] lists the records and fields a delivery may hold; a [`Package`] is a delivery's description;
//! [`stage`] maps and standardises text columns to `households::records`; [`rejects`] and [`quality`] tell what
//! could not be taken and how good the rest is. Pure: whoever reads files calls it (contract §1–§3).

mod county;
pub mod dictionary;
mod package;
pub mod places;
mod problem;
pub mod quality;
pub mod rejects;
pub mod stage;

pub use county::County;
pub use package::{FieldSpec, FileKind, KeyName, Package, ResourceSpec, Target, Unit, days_old, refuse_repeated_names};
pub use places::Places;
pub use problem::{Problem, Wording};
