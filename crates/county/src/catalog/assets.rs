//! What departments answer when a household has consented.
