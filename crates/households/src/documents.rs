//! Documents of a household: MessagePack, compressed, and sealed under the household's own key.
//!
//! Fields stand in their order, without names: a document of an earlier version opens as long as fields are only ever
//! added at the end of their type, with a serde default.

use kernel::crypto::SubjectKey;
use kernel::{Error, Result, World};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::cell::RefCell;
use zstd::bulk::{Compressor, Decompressor};
use zstd::zstd_safe::get_frame_content_size;

/// Fast rather than small: a county writes a few hundred thousand of these in a minute.
const LEVEL: i32 = 1;

/// The longest document, unpacked: far beyond any family's, and little enough that a forged length takes no memory.
const LONGEST: u64 = 1 << 26;

thread_local! {
    // Either costs more to make than a document to compress or to unpack.
    static COMPRESSOR: RefCell<Option<Compressor<'static>>> = const { RefCell::new(None) };
    static DECOMPRESSOR: RefCell<Option<Decompressor<'static>>> = const { RefCell::new(None) };
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
    let length = get_frame_content_size(&small).ok().flatten().filter(|length| *length <= LONGEST);
    let length = length.ok_or_else(|| Error::internal("a document doesn't say how long it is"))?;
    let plain = DECOMPRESSOR.with_borrow_mut(|made| {
        let decompressor = match made {
            Some(decompressor) => decompressor,
            None => made.insert(Decompressor::new()?),
        };
        decompressor.decompress(&small, length as usize)
    });
    let plain = plain.map_err(Error::internal)?;
    rmp_serde::from_slice(&plain).map_err(Error::internal)
}
