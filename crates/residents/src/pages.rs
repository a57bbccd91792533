//! The door with the code, a family's own page, and the clerk's side of it.

pub mod codes;
pub mod door;
pub mod own;
