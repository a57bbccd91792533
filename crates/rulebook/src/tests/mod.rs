//! Stories about a small policy; the evaluator against a naive reference.

mod naive;
mod problems;
mod reference;
mod stories;
mod tables;
