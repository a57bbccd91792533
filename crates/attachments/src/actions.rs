//! Files are taken in, hung up with their notice, taken away: the only writers.

use crate::model::{self, LARGEST, MOST, Media};
use crate::store::{self, Attachment, Hung, Listed, New};
use households::documents::{pack, unpack};
use kernel::crypto::SubjectKey;
use kernel::{Cx, Error, Result, crypto, message};
use std::sync::OnceLock;
use ui::{Arg, Speaker};
use values::reading::{Reading, Spot, Unread, Unreadable};

/// Gives everything that is written in a file.
pub type Reader = Box<dyn Fn(Media, &[u8]) -> std::result::Result<Reading, Unreadable> + Send + Sync>;

static READER: OnceLock<Reader> = OnceLock::new();

/// Names the reader that every attachment passes before it is taken in; the first one stays.
pub fn read_with(reader: Reader) {
    let _ = READER.set(reader);
}

const NAME: &str = "attachments.name";
const LOOKED: &str = "attachments.looked";
const CONTENT: &str = "attachments.content";
/// Places that a refusal lists.
const TOLD: usize = 8;
/// Characters of what somebody who looked must write: more than a nod.
const WORDS: usize = 6;

/// The case whose notice it is for, found by the caller within scope.
#[derive(Clone, Copy)]
pub struct Of<'a> {
    pub case: &'a str,
    pub household: &'a str,
    pub place: &'a str,
}

/// A file as it was sent, and what the sender says of what no program can read in it.
pub struct Sent<'a> {
    pub name: &'a str,
    pub bytes: &'a [u8],
    pub looked: &'a str,
}

/// An attachment in clear.
pub struct Opened {
    pub media: Media,
    pub name: String,
    pub content: Vec<u8>,
}

/// Takes a file in for a case's notice.
///
/// # Errors
/// `Refused` with what is wrong with it: where what stands that must not be public, or that nobody looked.
pub async fn add(cx: &mut Cx, of: Of<'_>, sent: Sent<'_>) -> Result<()> {
    let refuse = |key| Error::Refused(message(key));
    if sent.bytes.is_empty() {
        return Err(refuse("attachment-missing"));
    }
    if sent.bytes.len() > LARGEST {
        return Err(Error::Refused(message("attachment-too-large").with("n", LARGEST >> 20)));
    }
    let waiting = store::list_of_case(cx, of.case).await?.iter().filter(|one| one.notice.is_none()).count();
    if waiting >= MOST {
        return Err(Error::Refused(message("attachment-too-many").with("n", MOST)));
    }
    if let Err(found) = papers::screened(sent.bytes) {
        cx.audit("attachment_refused", "household", of.household, &found).await?;
        return Err(refuse("attachment-virus"));
    }
    let media = Media::of(sent.bytes, sent.name);
    let name = model::named(sent.name, media);
    let unread = looked_through(cx, media, &name, &sent)?;
    let looked = sent.looked.trim();
    if !unread.is_empty() && looked.chars().count() < WORDS {
        let w = Speaker::new(cx.language);
        let what: Vec<String> = unread.iter().map(|one| w.t(&format!("attachment-unread-{}", one.code()))).collect();
        let what = what.join(if w.is_zh() { "、" } else { ", " });
        return Err(Error::Refused(message("attachment-unlooked").with("name", &name).with("what", what)));
    }
    let content = match media {
        Media::Paper(paper) => paper.cleaned(sent.bytes).ok_or_else(|| refuse("attachment-broken"))?,
        _ => sent.bytes.to_vec(),
    };
    let key = crypto::find_key(cx, of.household).await?.ok_or(Error::NotFound)?;
    let id = cx.new_id().to_string();
    let codes: Vec<&str> = unread.iter().map(|one| one.code()).collect();
    let new = New {
        case: of.case,
        household: of.household,
        place: of.place,
        media: media.code(),
        size: i64::try_from(content.len()).unwrap_or(i64::MAX),
        unread: &codes.join(","),
        name: pack(cx.world(), &key, NAME, &name)?,
        looked: if unread.is_empty() { None } else { Some(pack(cx.world(), &key, LOOKED, &looked)?) },
        content: key.seal_bytes(cx.world(), CONTENT, &content)?,
    };
    store::insert(cx, &id, new).await?;
    cx.audit("attachment_added", "household", of.household, &format!("{} {id}", media.code())).await
}

/// What of a file no program could read; refuses what it can't be, and what must not be public, by its place.
fn looked_through(cx: &Cx, media: Media, name: &str, sent: &Sent<'_>) -> Result<Vec<Unread>> {
    let refuse = |key| Err(Error::Refused(message(key).with("name", name)));
    let read = match READER.get() {
        _ if media.is_picture() => Ok(Reading { unread: vec![Unread::Pictures], ..Reading::default() }),
        Some(read) => read(media, sent.bytes),
        None => Err(Unreadable::NoReader),
    };
    let reading = match read {
        Ok(reading) => reading,
        Err(Unreadable::Encrypted) => return refuse("attachment-encrypted"),
        Err(Unreadable::Broken) => return refuse("attachment-broken"),
        Err(Unreadable::NoReader) => Reading { unread: vec![Unread::Rest], ..Reading::default() },
    };
    let mut exposed = model::exposed(name, &reading);
    // The name as it was sent may say what the name as it is kept does not.
    exposed.extend(model::scan(sent.name).into_iter().map(|found| (Spot::Name, found)));
    exposed.dedup();
    if exposed.is_empty() {
        return Ok(reading.unread);
    }
    let w = Speaker::new(cx.language);
    let say = |(spot, found): &(Spot, model::Found)| {
        let what = w.t(&format!("notice-shows-{}", found.code()));
        w.with("attachment-at", &[("place", Arg::Text(&place(w, spot))), ("what", Arg::Text(&what))])
    };
    let mut places: Vec<String> = exposed.iter().take(TOLD).map(say).collect();
    if exposed.len() > TOLD {
        places.push(w.n("attachment-more", (exposed.len() - TOLD) as i64));
    }
    let places = places.join(if w.is_zh() { "；" } else { "; " });
    Err(Error::Refused(message("attachment-exposes").with("name", name).with("what", places)))
}

