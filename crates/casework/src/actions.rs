//! What people do with cases: open one, and make a move in it. All writing goes through here.

mod dispatch;
mod hear;
mod open;
mod remind;

pub use dispatch::{dispatch, owners};
pub use hear::TRIAGED;
pub use open::{Opening, dismiss_clue, merge_clue, open, open_for_clue};
pub use remind::{REMIND, run as remind};

use crate::WORK_CASES;
use crate::model::{About, Actor, At, CaseId, Course, Entry, Level, Move, Refusal, What};
use crate::policy::{self, Adopted};
use crate::store::{self, Case, Kept, State};
use households::documents::{pack, unpack};
use kernel::commands::{self, Command, Received};
use kernel::events::{Event, emit};
use kernel::{Cx, Error, Language, Message, Moment, PlaceKey, Result, Role, crypto, jobs, message};
use rulebook::Words;
use serde::Serialize;
use values::Day;

/// The kind of command, and of the conflicts it may meet.
pub const MOVE: &str = "casework.move";
/// What a case without a deadline is due on.
pub const NEVER: Day = Day(2_932_896);

const BODY: &str = "case_entries.body";

/// A case with its procedure and everything that happened in it.
pub struct Opened {
    pub case: Case,
    pub adopted: Adopted,
    pub entries: Vec<Entry>,
    /// When each entry was made, to the minute.
    pub moments: Vec<Moment>,
}

impl Opened {
    #[must_use]
    pub fn course(&self) -> Course<'_> {
        let (procedure, calendar) = (&*self.adopted.procedure, policy::calendar());
        Course::replay(procedure, calendar, &self.case.place, self.case.opened_on, &self.entries)
    }
}

/// Told to whoever listens: something happened in a case.
#[derive(Serialize)]
struct Moved<'m> {
    case: &'m CaseId,
    household: &'m str,
    programme: &'m str,
    verb: &'m str,
    /// The step or end it stands at now.
    at: &'m str,
}

impl Event for Moved<'_> {
    const KIND: &'static str = "case_moved";

    fn subject(&self) -> &str {
        self.case.as_str()
    }
}

/// A case within scope, replayed up to now.
///
/// # Errors
/// `NotFound` out of scope, or when the family was erased.
pub async fn find(cx: &mut Cx, id: &CaseId) -> Result<Opened> {
    let case = store::get_case(cx, id).await?;
    let text = store::find_procedure(cx, &case.digest).await?;
    let adopted = policy::adopt(&text.ok_or_else(|| Error::internal("a case without its procedure"))?)?;
    let key = crypto::find_key(cx, &case.household).await?.ok_or(Error::NotFound)?;
    let (mut entries, mut moments) = (Vec::new(), Vec::new());
    for kept in store::list_entries(cx, id).await? {
        moments.push(kept.recorded_at);
        entries.push(Entry {
            version: kept.version,
            on: kept.made_on,
            by: kept.recorded_by,
            name: kept.recorded_name,
            made: unpack(&key, BODY, &kept.body)?,
        });
    }
    Ok(Opened { case, adopted, entries, moments })
}

/// Who moves in a case: somebody of the staff, or the family itself, which has a say and no level.
fn mover(cx: &Cx, case: &Case) -> Result<Actor> {
    match cx.who.household() {
        Some(_) => Ok(Actor { id: cx.who.label(), name: case.head.clone(), levels: Vec::new() }),
        None => actor(cx, &case.place),
    }
}

/// The person who acts, with the levels their posts of today hold where the family lives.
///
/// # Errors
/// `Forbidden` for a machine or nobody.
pub fn actor(cx: &Cx, place: &str) -> Result<Actor> {
    let staff = cx.staff()?;
    let key = PlaceKey::from_code(place)?;
    let posts = staff.posts_with(WORK_CASES, cx.today()).filter(|post| post.place.contains(key));
    let levels = posts.filter_map(|post| match post.role {
        Role::Village => Some(Level::Village),
        Role::Township => Some(Level::Township),
        Role::County => Some(Level::County),
        _ => None,
    });
    Ok(Actor { id: staff.id.0.clone(), name: staff.name.clone(), levels: levels.collect() })
}

