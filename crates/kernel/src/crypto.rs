//! Keys: a household's values are sealed under that household's key, which is wrapped by the county's.

use crate::{Cx, Error, Result, World, hex};
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use std::fmt;
use std::sync::Arc;

mod suites;
pub use suites::{Aes, CryptoSuite, Sm4Gcm};

/// Every suite this program knows; the first is the usual one.
const SUITES: [&dyn CryptoSuite; 2] = [&Aes, &Sm4Gcm];

/// The county's key, from a file or the environment, read by the binary.
#[derive(Clone)]
pub struct Keys {
    /// Wraps the subjects' keys; another one may take its place ([`rewrap`]).
    county: Arc<[u8; 32]>,
    /// What the county's key makes for wrapping alone.
    wrapping: [u8; 32],
    /// Makes blind indexes and seals of forms; stays when the wrapping key changes, so that searches go on finding.
    index: Arc<[u8; 32]>,
    /// What new subjects' keys are made for.
    suite: &'static dyn CryptoSuite,
}

/// The key of one household (or another subject), opened.
#[derive(Clone)]
pub struct SubjectKey {
    subject: String,
    key: [u8; 32],
    suite: &'static dyn CryptoSuite,
}

impl fmt::Debug for SubjectKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SubjectKey({})", self.subject)
    }
}

impl Keys {
    #[must_use]
    pub fn new(county: [u8; 32]) -> Self {
        Self {
            county: Arc::new(county),
            wrapping: mac(&county, "wrap", b""),
            index: Arc::new(county),
            suite: SUITES[0],
        }
    }

    /// From the text of a key file: 64 hexadecimal digits; behind them, where the key has been changed, a line
    /// `index` with the digits that make blind indexes; where another suite is wanted, a line such as `suite sm4-gcm`.
    ///
    /// # Errors
    /// [`Error::Internal`] with the remedy.
    pub fn from_text(text: &str) -> Result<Self> {
        let bytes = |text: &str| hex::bytes(text.trim()).and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
        let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        let key = lines.next().and_then(bytes).ok_or_else(|| {
            Error::internal("the county's key must be 64 hexadecimal digits; `openssl rand -hex 32` makes one")
        })?;
        let mut keys = Self::new(key);
        for line in lines {
            match line.split_once(' ') {
                Some(("index", digits)) => {
                    let index =
                        bytes(digits).ok_or_else(|| Error::internal("index: 64 hexadecimal digits belong here"))?;
                    keys.index = Arc::new(index);
                }
                Some(("suite", title)) => {
                    let known = SUITES.into_iter().find(|suite| suite.title() == title.trim());
                    keys.suite = known.ok_or_else(|| Error::internal("suite: aes-256-gcm and sm4-gcm are known"))?;
                }
                _ => return Err(Error::internal("a key file has lines `index …` and `suite …` behind the key alone")),
            }
        }
        Ok(keys)
    }

    /// The text of a key file, as [`from_text`](Self::from_text) reads it. For the file alone.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut text = hex::digits(self.county.as_ref()) + "\n";
        if self.index != self.county {
            text.push_str(&format!("index {}\n", hex::digits(self.index.as_ref())));
        }
        if self.suite.name() != SUITES[0].name() {
            text.push_str(&format!("suite {}\n", self.suite.title()));
        }
        text
    }

    /// These keys with another one for wrapping.
    #[must_use]
    pub fn rotated(&self, county: [u8; 32]) -> Self {
        Self { county: Arc::new(county), wrapping: mac(&county, "wrap", b""), ..self.clone() }
    }

    /// Tells keys apart without giving anything away: the first digits of a hash.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        hex::digits(&mac(&self.county, "fingerprint", b"")[..6])
    }

    /// A blind index: equal values of a kind give equal codes, and nobody without the key can compute one.
    #[must_use]
    pub fn blind(&self, kind: &str, value: &str) -> String {
        self.blind_bytes(kind, value.as_bytes())
    }

    /// As [`blind`](Self::blind), of bytes: a photo handed in twice is told.
    #[must_use]
    pub fn blind_bytes(&self, kind: &str, value: &[u8]) -> String {
        hex::digits(&mac(&self.index, kind, value)[..16])
    }

    /// A new key for a subject, and its wrapped form for [`subject_keys`](crate::migrations::KERNEL).
    ///
    /// # Errors
    /// [`Error::Internal`] when it can't be wrapped.
    pub fn make(&self, world: &World, subject: &str) -> Result<(SubjectKey, String)> {
        let key: [u8; 32] = world.dice.bytes();
        let made = SubjectKey { subject: subject.to_owned(), key, suite: self.suite };
        let wrapped = self.wrap(world, &made)?;
        Ok((made, wrapped))
    }

    fn wrap(&self, world: &World, made: &SubjectKey) -> Result<String> {
        seal_with(made.suite, &self.wrapping, world.dice.bytes(), &made.subject, &made.key)
    }

    /// # Errors
    /// [`Error::Internal`] when it was wrapped by another county's key.
    pub fn unwrap(&self, subject: &str, wrapped: &str) -> Result<SubjectKey> {
        let suite = SUITES.into_iter().find(|suite| wrapped.starts_with(suite.name())).ok_or_else(unopenable)?;
        let key = open_with(suite, &self.wrapping, subject, wrapped)?;
        let key = key.try_into().map_err(|_| Error::internal("a wrapped key has another length"))?;
        Ok(SubjectKey { subject: subject.to_owned(), key, suite })
    }
}

