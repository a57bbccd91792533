//! What people have said in the store a run is loaded into: linking obeys it.

use crate::store;
use anyhow::{Result, anyhow};
use linkage::heard::Heard;
use std::path::Path;

/// Hears what stands in the store. Where there is none yet, nobody has said anything.
///
/// # Errors
/// When the store is there and can't be read: a run that overheard people would undo what they decided.
pub fn hear(url: Option<&str>, county: &str, demo: bool) -> Result<Heard> {
    let Some(url) = url.filter(|url| url.strip_prefix("sqlite:").is_none_or(|path| Path::new(path).exists())) else {
        return Ok(Heard::default());
    };
    store::block_on(async {
        let world = store::world(url, demo)?;
        let db = platform::open(url, &world).await.map_err(|e| anyhow!("{e}"))?;
        let heard = linkage::heard::hear(&mut db.read(&world, &store::loader(county))).await;
        db.close().await;
        heard.map_err(|e| anyhow!("what people decided can't be read from {url}: {e}"))
    })
}
