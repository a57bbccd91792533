//! What surveys and typed lists hold.
