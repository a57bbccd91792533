//! Documents of a household: MessagePack, compressed, and sealed under the household's own key.
//!
//! Fields stand in their order, without names: a document of an earlier version opens as long as fields are only ever
//! added at the end of their type, with a serde default.

use kernel::crypto::SubjectKey;
use kernel::{Error, Result, World};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::cell::RefCell;
use zstd::bulk::Compressor;

/// Fast rather than small: a county writes a few hundred thousand of these in a minute.
const LEVEL: i32 = 1;

thread_local! {
    // A compressor costs more to make than a document to compress.
    static COMPRESSOR: RefCell<Option<Compressor<'static>>> = const { RefCell::new(None) };
}

/// Compresses and seals. `about` names table and column, so that a document moved elsewhere doesn't open.
///
/// # Errors
/// When it can't be sealed.
pub fn pack<T: Serialize>(world: &World, key: &SubjectKey, about: &str, document: &T) -> Result<Vec<u8>> {
    let plain = rmp_serde::to_vec(document).map_err(Error::internal)?;
    let small = COMPRESSOR.with_borrow_mut(|made| {
        let compressor = match made {
            Some(compressor) => compressor,
            None => made.insert(Compressor::new(LEVEL)?),
        };
        compressor.compress(&plain)
    });
    key.seal_bytes(world, about, &small.map_err(Error::internal)?)
}

/// Opens and unpacks what [`pack`] made.
///
/// # Errors
/// When it was sealed under another key, for another place, or changed since.
pub fn unpack<T: DeserializeOwned>(key: &SubjectKey, about: &str, sealed: &[u8]) -> Result<T> {
    let small = key.open_bytes(about, sealed)?;
    let plain = zstd::stream::decode_all(small.as_slice()).map_err(Error::internal)?;
    rmp_serde::from_slice(&plain).map_err(Error::internal)
}
