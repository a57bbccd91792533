//! `fuzhi labels`: the public keys of a store's labels, and whether a label is genuine.

use crate::store;
use anyhow::{Context, Result, anyhow, bail};
use labels::{PublicHalf, Written};
use std::path::Path;

const END: &str = "-----END PUBLIC KEY-----";

/// The keys whose labels are good, as PEM, each under a line that names it.
///
/// # Errors
/// When the store can't be read or no label was made yet.
pub fn keys(url: &str) -> Result<String> {
    let keys = store::block_on(async {
        let world = store::world(url, false)?;
        let db = platform::open(url, &world).await.map_err(|e| anyhow!("{e}"))?;
        let keys = labels::list_keys(&mut db.read(&world, &store::loader(""))).await.map_err(|e| anyhow!("{e}"))?;
        db.close().await;
        Ok(keys)
    })?;
    let good = keys.iter().filter(|key| key.withdrawn_at.is_none());
    let pem = |key: &labels::Key| PublicHalf::read(&key.public_half).map(|public| public.pem()).unwrap_or_default();
    let all: String = good.map(|key| format!("{} of {}\n{}", key.id, key.county_id, pem(key))).collect();
    if all.is_empty() {
        bail!("no label has been made yet, so there is no key: open /labels as a village's clerk and make them");
    }
    Ok(all)
}

/// Whether one of a file's keys signed what stands in a code.
///
/// # Errors
/// When it isn't genuine, or the file holds no key.
pub fn verify(address: &str, file: &Path) -> Result<String> {
    let text = std::fs::read_to_string(file).with_context(|| format!("{} can't be read", file.display()))?;
    let blocks = text.split_inclusive(END).filter_map(|block| block.find("-----BEGIN").map(|at| &block[at..]));
    let keys: Vec<PublicHalf> = blocks.filter_map(PublicHalf::read).collect();
    if keys.is_empty() {
        bail!("{} holds no public key: fuzhi labels keys prints them", file.display());
    }
    let written = Written::read(address).ok_or_else(|| {
        anyhow!("{address} is no label's address: it ends in a number, a key's number and a signature, between dots")
    })?;
    match keys.iter().find(|key| written.is_signed_by(key)) {
        Some(key) => Ok(format!("genuine: signed by {}", key.id())),
        None if keys.iter().any(|key| key.id() == written.key) => bail!("not genuine: its signature is wrong"),
        None => bail!("not proven: it names the key {}, which {} doesn't hold", written.key, file.display()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A key and a label made by it, as they were made once by another program (the key of RFC 8032, §7.1, first test).
    const KEY: &str = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";

    #[test]
    fn a_file_without_a_key_and_an_address_without_a_signature_are_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("county.pem");
        std::fs::write(&file, "nothing").unwrap();
        let said = |address: &str| verify(address, &file).unwrap_err().to_string();
        assert!(said("https://a/q/b.c.d").contains("holds no public key"));
        let spki = format!("MCowBQYDK2VwAyEA{KEY}");
        std::fs::write(&file, format!("one\n-----BEGIN PUBLIC KEY-----\n{spki}\n{END}\n")).unwrap();
        assert!(said("https://a/q/b").contains("is no label's address"));
        assert!(said("https://a/q/b.c.d").contains("names the key c"));
        assert!(said("https://a/q/b.21fe31df.d").contains("its signature is wrong"));
    }
}
