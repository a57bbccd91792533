//! Asking for a change, and deciding it: the only writers.

use super::{
    Approval, Change, Details, Kin, Kind, Reason, Waiting, apply, can_decide, head, people, policy, split_off,
};
use crate::actions::open;
use crate::documents::{pack, unpack};
use crate::load::words;
use crate::model::{File, Member};
use crate::search::{as_id_number, normal};
use crate::store::{self, Asked, Filed, NewChange, NewFile};
use kernel::crypto::SubjectKey;
use kernel::{Cx, Error, PlaceKey, Result, content_id, crypto, message};
use values::{Day, IdNumber, Precision};

const DETAILS: &str = "household_changes.details";
const WORDS: &str = "household_change_decisions.words";
const DOCUMENT: &str = "household_documents.document";

/// Somebody who comes, as they are written down.
#[derive(Clone, Debug, Default)]
pub struct Newcomer {
    pub name: String,
    /// GB/T 2261.1
    pub sex: u8,
    pub birth: Option<Day>,
    pub id_number: String,
    /// As in contract §3.
    pub relation: String,
}

/// What somebody asks to be changed.
#[derive(Clone, Debug)]
pub struct Asking {
    pub kind: Kind,
    pub on: Option<Day>,
    pub reason: Option<Reason>,
    pub newcomer: Newcomer,
    /// Ids of the persons who go, or come back.
    pub members: Vec<String>,
    /// The person at the head from now on.
    pub head: String,
    /// Of a merge: the number of the other household, or the ID number of somebody in it.
    pub other: String,
    pub words: String,
    pub kin: Option<Kin>,
}

fn wrong(field: &'static str, key: &'static str) -> Error {
    Error::invalid(field, message(key))
}

/// Asks for a change. Where the policy lets it stand at once it does; else it waits for somebody to agree.
///
/// # Errors
/// `NotFound` out of scope or when the family was erased; `Invalid` with what to correct; `Refused` when the same waits.
pub async fn ask(cx: &mut Cx, household: &str, asking: &Asking) -> Result<String> {
    let (filed, today) = (store::get_file(cx, household).await?, cx.today());
    let file = open(cx, &filed)?.ok_or(Error::NotFound)?;
    let on = asking.on.filter(|on| *on <= today).ok_or_else(|| wrong("on", "change-day-wrong"))?;
    if asking.words.trim().is_empty() {
        return Err(wrong("words", "change-words-missing"));
    }
    let reason = asking.reason.filter(|reason| asking.kind.reasons().contains(reason));
    if reason.is_none() && !asking.kind.reasons().is_empty() {
        return Err(wrong("reason", "change-reason-missing"));
    }
    let id = cx.new_id().to_string();
    let (members, head) = concerned(&file, asking, on, &id)?;
    if !asking.kind.brings() && store::waits(cx, household, asking.kind.code()).await? > 0 {
        return Err(Error::Refused(message("change-waits-already")));
    }
    let other = match asking.kind {
        Kind::Split => Some(content_id("household-split", &[&id]).to_string()),
        Kind::Merge => Some(other_household(cx, household, &asking.other).await?),
        _ => None,
    };
    let held = policy::built_in().of(asking.kind, reason, &filed.place, today);
    let approval = held.approval.above(asking.kin.as_ref());
    let details = Details { members, head, words: asking.words.trim().to_owned(), kin: asking.kin.clone() };
    let key = crypto::key_of(cx, household).await?;
    let new = NewChange {
        id: &id,
        kind: asking.kind.code(),
        reason: reason.map_or("", Reason::code),
        on,
        other: other.as_deref(),
        approval: approval.code(),
        waits_until: (held.waits > 0).then(|| today.plus_days(held.waits)),
        details: pack(cx.world(), &key, DETAILS, &details)?,
    };
    store::insert_change(cx, &filed, new).await?;
    cx.audit("change_asked", "household", household, &format!("{} {id}", asking.kind.code())).await?;
    if approval == Approval::None {
        let asked = store::get_change(cx, &id).await?;
        settle(cx, &asked, true, "").await?;
    }
    Ok(id)
}