fn place(w: Speaker, spot: &Spot) -> String {
    match spot {
        Spot::Name => w.t("attachment-spot-name"),
        Spot::Cell { sheet, hidden, cell } => {
            let key = if *hidden { "attachment-spot-hidden" } else { "attachment-spot-cell" };
            w.with(key, &[("sheet", Arg::Text(sheet)), ("cell", Arg::Text(cell))])
        }
        Spot::Note { cell } => w.a("attachment-spot-note", cell),
        Spot::Part(part) => w.a("attachment-spot-part", part),
        Spot::Line(line) => w.n("attachment-spot-line", *line as i64),
        Spot::Page(page) => w.n("attachment-spot-page", *page as i64),
        Spot::Beside => w.t("attachment-spot-beside"),
    }
}

/// The attachments of a case with their names; none once the family was erased.
///
/// # Errors
/// The database's.
pub async fn list(cx: &mut Cx, of: Of<'_>) -> Result<Vec<Attachment>> {
    let key = match crypto::find_key(cx, of.household).await {
        Ok(Some(key)) => key,
        Ok(None) | Err(Error::NotFound) => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    store::list_of_case(cx, of.case).await?.into_iter().map(|one| clear(&key, one)).collect()
}

fn clear(key: &SubjectKey, one: Listed) -> Result<Attachment> {
    let looked = one.looked.as_ref().map(|looked| unpack::<String>(key, LOOKED, looked)).transpose()?;
    Ok(Attachment {
        name: unpack(key, NAME, &one.name)?,
        looked: looked.unwrap_or_default(),
        unread: one.unread.split(',').filter(|code| !code.is_empty()).map(str::to_owned).collect(),
        id: one.id,
        media: one.media,
        size: one.size,
        notice: one.notice,
        recorded_at: one.recorded_at,
        recorded_name: one.recorded_name,
    })
}

/// Opens one of a case's, for who works on it.
///
/// # Errors
/// `NotFound` out of scope, taken away, or when the family was erased.
pub async fn open(cx: &mut Cx, of: Of<'_>, id: &str) -> Result<Opened> {
    let (media, name, content) = store::get(cx, of.case, id).await?;
    let key = crypto::find_key(cx, of.household).await?.ok_or(Error::NotFound)?;
    cx.audit("read", "household", of.household, &format!("attachment {id}")).await?;
    opened(&key, &media, &name, &content)
}

fn opened(key: &SubjectKey, media: &str, name: &[u8], content: &[u8]) -> Result<Opened> {
    let media = Media::from_code(media).ok_or(Error::NotFound)?;
    Ok(Opened { media, name: unpack(key, NAME, name)?, content: key.open_bytes(CONTENT, content)? })
}

/// Takes one away that waits for its notice.
///
/// # Errors
/// `NotFound` out of scope; `Conflict` when it hangs already.
pub async fn withdraw(cx: &mut Cx, of: Of<'_>, id: &str) -> Result<()> {
    store::get(cx, of.case, id).await?;
    store::supersede(cx, of.case, id).await?;
    cx.audit("attachment_withdrawn", "household", of.household, id).await
}

/// Hangs what waits with a case beside the notice that has just gone up.
///
/// # Errors
/// The database's.
pub async fn hang(cx: &mut Cx, case: &str, notice: &str) -> Result<()> {
    store::hang(cx, case, notice).await
}

/// Ids and names of what hangs beside a notice that stands; an erased family's hangs nowhere.
///
/// # Errors
/// The database's.
pub async fn list_hung(cx: &mut Cx, notice: &str) -> Result<Vec<(String, String)>> {
    let hung = store::list_hung(cx, notice).await?;
    let named = |one: &Hung| -> Result<Option<(String, String)>> {
        let Some(wrapped) = &one.wrapped else { return Ok(None) };
        let key = cx.world().keys.unwrap(&one.household, wrapped)?;
        Ok(Some((one.id.clone(), unpack(&key, NAME, &one.name)?)))
    };
    hung.iter().filter_map(|one| named(one).transpose()).collect()
}

/// Opens what hangs beside a notice that stands, for whoever was given the board's address.
///
/// # Errors
/// `NotFound` when no such thing hangs there.
pub async fn open_hung(cx: &mut Cx, notice: &str, id: &str) -> Result<Opened> {
    let hung = store::list_hung(cx, notice).await?;
    let one = hung.into_iter().find(|one| one.id == id).ok_or(Error::NotFound)?;
    let key = cx.world().keys.unwrap(&one.household, one.wrapped.as_deref().ok_or(Error::NotFound)?)?;
    let content = store::get_hung(cx, notice, id).await?;
    opened(&key, &one.media, &one.name, &content)
}