fn mac(key: &[u8; 32], kind: &str, value: &[u8]) -> [u8; 32] {
    // HMAC takes keys of any length, so the error can't come; an empty code would match nothing.
    let Ok(mut mac) = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(key) else { return [0; 32] };
    mac.update(&(kind.len() as u64).to_be_bytes());
    mac.update(kind.as_bytes());
    mac.update(value);
    mac.finalize().into_bytes().into()
}

impl SubjectKey {
    /// Seals bytes as text. `about` names the place they are kept in (`household_documents.document`): sealed bytes
    /// moved to another place or another subject don't open.
    ///
    /// # Errors
    /// [`Error::Internal`] when it can't be sealed.
    pub fn seal(&self, world: &World, about: &str, plain: &[u8]) -> Result<String> {
        seal_with(self.suite, &self.key, world.dice.bytes(), &format!("{about}|{}", self.subject), plain)
    }

    /// As [`seal`](Self::seal), as bytes: 12 of nonce, then the sealed text. For long documents.
    ///
    /// # Errors
    /// [`Error::Internal`] when it can't be sealed.
    pub fn seal_bytes(&self, world: &World, about: &str, plain: &[u8]) -> Result<Vec<u8>> {
        let nonce: [u8; 12] = world.dice.bytes();
        let about = format!("{about}|{}", self.subject);
        let sealed = self.suite.seal(&self.key, &nonce, about.as_bytes(), plain).ok_or_else(unsealable)?;
        Ok([&nonce[..], &sealed].concat())
    }

    /// # Errors
    /// [`Error::Internal`] when it was sealed elsewhere or changed since.
    pub fn open(&self, about: &str, sealed: &str) -> Result<Vec<u8>> {
        open_with(self.suite, &self.key, &format!("{about}|{}", self.subject), sealed)
    }

    /// # Errors
    /// [`Error::Internal`] when it was sealed elsewhere or changed since.
    pub fn open_bytes(&self, about: &str, sealed: &[u8]) -> Result<Vec<u8>> {
        let (nonce, sealed) = sealed.split_first_chunk::<12>().ok_or_else(unopenable)?;
        let about = format!("{about}|{}", self.subject);
        self.suite.open(&self.key, nonce, about.as_bytes(), sealed).ok_or_else(unopenable)
    }
}

/// The key of a subject, made when there is none yet.
///
/// # Errors
/// [`Error::NotFound`] when it was destroyed.
pub async fn key_of(cx: &mut Cx, subject: &str) -> Result<SubjectKey> {
    if let Some(key) = find_key(cx, subject).await? {
        return Ok(key);
    }
    let (key, wrapped) = cx.world.keys.make(&cx.world, subject)?;
    let (county, now, fingerprint) = (cx.county().to_owned(), cx.now, cx.world.keys.fingerprint());
    cx.sql("insert into subject_keys (subject, county_id, wrapped, county_key, made_at) values ($1, $2, $3, $4, $5)")
        .bind(subject)
        .bind(county)
        .bind(wrapped)
        .bind(fingerprint)
        .bind(now)
        .run_one()
        .await?;
    Ok(key)
}

/// The key of a subject, if one was ever made.
///
/// # Errors
/// [`Error::NotFound`] when it was destroyed: what it sealed is gone for good.
pub async fn find_key(cx: &mut Cx, subject: &str) -> Result<Option<SubjectKey>> {
    let row: Option<(Option<String>,)> =
        cx.sql("select wrapped from subject_keys where subject = $1").bind(subject).find().await?;
    match row {
        None => Ok(None),
        Some((None,)) => Err(Error::NotFound),
        Some((Some(wrapped),)) => cx.world.keys.unwrap(subject, &wrapped).map(Some),
    }
}