/// Who comes or goes, and who is at the head from then on.
fn concerned(file: &File, asking: &Asking, on: Day, change: &str) -> Result<(Vec<Member>, String)> {
    if asking.kind.brings() {
        return Ok((vec![newcomer(file, asking, on, change)?], String::new()));
    }
    let here = |member: &&Member| member.co_living != (asking.kind == Kind::Return);
    let all = file.members.iter().filter(here);
    let named = |member: &&Member| asking.kind == Kind::Merge || asking.members.contains(&member.person);
    let (members, others): (Vec<&Member>, Vec<&Member>) = all.partition(named);
    if members.is_empty() {
        return Err(wrong("member", "change-member-missing"));
    }
    let has_head = members.iter().any(|member| member.relation == "head");
    let head = asking.head.as_str();
    match asking.kind {
        Kind::Return | Kind::Merge => Ok((members.into_iter().cloned().collect(), String::new())),
        Kind::Split if has_head => Err(wrong("member", "change-head-stays")),
        Kind::Split if !members.iter().any(|member| member.person == head) => Err(wrong("head", "change-head-of-new")),
        _ if has_head && !others.is_empty() && !others.iter().any(|member| member.person == head) => {
            Err(wrong("head", "change-head-next"))
        }
        _ => Ok((members.into_iter().cloned().collect(), head.to_owned())),
    }
}

fn newcomer(file: &File, asking: &Asking, on: Day, change: &str) -> Result<Member> {
    let told = &asking.newcomer;
    let name = told.name.trim();
    if name.is_empty() {
        return Err(wrong("name", "change-name-missing"));
    }
    if told.relation.is_empty() || told.relation == "head" {
        return Err(wrong("relation", "change-relation-missing"));
    }
    let id_number = match told.id_number.trim() {
        "" => None,
        typed => Some(IdNumber::parse(typed).map_err(|_| wrong("id_number", "change-id-wrong"))?),
    };
    let birth = if asking.kind == Kind::Birth { Some(on) } else { told.birth };
    let birth = birth.or_else(|| id_number.and_then(|id| id.birth_date()));
    let member = Member {
        person: content_id("household-newcomer", &[change]).to_string(),
        name: name.to_owned(),
        sex: told.sex,
        birth: birth.map(|day| (day, Precision::Day)),
        id_number: id_number.map(|id| id.key()),
        phone: None,
        relation: told.relation.clone(),
        registered: false,
        co_living: true,
        from: Some(on),
        to: None,
    };
    let here = file.members.iter().any(|known| known.co_living && super::same(known, &member));
    if here { Err(wrong("name", "change-already-here")) } else { Ok(member) }
}

/// The other household of a merge, by an exact number and within the asker's reach.
async fn other_household(cx: &mut Cx, household: &str, typed: &str) -> Result<String> {
    let word = match as_id_number(typed) {
        Some(id) => cx.world().keys.blind("id_number", &id.reveal()),
        None => normal(typed),
    };
    let found = if word.is_empty() { Vec::new() } else { store::search(cx, &word, 3).await? };
    let mut others = found.iter().filter(|one| one.household != household);
    match (others.next(), others.next()) {
        (Some(one), None) => Ok(one.household.clone()),
        _ => Err(wrong("other", "change-other-unknown")),
    }
}

/// A change as somebody may read it: with its details opened; nothing of them where the family was erased.
///
/// # Errors
/// When they were sealed under another key or changed since.
pub async fn details(cx: &mut Cx, asked: &Asked) -> Result<Option<Details>> {
    key_of(cx, &asked.household).await?.map(|key| unpack(&key, DETAILS, &asked.details)).transpose()
}

/// The family's key; nothing where it was erased.
async fn key_of(cx: &mut Cx, household: &str) -> Result<Option<SubjectKey>> {
    match crypto::find_key(cx, household).await {
        Err(Error::NotFound) => Ok(None),
        found => found,
    }
}

/// Why it was refused, where somebody may read it.
///
/// # Errors
/// When it was sealed under another key or changed since.
pub async fn decided_words(cx: &mut Cx, asked: &Asked) -> Result<String> {
    let Some(sealed) = &asked.decided_words else { return Ok(String::new()) };
    let key = key_of(cx, &asked.household).await?;
    key.map_or_else(|| Ok(String::new()), |key| unpack(&key, WORDS, sealed))
}

/// A person agrees to a change, and it stands; or refuses it and says why.
///
/// # Errors
/// `NotFound` out of scope; `Refused` for whoever may not, when it was decided before, or when the family is not as it
/// was when it was asked; `Invalid` for a refusal without a reason.
pub async fn decide(cx: &mut Cx, id: &str, agreed: bool, words: &str) -> Result<()> {
    let asked = store::get_change(cx, id).await?;
    if asked.decision.is_some() {
        return Err(Error::Refused(message("change-decided-before")));
    }
    let details = details(cx, &asked).await?.ok_or(Error::NotFound)?;
    let waiting = Waiting {
        place: PlaceKey::from_code(&asked.place)?,
        approval: Approval::from_code(&asked.approval),
        asked_by: &asked.recorded_by,
        kin: details.kin.as_ref(),
    };
    can_decide(waiting, cx.staff()?, cx.today()).map_err(Error::Refused)?;
    if !agreed && words.trim().is_empty() {
        return Err(wrong("words", "change-refusal-missing"));
    }
    settle(cx, &asked, agreed, words.trim()).await
}

