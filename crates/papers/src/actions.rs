//! Papers are handed in, opened, and withdrawn with a reason: the only writers.

use crate::model::{LARGEST, Media};
use crate::store::{self, Listed, New};
use households::documents::{pack, unpack};
use kernel::{Cx, Error, Result, crypto, message};
use std::sync::OnceLock;

/// Looks at what comes in, as the installation says: `Err` with a word for the log when it shouldn't be kept.
pub type Scanner = Box<dyn Fn(&[u8]) -> std::result::Result<(), String> + Send + Sync>;

static SCANNER: OnceLock<Scanner> = OnceLock::new();

/// Names the scanner that every paper passes before it is kept; the first one stays.
pub fn scan_with(scanner: Scanner) {
    let _ = SCANNER.set(scanner);
}

/// What the scanner says of something that comes in; without a scanner, nothing.
///
/// # Errors
/// Its word for the log, when it shouldn't be kept.
pub fn screened(bytes: &[u8]) -> std::result::Result<(), String> {
    SCANNER.get().map_or(Ok(()), |scan| scan(bytes))
}

const TITLE: &str = "papers.title";
const CONTENT: &str = "papers.content";

/// Hands in a paper about a family.
///
/// # Errors
/// `NotFound` out of scope; `Invalid` with what is wrong with it.
pub async fn add(cx: &mut Cx, household: &str, title: &str, bytes: &[u8]) -> Result<()> {
    let filed = households::store::get_file(cx, household).await?;
    let wrong = |key| Error::invalid("paper", message(key));
    if bytes.is_empty() {
        return Err(wrong("paper-missing"));
    }
    if bytes.len() > LARGEST {
        return Err(Error::invalid("paper", message("paper-too-large").with("n", LARGEST >> 20)));
    }
    let media = Media::of(bytes).ok_or_else(|| wrong("paper-media"))?;
    let cleaned = media.cleaned(bytes).ok_or_else(|| wrong("paper-broken"))?;
    if let Err(found) = screened(bytes) {
        cx.audit("paper_refused", "household", household, &found).await?;
        return Err(wrong("paper-refused"));
    }
    let blind = cx.world().keys.blind_bytes("paper", &cleaned);
    if store::has(cx, household, &blind).await? {
        return Err(wrong("paper-twice"));
    }
    let key = crypto::find_key(cx, household).await?.ok_or(Error::NotFound)?;
    let (id, size) = (cx.new_id().to_string(), i64::try_from(cleaned.len()).unwrap_or(i64::MAX));
    let new = New {
        household,
        place: &filed.place,
        media: media.code(),
        size,
        digest: &blind,
        title: pack(cx.world(), &key, TITLE, &title.trim())?,
        content: key.seal_bytes(cx.world(), CONTENT, &cleaned)?,
    };
    store::insert(cx, &id, new).await?;
    cx.audit("paper_added", "household", household, &format!("{} {size} {id}", media.code())).await
}

/// A paper in clear.
pub struct Opened {
    pub media: Media,
    pub content: Vec<u8>,
}

/// Opens a paper.
///
/// # Errors
/// `NotFound` out of scope, withdrawn, or when the family was erased.
pub async fn open(cx: &mut Cx, id: &str) -> Result<Opened> {
    let kept = store::get(cx, id).await?;
    let key = crypto::find_key(cx, &kept.household).await?.ok_or(Error::NotFound)?;
    let media = Media::from_code(&kept.media).ok_or(Error::NotFound)?;
    cx.audit("read", "household", &kept.household, &format!("document {id}")).await?;
    Ok(Opened { content: key.open_bytes(CONTENT, &kept.content)?, media })
}

/// The papers of a family with their titles; none once it was erased.
///
/// # Errors
/// The database's.
pub async fn list(cx: &mut Cx, household: &str) -> Result<Vec<(Listed, String)>> {
    let key = match crypto::find_key(cx, household).await {
        Ok(Some(key)) => key,
        Ok(None) | Err(Error::NotFound) => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let listed = store::list_of_household(cx, household).await?;
    listed.into_iter().map(|one| unpack(&key, TITLE, &one.title).map(|title| (one, title))).collect()
}

/// Withdraws a paper; gives the household it was about.
///
/// # Errors
/// `NotFound` out of scope; `Invalid` without a reason.
pub async fn withdraw(cx: &mut Cx, id: &str, reason: &str) -> Result<String> {
    let kept = store::get(cx, id).await?;
    if reason.trim().is_empty() {
        return Err(Error::invalid("reason", message("paper-reason-missing")));
    }
    let key = crypto::find_key(cx, &kept.household).await?.ok_or(Error::NotFound)?;
    let reason = pack(cx.world(), &key, "papers.reason", &reason.trim())?;
    store::supersede(cx, id, reason).await?;
    cx.audit("paper_withdrawn", "household", &kept.household, id).await?;
    Ok(kept.household)
}
