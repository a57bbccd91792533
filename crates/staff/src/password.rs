//! Passwords: argon2id with its recommended cost, never more than two at a time.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use kernel::{Error, Result};
use tokio::sync::Semaphore;

/// A hash takes 19 MiB and 50 ms of a core: many sign-ins at once wait here and not in everybody's way.
static AT_ONCE: Semaphore = Semaphore::const_new(2);

/// What an unknown account is checked against, so that it takes as long as a known one. No password opens it.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5LWF0LWFsbCE$UEzwbU4rM9gtHxy2m2wXNTGAjy9uUiBz2fYVVmEIl0E";

/// The PHC text of a password's hash.
pub(crate) async fn hash(password: &str, salt: [u8; 16]) -> Result<String> {
    let password = password.to_owned();
    let work = move || -> Result<String> {
        let hash: argon2::password_hash::phc::PasswordHash =
            Argon2::default().hash_password_with_salt(password.as_bytes(), &salt).map_err(failed)?;
        Ok(hash.to_string())
    };
    aside(work).await
}

/// Whether it is this password. Without a hash it isn't, after the same time.
pub(crate) async fn is(password: &str, hash: Option<&str>) -> Result<bool> {
    let (password, known) = (password.to_owned(), hash.is_some());
    let hash = hash.unwrap_or(NOBODY).to_owned();
    let work = move || -> Result<bool> {
        let hash = PasswordHash::new(&hash).map_err(failed)?;
        Ok(Argon2::default().verify_password(password.as_bytes(), &hash).is_ok() && known)
    };
    aside(work).await
}

async fn aside<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    let _turn = AT_ONCE.acquire().await.map_err(Error::internal)?;
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)?
}

fn failed(cause: impl std::fmt::Display) -> Error {
    Error::internal(format!("a password can't be hashed: {cause}"))
}