async fn settle(cx: &mut Cx, asked: &Asked, agreed: bool, words: &str) -> Result<()> {
    let key = crypto::key_of(cx, &asked.household).await?;
    let (decision, words) = (if agreed { "agreed" } else { "refused" }, pack(cx.world(), &key, WORDS, &words)?);
    store::insert_decision(cx, (&asked.id, &asked.place), decision, words).await?;
    cx.audit("change_decided", "household", &asked.household, &format!("{} {decision}", asked.id)).await?;
    if agreed { carry_out(cx, asked).await } else { Ok(()) }
}

/// The family gets the file that the change makes; of a split or a merge, so does the other.
async fn carry_out(cx: &mut Cx, asked: &Asked) -> Result<()> {
    let filed = store::get_file(cx, &asked.household).await?;
    let file = open(cx, &filed)?.ok_or(Error::NotFound)?;
    let kind = Kind::from_code(&asked.kind).ok_or(Error::NotFound)?;
    let details = details(cx, asked).await?.ok_or(Error::NotFound)?;
    let change = Change { kind, on: asked.valid_from, details };
    let mut after = file.clone();
    apply(&mut after, &change);
    if after == file {
        return Err(Error::Refused(message("change-stale")));
    }
    put(cx, &asked.id, &filed, &after).await?;
    match (kind, &asked.other) {
        (Kind::Split, Some(made)) => {
            let empty = Filed { household: made.clone(), number: String::new(), head: String::new(), ..filed };
            put(cx, &asked.id, &empty, &split_off(&file, &change)).await
        }
        (Kind::Merge, Some(into)) => join(cx, asked, into, change).await,
        _ => Ok(()),
    }
}

/// The other side of a merge: the members come to the family they join, and that family's file says from where.
async fn join(cx: &mut Cx, asked: &Asked, into: &str, change: Change) -> Result<()> {
    let filed = store::get_file(cx, into).await?;
    let mut file = open(cx, &filed)?.ok_or(Error::NotFound)?;
    let id = cx.new_id().to_string();
    let mut change = Change { kind: Kind::Joined, ..change };
    for member in &mut change.details.members {
        // They come as others of the family: its head stays the head.
        member.relation = "other".to_owned();
    }
    apply(&mut file, &change);
    let key = crypto::key_of(cx, into).await?;
    let new = NewChange {
        id: &id,
        kind: Kind::Joined.code(),
        reason: &asked.reason,
        on: change.on,
        other: Some(&asked.household),
        approval: &asked.approval,
        waits_until: None,
        details: pack(cx.world(), &key, DETAILS, &change.details)?,
    };
    store::insert_change(cx, &filed, new).await?;
    let words = pack(cx.world(), &key, WORDS, &"")?;
    store::insert_decision(cx, (&id, &filed.place), "agreed", words).await?;
    put(cx, &id, &filed, &file).await
}

async fn put(cx: &mut Cx, change: &str, filed: &Filed, file: &File) -> Result<()> {
    let key = crypto::key_of(cx, &filed.household).await?;
    let new = NewFile {
        household: &filed.household,
        place: &filed.place,
        number: &filed.number,
        head: head(file).unwrap_or(&filed.head),
        people: people(file),
        as_of: filed.as_of,
        document: pack(cx.world(), &key, DOCUMENT, file)?,
        words: words(cx.world(), &filed.number, file),
    };
    store::put_file(cx, change, new).await
}

/// A split that is still looked at more closely, seen from either family.
#[derive(Clone, Debug)]
pub struct RecentSplit {
    pub on: Day,
    pub reason: String,
    pub until: Day,
    /// The family they left.
    pub from: String,
    pub kin: Option<Kin>,
}

/// The splits by which decisions about help for this family go one level up today, with relatives in office.
///
/// # Errors
/// The database's.
pub async fn recent_splits(cx: &mut Cx, household: &str) -> Result<Vec<RecentSplit>> {
    let (today, mut found) = (cx.today(), Vec::new());
    for asked in store::list_changes_of(cx, household).await? {
        let agreed = asked.decision.as_deref() == Some("agreed") && asked.kind == Kind::Split.code();
        let Some(until) = asked.waits_until.filter(|until| agreed && *until >= today) else { continue };
        let kin = details(cx, &asked).await?.and_then(|details| details.kin);
        found.push(RecentSplit { on: asked.valid_from, reason: asked.reason, until, from: asked.head, kin });
    }
    Ok(found)
}
