//! Types that can't be wrong, and the plain columns every stage works on.
//!
//! Money is [`Fen`], an identity number is an [`IdNumber`] that prints masked, a place is an
//! [`AreaCode`], a day is a [`Day`], and what is known only within limits is a [`Bounds`].
//! [`columns`] holds tables of such values, one `Vec` a column: engines and stages take and
//! give these, and no file format's or database's type ever appears in them.
//! Nothing here reads a clock, a file or a network.

mod area;
mod bounds;
pub mod columns;
mod date;
mod fen;
mod id_number;
mod phone;
pub mod reading;
#[cfg(feature = "sql")]
mod sql;

pub use area::{AreaCode, AreaError, Level};
pub use bounds::{Bounds, Truth};
pub use date::{DateError, Day, Month, PartialDay, Precision, Validity, Window};
pub use fen::{Fen, MoneyError, MoneyUnit};
pub use id_number::{IdNumber, IdNumberError, Sex};
pub use phone::{Phone, mask_name};