/// Seals a text under a subject's key, made when there is none yet: what somebody wrote about a family, in its own
/// words, stands in no column in clear. `about` names table and column.
///
/// # Errors
/// [`Error::NotFound`] when the key was destroyed.
pub async fn seal_text(cx: &mut Cx, subject: &str, about: &str, text: &str) -> Result<String> {
    let key = key_of(cx, subject).await?;
    key.seal(&cx.world, about, text.as_bytes())
}

/// Opens what [`seal_text`] sealed; `None` once the key was destroyed.
///
/// # Errors
/// [`Error::Internal`] when it was sealed elsewhere or changed since.
pub async fn open_text(cx: &mut Cx, subject: &str, about: &str, sealed: &str) -> Result<Option<String>> {
    match find_key(cx, subject).await {
        Ok(Some(key)) => Ok(Some(String::from_utf8_lossy(&key.open(about, sealed)?).into_owned())),
        Ok(None) | Err(Error::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Destroys the key of a subject: erasure, with its reason. The row stays and says when, by whom and why.
///
/// # Errors
/// [`Error::Conflict`] when there is no key or it is gone already.
pub async fn destroy_key(cx: &mut Cx, subject: &str, reason: &str) -> Result<()> {
    let (now, by) = (cx.now, cx.staff_id()?);
    cx.sql(
        "update subject_keys set wrapped = null, destroyed_at = $2, destroyed_by = $3, reason = $4
         where subject = $1 and wrapped is not null",
    )
    .bind(subject)
    .bind(now)
    .bind(by)
    .bind(reason)
    .run_one()
    .await
}

/// Wraps every subject's key anew, in one transaction; gives how many there were. What the keys sealed stays as it is.
/// Destroyed keys stay destroyed. Begun again after a crash, it goes on where it was.
///
/// # Errors
/// [`Error::Internal`] when a key was wrapped by neither of the two.
pub async fn rewrap(cx: &mut Cx, new: &Keys) -> Result<u64> {
    let (mut after, mut rewrapped, fingerprint) = (String::new(), 0, new.fingerprint());
    loop {
        let rows: Vec<(String, String)> = cx
            .sql(
                "select subject, wrapped from subject_keys
                 where subject > $1 and county_key <> $2 and wrapped is not null order by subject limit 2000",
            )
            .bind(after)
            .bind(fingerprint.as_str())
            .list()
            .await?;
        let Some((last, _)) = rows.last() else { break };
        after = last.clone();
        for (subject, wrapped) in rows {
            let key = cx.world.keys.unwrap(&subject, &wrapped)?;
            let wrapped = new.wrap(&cx.world, &key)?;
            cx.sql("update subject_keys set wrapped = $2, county_key = $3 where subject = $1")
                .bind(subject)
                .bind(wrapped)
                .bind(fingerprint.as_str())
                .run_one()
                .await?;
            rewrapped += 1;
        }
    }
    Ok(rewrapped)
}

/// By which keys, told by their fingerprints, the subjects' keys are wrapped; none in a store that holds no family.
///
/// # Errors
/// The database's.
pub async fn wrapped_by(cx: &mut Cx) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = cx
        .sql("select distinct county_key from subject_keys where wrapped is not null order by county_key limit 100")
        .list()
        .await?;
    Ok(rows.into_iter().map(|(fingerprint,)| fingerprint).collect())
}

/// SHA-256 as hexadecimal text.
#[must_use]
pub fn digest(text: &str) -> String {
    hex::digits(&Sha256::digest(text.as_bytes()))
}

fn seal_with(suite: &dyn CryptoSuite, key: &[u8; 32], nonce: [u8; 12], about: &str, plain: &[u8]) -> Result<String> {
    let sealed = suite.seal(key, &nonce, about.as_bytes(), plain).ok_or_else(unsealable)?;
    Ok(format!("{}.{}{}", suite.name(), hex::digits(&nonce), hex::digits(&sealed)))
}

fn open_with(suite: &dyn CryptoSuite, key: &[u8; 32], about: &str, sealed: &str) -> Result<Vec<u8>> {
    let bytes = sealed.strip_prefix(suite.name()).and_then(|rest| hex::bytes(rest.strip_prefix('.')?));
    let bytes = bytes.ok_or_else(unopenable)?;
    let (nonce, sealed) = bytes.split_first_chunk::<12>().ok_or_else(unopenable)?;
    suite.open(key, nonce, about.as_bytes(), sealed).ok_or_else(unopenable)
}

fn unsealable() -> Error {
    Error::internal("this value can't be sealed")
}

fn unopenable() -> Error {
    Error::internal("a sealed value doesn't open: another key sealed it, or it was changed")
}
