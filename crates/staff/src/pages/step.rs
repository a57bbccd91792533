//! Between the password and the first page: a second factor, a password of one's own, an app to make codes.

use super::give_session;
use super::passkeys::{self, Asked};
use crate::actions::{self, Need, SignedIn};
use crate::factors::{self, STEP_LASTS, Step};
use crate::store::{self, Credentials};
use askama::Template;
use axum::extract::{Form, Query};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use kernel::web::{Reply, clear_cookie, cookie, encoded, kept, see_other, set_cookie};
use kernel::{Cx, Moment, Result, StaffId, Who, totp};
use serde::Deserialize;
use ui::{Shell, Speaker, page};

/// The cookie that says how far somebody has come.
const STEP: &str = "step";

#[derive(Template)]
#[template(path = "step.html")]
struct StepPage {
    shell: Shell,
    then: String,
    need: &'static str,
    wrong: Option<String>,
    /// The secret of a new app, in groups of four, and as a picture to photograph.
    secret: String,
    picture: String,
    /// What a passkey is asked, where the account has one.
    passkey: Option<Asked>,
    /// The name of whoever a provider knows.
    name: String,
}

#[derive(Template)]
#[template(path = "recovery.html")]
pub(crate) struct Recovery {
    pub shell: Shell,
    pub codes: Vec<String>,
    pub then: String,
}

#[derive(Deserialize)]
pub(crate) struct Then {
    #[serde(default)]
    then: String,
}

/// To the page that asks for what is still missing.
pub(crate) fn next(cx: &Cx, token: &str, then: &str) -> Response {
    let mut response = see_other(&format!("/signin/step?then={}", encoded(then)));
    set_cookie(response.headers_mut(), cx.world(), STEP, token, STEP_LASTS / Moment::SECOND);
    response
}

/// Who has come here by the right password, how far, and what they still need.
async fn reached(cx: &mut Cx, headers: &HeaderMap) -> Result<Option<(Credentials, Step, Need)>> {
    let Some(token) = cookie(headers, STEP).map(str::to_owned) else { return Ok(None) };
    let Some((found, reached)) = factors::open_step(cx, &token).await? else { return Ok(None) };
    let need = actions::need(cx, &found, reached).await?.or(reached.by_provider().then_some(Need::Entry));
    Ok(need.map(|need| (found, reached, need)))
}

pub(crate) async fn show(mut cx: Cx, headers: HeaderMap, Query(Then { then }): Query<Then>) -> Reply {
    match reached(&mut cx, &headers).await? {
        Some((found, _, need)) => view(&mut cx, &found, need, &then, None).await,
        None => Ok(see_other(crate::SIGN_IN)),
    }
}