/// A person makes a move in a case. The same command twice moves once; one made from an older version changes
/// nothing, and both versions stay on the case's page until somebody acts on the newest.
///
/// # Errors
/// `NotFound` out of scope; `Refused` with what is missing, in words; `Conflict` from a stale base.
pub async fn make(cx: &mut Cx, id: &CaseId, command: &Command<Move>) -> Result<()> {
    let opened = find(cx, id).await?;
    let who = mover(cx, &opened.case)?;
    if let Received::Before(()) = command.receive(cx, MOVE).await? {
        return Ok(());
    }
    let last = opened.entries.last();
    let summary = last.map(|entry| serde_json::json!({ "verb": entry.made.verb(), "by": entry.name }));
    command.check_base(MOVE, id.as_str(), last.map_or(0, |entry| entry.version), &summary)?;
    if let Move::Stop { .. } = &command.body {
        no_contradiction(cx, &opened).await?;
    }
    let verb = command.body.verb();
    carry_out(cx, &opened, command.body.clone(), &who).await?;
    if cx.staff().is_ok() {
        // Whoever acts on the newest version has both versions of an older conflict before their eyes.
        for conflict in commands::list_open(cx, MOVE, id.as_str()).await? {
            commands::settle(cx, &conflict.id).await?;
        }
    }
    cx.audit("move", "case", id.as_str(), verb).await?;
    command.carried_out(cx, MOVE, &()).await
}

/// Makes a move as somebody, and keeps what follows from it: entry, state, notice, deadlines, event.
async fn carry_out(cx: &mut Cx, opened: &Opened, made: Move, who: &Actor) -> Result<()> {
    let case = &opened.case;
    let mut course = opened.course();
    let stood = at(&course).to_owned();
    let entry = course.take(made, who, cx.today()).map_err(|refusal| refused(cx.language, &refusal))?;
    let key = crypto::key_of(cx, &case.household).await?;
    let kept = Kept {
        version: entry.version,
        verb: entry.made.verb().to_owned(),
        step: stood,
        body: pack(cx.world(), &key, BODY, &entry.made)?,
        made_on: entry.on,
        recorded_at: cx.now,
        recorded_by: entry.by,
        recorded_name: entry.name,
    };
    store::insert_entry(cx, case, &kept).await?;
    match (&entry.made, &course.notice) {
        (Move::Publish { .. }, Some(notice)) => {
            let words = pack(cx.world(), &key, "case_notices.words", &notice.words)?;
            store::take_down(cx, &case.id).await?;
            let hung = store::insert_notice(cx, case, &board(cx, &case.place), notice, words).await?;
            attachments::hang(cx, case.id.as_str(), &hung).await?;
        }
        (Move::End { .. }, Some(_)) => store::take_down(cx, &case.id).await?,
        _ => {}
    }
    keep_state(cx, case, &course).await?;
    let told = Moved {
        case: &case.id,
        household: &case.household,
        programme: &case.programme,
        verb: &kept.verb,
        at: at(&course),
    };
    emit(cx, &told).await
}

fn at<'c>(course: &'c Course<'_>) -> &'c str {
    match &course.at {
        At::Step(id) | At::End(id) => id,
    }
}

/// Keeps where the case stands now, and asks to be reminded of its next deadline.
async fn keep_state(cx: &mut Cx, case: &Case, course: &Course<'_>) -> Result<()> {
    let due = course.due().into_iter().next();
    let mut levels: Vec<Level> = course.step().map(|step| course.levels(step)).unwrap_or_default();
    levels.extend(course.alongside().flat_map(|step| course.levels(step)));
    let open = |about| course.open_disputes(about).next().is_some();
    if open(About::Objection) || open(About::Question) {
        levels.extend([Level::Township, Level::County]);
    }
    if open(About::Appeal) {
        levels.extend(course.procedure.appeal.by.iter());
    }
    levels.sort_unstable();
    levels.dedup();
    let levels: Vec<&str> = levels.into_iter().map(Level::code).collect();
    let state = State {
        version: course.version,
        step: at(course).to_owned(),
        ended: i64::from(course.step().is_none()),
        levels: levels.join(","),
        due_on: due.as_ref().map_or(NEVER, |due| due.day),
        due_what: due.as_ref().map_or("", |due| due_code(&due.what)).to_owned(),
        helping: course.measures.iter().filter(|one| one.given.is_some() && one.stopped.is_none()).count() as i64,
    };
    if state.version > 0 {
        store::supersede_state(cx, &case.id, state.version - 1).await?;
    }
    store::insert_state(cx, case, &state).await?;
    if state.due_on < NEVER {
        let (subject, day) = (format!("{}:{}", case.id, state.version), state.due_on);
        jobs::put_down(cx, REMIND, &format!("{subject}:due"), Moment::start_of(day)).await?;
        jobs::put_down(cx, REMIND, &format!("{subject}:late"), Moment::start_of(day.plus_days(1))).await?;
    }
    Ok(())
}

