//! The one stylesheet, the one script, and what passkeys alone need: a hash in the name, compressed once.

use flate2::{Compression, write::GzEncoder};
use sha2::{Digest, Sha256};
use std::io::Write;
use std::sync::LazyLock;

/// A file the browser may keep for ever, since its name changes with its content.
pub struct Asset {
    /// The path pages name, such as `/assets/fuzhi-1a2b3c4d.css`.
    pub path: String,
    pub content_type: &'static str,
    pub plain: Vec<u8>,
    pub gzip: Vec<u8>,
}

impl Asset {
    fn new(extension: &str, content_type: &'static str, source: &str) -> Self {
        let plain = squeeze(source).into_bytes();
        let hash = Sha256::digest(&plain);
        let path = format!("/assets/fuzhi-{:02x}{:02x}{:02x}{:02x}.{extension}", hash[0], hash[1], hash[2], hash[3]);
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        // Writing into memory can't fail; were it to, the plain text is served.
        let gzip = encoder.write_all(&plain).and_then(|()| encoder.finish()).unwrap_or_default();
        Self { path, content_type, plain, gzip }
    }
}

/// Leaves out whole-line comments and indentation: for those who read the source, not for the wire.
fn squeeze(source: &str) -> String {
    let lines = source.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//"));
    let mut out = String::with_capacity(source.len());
    for line in lines.filter(|line| !(line.starts_with("/*") && line.ends_with("*/"))) {
        out.push_str(line);
        out.push('\n');
    }
    out
}

pub static STYLE: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("css", "text/css; charset=utf-8", include_str!("../assets/fuzhi.css")));
pub static SCRIPT: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("js", "text/javascript; charset=utf-8", include_str!("../assets/fuzhi.js")));
/// Loaded by the pages that ask for a passkey, and by no other.
pub static PASSKEY: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("js", "text/javascript; charset=utf-8", include_str!("../assets/passkey.js")));

/// The asset of this path, if it is one of today's.
#[must_use]
pub fn find(path: &str) -> Option<&'static Asset> {
    [&*STYLE, &*SCRIPT, &*PASSKEY].into_iter().find(|asset| asset.path == path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_are_small_on_the_wire() {
        assert!(STYLE.gzip.len() <= 10_000, "stylesheet: {} bytes gzipped", STYLE.gzip.len());
        assert!(SCRIPT.gzip.len() <= 1_024, "script: {} bytes gzipped", SCRIPT.gzip.len());
        assert!(PASSKEY.gzip.len() <= 1_024, "passkeys: {} bytes gzipped", PASSKEY.gzip.len());
        assert!(include_str!("../assets/fuzhi.js").lines().count() < 100);
        assert!(find(&STYLE.path).is_some() && find("/assets/fuzhi-00000000.css").is_none());
    }
}