async fn view(cx: &mut Cx, found: &Credentials, need: Need, then: &str, wrong: Option<String>) -> Reply {
    let w = Speaker::new(cx.language);
    let (need, title) = match need {
        Need::Factor => ("factor", "step-factor"),
        Need::NewPassword => ("password", "step-password"),
        Need::Enrolment => ("enrolment", "step-enrolment"),
        Need::Entry => ("entry", "step-entry"),
    };
    let secret = totp::base32(&secret(cx, found));
    let refused = wrong.is_some();
    let passkey = if need == "factor" { passkeys::request(&mut cx.outside(), &found.id).await? } else { None };
    let staff = store::find_staff(&mut cx.outside(), &StaffId(found.id.clone())).await?;
    let shown = StepPage {
        shell: Shell::new(cx, w.t(title)),
        then: ui::own_path(Some(then)).to_owned(),
        need,
        wrong,
        picture: if need == "enrolment" { picture(&found.account, &secret) } else { String::new() },
        secret: in_fours(&secret),
        passkey,
        name: staff.map(|staff| staff.name).unwrap_or_default(),
    };
    let mut response = page(&shown);
    if refused {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    // A wrong code is counted although the answer is no.
    Ok(kept(response))
}

fn secret(cx: &Cx, found: &Credentials) -> Vec<u8> {
    factors::secret_for(cx.world(), &format!("{}.{}", found.id, found.password_hash))
}

/// As people type it.
pub(crate) fn in_fours(secret: &str) -> String {
    secret.as_bytes().chunks(4).map(|four| String::from_utf8_lossy(four)).collect::<Vec<_>>().join(" ")
}

/// As an app photographs it; nothing when it can't be drawn.
pub(crate) fn picture(account: &str, secret: &str) -> String {
    let plain: String = account.bytes().filter(u8::is_ascii_alphanumeric).map(char::from).collect();
    let address = format!("otpauth://totp/fuzhi:{plain}?secret={secret}&issuer=fuzhi");
    let Ok(code) = qrcode::QrCode::new(address) else { return String::new() };
    let drawn = code.render::<qrcode::render::svg::Color<'_>>().min_dimensions(180, 180).build();
    drawn.split_once("?>").map_or(drawn.clone(), |(_, svg)| svg.to_owned())
}

#[derive(Deserialize)]
pub(crate) struct CodeForm {
    code: String,
    #[serde(default)]
    then: String,
}

/// `POST /signin/code`: an app's code, or one on paper.
pub(crate) async fn code(mut cx: Cx, headers: HeaderMap, Form(form): Form<CodeForm>) -> Reply {
    let w = Speaker::new(cx.language);
    let Some((found, reached, Need::Factor)) = reached(&mut cx, &headers).await? else {
        return Ok(see_other(crate::SIGN_IN));
    };
    if let Some(minutes) = actions::find_block(&mut cx, &found.account).await? {
        return view(&mut cx, &found, Need::Factor, &form.then, Some(w.n("sign-in-blocked", minutes))).await;
    }
    if factors::check(&mut cx, &found, &form.code).await? {
        return enter(&mut cx, &found, reached.with_factor(), &form.then).await;
    }
    refuse_factor(&mut cx, &found, &form.then, "factor-code-wrong").await
}

/// A wrong answer is counted, whatever it was.
async fn refuse_factor(cx: &mut Cx, found: &Credentials, then: &str, why: &str) -> Reply {
    let w = Speaker::new(cx.language);
    let wrong = match actions::fail_at_factor(cx, found).await? {
        SignedIn::Blocked { minutes } => w.n("sign-in-blocked", minutes),
        _ => w.t(why),
    };
    view(cx, found, Need::Factor, then, Some(wrong)).await
}

#[derive(Deserialize)]
pub(crate) struct PasskeyForm {
    challenge: String,
    answer: String,
    #[serde(default)]
    then: String,
}

/// `POST /signin/passkey`: what the browser's authenticator answered.
pub(crate) async fn passkey(mut cx: Cx, headers: HeaderMap, Form(form): Form<PasskeyForm>) -> Reply {
    let w = Speaker::new(cx.language);
    let Some((found, reached, Need::Factor)) = reached(&mut cx, &headers).await? else {
        return Ok(see_other(crate::SIGN_IN));
    };
    if let Some(minutes) = actions::find_block(&mut cx, &found.account).await? {
        return view(&mut cx, &found, Need::Factor, &form.then, Some(w.n("sign-in-blocked", minutes))).await;
    }
    if factors::check_passkey(&mut cx, &found.id, (&found.id, &form.challenge), &form.answer).await? {
        return enter(&mut cx, &found, reached.with_factor(), &form.then).await;
    }
    refuse_factor(&mut cx, &found, &form.then, "passkey-wrong").await
}

/// `POST /signin/entry`: whom a provider knows says that they are meant to come in.
pub(crate) async fn entry(mut cx: Cx, headers: HeaderMap, Form(form): Form<Then>) -> Reply {
    let Some((found, reached, Need::Entry)) = reached(&mut cx, &headers).await? else {
        return Ok(see_other(crate::SIGN_IN));
    };
    enter(&mut cx, &found, reached, &form.then).await
}

/// In, or on to the next step.
async fn enter(cx: &mut Cx, found: &Credentials, reached: Step, then: &str) -> Reply {
    let then = ui::own_path(Some(then));
    match actions::go_on(cx, found, reached).await? {
        SignedIn::Yes(token) => {
            let mut response = see_other(then);
            clear_cookie(response.headers_mut(), cx.world(), STEP);
            give_session(response.headers_mut(), cx, &token);
            Ok(response)
        }
        SignedIn::Then(token) => Ok(next(cx, &token, then)),
        SignedIn::No { .. } | SignedIn::Blocked { .. } => Ok(see_other(crate::SIGN_IN)),
    }
}

/// From here on it is known who acts.
async fn known_as(cx: &mut Cx, found: &Credentials) -> Result<()> {
    let staff = store::find_staff(cx, &StaffId(found.id.clone())).await?.ok_or(kernel::Error::NotFound)?;
    cx.who = Who::Staff(Box::new(staff));
    Ok(())
}

#[derive(Deserialize)]
pub(crate) struct PasswordForm {
    password: String,
    again: String,
    #[serde(default)]
    then: String,
}

/// `POST /signin/password`: a password of one's own instead of the first one.
pub(crate) async fn password(mut cx: Cx, headers: HeaderMap, Form(form): Form<PasswordForm>) -> Reply {
    let Some((found, reached, Need::NewPassword)) = reached(&mut cx, &headers).await? else {
        return Ok(see_other(crate::SIGN_IN));
    };
    let mut inside = cx.clone();
    known_as(&mut inside, &found).await?;
    actions::change_password(&mut inside, &found.id, &form.password, &form.again).await?;
    let found = store::find_credentials_of(&mut cx, &found.id).await?.ok_or(kernel::Error::NotFound)?;
    enter(&mut cx, &found, reached, &form.then).await
}

/// `POST /signin/enrolment`: the first app is in use once it has made a right code.
pub(crate) async fn enrolment(mut cx: Cx, headers: HeaderMap, Form(form): Form<CodeForm>) -> Reply {
    let w = Speaker::new(cx.language);
    let Some((found, reached, Need::Enrolment)) = reached(&mut cx, &headers).await? else {
        return Ok(see_other(crate::SIGN_IN));
    };
    let mut inside = cx.clone();
    known_as(&mut inside, &found).await?;
    let secret = secret(&cx, &found);
    let codes = match factors::enrol(&mut inside, &found.id, &secret, &form.code, "").await {
        Ok(codes) => codes,
        Err(kernel::Error::Invalid(_)) => {
            return view(&mut cx, &found, Need::Enrolment, &form.then, Some(w.t("factor-code-wrong"))).await;
        }
        Err(error) => return Err(error),
    };
    let SignedIn::Yes(token) = actions::go_on(&mut cx, &found, reached.with_factor()).await? else {
        return Ok(see_other(crate::SIGN_IN));
    };
    let then = ui::own_path(Some(&form.then)).to_owned();
    let mut response = page(&Recovery { shell: Shell::new(&cx, w.t("recovery-title")), codes, then });
    clear_cookie(response.headers_mut(), cx.world(), STEP);
    give_session(response.headers_mut(), &cx, &token);
    Ok(response)
}
