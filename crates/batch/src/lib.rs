//! Moves plain columns between memory and files: the only crate that names a file format or a database reader.
//!
//! [`Source`] opens a CSV file, a workbook, a Parquet file, JSON lines or a database table and gives its
//! rows as chunks of text columns; [`read_all`] reads many sources on all cores within bounded memory.
//! [`write_parquet`] and its neighbours write what a run found, and [`RowWriter`] writes row by row in any
//! of the formats that can be read. A file appears under its name only when it is whole.
//! [`texts`] gives everything written in a small file, for looking through it.
//! Nothing here knows what a column means.

mod chunk;
mod digest;
mod problem;
mod read;
mod shelf;
mod write;

pub use chunk::{CELL_LIMIT, Chunk, Fault, FaultKind};
pub use digest::digest_of;
pub use problem::{Problem, Result, Wording};
pub use read::columns::{Kind, Loaded, read_parquet};
pub use read::{Block, Blocks, Consumer, Dialect, Encoding, Format, Source, read_all, texts};
pub use shelf::{Blob, Drawer, Shelf};
pub use write::parquet::{ParquetWriter, ROW_GROUP, Values, write_parquet};
pub use write::rows::{Cell, CellKind, RowWriter, Target};
pub use write::{private_folder, write_whole};

#[cfg(test)]
mod tests;
