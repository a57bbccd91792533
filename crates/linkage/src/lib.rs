//! Who is who: the records of all departments, brought together person by person.
//!
//! [`stage`] is the chain's part: pure, from standardised resources to [`households::records::Links`].
//! The household register is the spine; every other record is matched to it, or to others of its like.
//! What fits two people nearly equally well is left alone and shown to a human instead of guessed.
//! A person keeps the same identifier when new deliveries arrive.

pub mod stage;
