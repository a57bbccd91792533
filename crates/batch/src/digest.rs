use crate::{Problem, Result};
use sha2::{Digest, Sha256};
use std::io::Read;
use std::path::Path;

/// The SHA-256 of a file's content in hexadecimal: the same content twice is the same delivery.
///
/// # Errors
/// When the file can't be read.
pub fn digest_of(path: &Path) -> Result<String> {
    let failed = |e: &std::io::Error| Problem::unreadable(&path.display().to_string(), e);
    let mut file = std::fs::File::open(path).map_err(|e| failed(&e))?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 20];
    loop {
        let n = file.read(&mut buffer).map_err(|e| failed(&e))?;
        if n == 0 {
            return Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect());
        }
        hash.update(&buffer[..n]);
    }
}