const fn due_code(what: &What) -> &'static str {
    match what {
        What::Step(_) => "step",
        What::Whole => "whole",
        What::Dispute(_) => "dispute",
        What::Measure(_) => "measure",
    }
}

/// The address of a village's notice board: nobody guesses it, and it isn't the village's code.
#[must_use]
pub fn board(cx: &Cx, place: &str) -> String {
    cx.world().keys.blind("notice_board", &place[..place.len().min(12)])
}

/// Help isn't stopped while what departments say of the family contradicts itself and nobody has settled it.
async fn no_contradiction(cx: &mut Cx, opened: &Opened) -> Result<()> {
    let filed = households::store::get_file(cx, &opened.case.household).await?;
    let conflicts = households::actions::open(cx, &filed)?.map_or(0, |file| file.conflicts.len());
    let course = opened.course();
    let settled = |one: &crate::model::Dispute| one.about == About::Question && one.answer.is_some();
    if conflicts > 0 && !course.disputes.iter().any(settled) {
        return Err(Error::Refused(message("case-refused-contradiction").with("n", conflicts)));
    }
    Ok(())
}

/// A refusal as the sentence its reader gets.
#[must_use]
pub fn refused(language: Language, refusal: &Refusal) -> Error {
    let said = |words: &Words| if language == Language::Zh { words.zh.clone() } else { words.en.clone() };
    let levels = |levels: &[Level]| {
        let w = ui::Speaker::new(language);
        let said: Vec<String> = levels.iter().map(|level| w.t(&format!("role-{}", level.code()))).collect();
        said.join(if language == Language::Zh { "、" } else { ", " })
    };
    let told: Message = match refusal {
        Refusal::Ended => message("case-refused-ended"),
        Refusal::NotEnded => message("case-refused-not-ended"),
        Refusal::NotNow => message("case-refused-not-now"),
        Refusal::Level(of) => message("case-refused-level").with("levels", levels(of)),
        Refusal::Visited => message("case-refused-visited"),
        Refusal::Kin => message("case-refused-kin"),
        Refusal::SamePerson => message("case-refused-same-person"),
        Refusal::Partner(n) => message("case-refused-partner").with("n", n),
        Refusal::Missing(all) => {
            let all: Vec<String> = all.iter().map(said).collect();
            message(MISSING).with("what", all.join(if language == Language::Zh { "；" } else { "; " }))
        }
        Refusal::Wrong { title, .. } => message("case-refused-wrong").with("field", said(title)),
        Refusal::Blank => message("case-refused-blank"),
        Refusal::Exposes(found) => {
            let w = ui::Speaker::new(language);
            let found: Vec<String> = found.iter().map(|one| w.t(&format!("notice-shows-{}", one.code()))).collect();
            message("case-refused-exposes").with("what", found.join(if language == Language::Zh { "、" } else { ", " }))
        }
        Refusal::StillOpen(n) => message("case-refused-still-open").with("n", n),
        Refusal::NothingToAppeal => message("case-refused-nothing-to-appeal"),
        Refusal::Until(day) => {
            let day = ui::numbers::long_date(language, *day, values::Precision::Day);
            message("case-refused-until").with("day", day)
        }
        Refusal::TooLate(day) => {
            let day = ui::numbers::long_date(language, *day, values::Precision::Day);
            message("case-refused-too-late").with("day", day)
        }
        Refusal::NoNotice => message("case-refused-no-notice"),
        Refusal::NoSuch => message("case-refused-no-such"),
    };
    Error::Refused(told)
}

/// The refusal after which a form keeps what was filled in.
pub const MISSING: &str = "case-refused-missing";
