//! One door for the form, the API and the phone that was offline for a week.
//!
//! A command has an id made by its sender, the device's time and the version it was made from. Sent twice, it acts
//! once. Made from an older version, it changes nothing, and both versions are kept for a person to look at.

use crate::crypto::{digest, open_text, seal_text};
use crate::{Cx, Error, Kept, Moment, Result, message};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// What an action is asked to do, as it travels.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Command<T> {
    /// Made by the sender, once: a UUID in the form, in the phone.
    #[serde(rename = "command")]
    pub id: String,
    /// The device's clock when it was made; absent in a form.
    #[serde(default)]
    pub device_at: Option<Moment>,
    /// The version of the thing it was made from.
    #[serde(default)]
    pub base: Option<i64>,
    #[serde(flatten)]
    pub body: T,
}

/// Whether a command is to be carried out, or was before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Received<R> {
    Fresh,
    /// It was carried out; this was the answer.
    Before(R),
}

impl<T: Serialize> Command<T> {
    /// Asks whether it came before.
    ///
    /// # Errors
    /// [`Error::Refused`] when the same id came with another content.
    pub async fn receive<R: DeserializeOwned>(&self, cx: &mut Cx, kind: &'static str) -> Result<Received<R>> {
        let before: Option<(String, String, String)> = cx
            .sql("select kind, digest, answer from commands where id = $1 and made_by = $2")
            .bind(self.id.as_str())
            .bind(cx.who.label())
            .find()
            .await?;
        match before {
            None => Ok(Received::Fresh),
            Some((was, digest, answer)) if was == kind && digest == self.digest()? => {
                Ok(Received::Before(serde_json::from_str(&answer)?))
            }
            Some(_) => Err(Error::Refused(message("error-command-reused"))),
        }
    }

    /// Notes that it was carried out, with the answer to give when it comes again.
    ///
    /// # Errors
    /// The database's.
    pub async fn carried_out<R: Serialize>(&self, cx: &mut Cx, kind: &'static str, answer: &R) -> Result<()> {
        let (county, who, now) = (cx.county().to_owned(), cx.who.label(), cx.now);
        cx.sql(
            "insert into commands (id, county_id, kind, made_by, device_at, received_at, base_version, digest, answer)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (id) do nothing",
        )
        .bind(self.id.as_str())
        .bind(county)
        .bind(kind)
        .bind(who)
        .bind(self.device_at)
        .bind(now)
        .bind(self.base)
        .bind(self.digest()?)
        .bind(serde_json::to_string(answer)?)
        .run_one()
        .await
        // Ids are made by senders: somebody else has used this one.
        .map_err(|error| match error {
            Error::Conflict(None) => Error::Refused(message("error-command-reused")),
            error => error,
        })
    }

    /// Checks the version it was made from against the current one; `current` is the thing as it is now.
    ///
    /// # Errors
    /// [`Error::Conflict`] when somebody changed it meanwhile; the kernel keeps both versions.
    pub fn check_base(&self, kind: &'static str, subject: &str, version: i64, current: &impl Serialize) -> Result<()> {
        match self.base {
            Some(base) if base != version => Err(Error::Conflict(Some(Box::new(Kept {
                command: self.id.clone(),
                kind,
                subject: subject.to_owned(),
                base,
                current: version,
                theirs: serde_json::to_string(&self.body)?,
                ours: serde_json::to_string(current)?,
            })))),
            _ => Ok(()),
        }
    }

    fn digest(&self) -> Result<String> {
        Ok(digest(&serde_json::to_string(&(self.base, &self.body))?))
    }
}

record! {
    /// A conflict that waits for a person.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Conflict {
        pub id: String,
        pub command: String,
        pub base_version: i64,
        pub current_version: i64,
        pub theirs: String,
        pub ours: String,
        pub made_by: String,
        pub made_at: Moment,
    }
}

/// Keeps both versions, after the transaction they met in was rolled back. The same command kept twice is kept once.
///
/// # Errors
/// The database's.
pub async fn keep(cx: &Cx, kept: &Kept) -> Result<()> {
    let id = crate::content_id("conflict", &[&cx.who.label(), &kept.command]).to_string();
    cx.db
        .write(&cx.world, &cx.who, |mut cx| {
            let (id, kept) = (id.clone(), kept.clone());
            async move {
                let (county, who, now) = (cx.county().to_owned(), cx.who.label(), cx.now);
                let theirs = seal_text(&mut cx, &subject(&county), "conflicts.theirs", &kept.theirs).await?;
                let ours = seal_text(&mut cx, &subject(&county), "conflicts.ours", &kept.ours).await?;
                cx.sql(
                    "insert into conflicts (id, county_id, command, kind, subject, base_version, current_version,
                     theirs, ours, made_by, made_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
                     on conflict (id) do nothing",
                )
                .bind(id)
                .bind(county)
                .bind(kept.command)
                .bind(kept.kind)
                .bind(kept.subject)
                .bind(kept.base)
                .bind(kept.current)
                .bind(theirs)
                .bind(ours)
                .bind(who)
                .bind(now)
                .run()
                .await
                .map(drop)
            }
        })
        .await
}

/// The conflicts of one thing that nobody has settled yet, for its page. The caller has checked its scope.
///
/// # Errors
/// The database's.
pub async fn list_open(cx: &mut Cx, kind: &str, about: &str) -> Result<Vec<Conflict>> {
    let county = cx.county().to_owned();
    let found = cx
        .sql(
            "select id, command, base_version, current_version, theirs, ours, made_by, made_at from conflicts
         where kind = $1 and subject = $2 and settled_at is null order by made_at, id limit 50",
        )
        .bind(kind)
        .bind(about);
    let mut found: Vec<Conflict> = found.list().await?;
    for conflict in &mut found {
        let (theirs, ours) = (conflict.theirs.clone(), conflict.ours.clone());
        conflict.theirs = open_text(cx, &subject(&county), "conflicts.theirs", &theirs).await?.unwrap_or_default();
        conflict.ours = open_text(cx, &subject(&county), "conflicts.ours", &ours).await?.unwrap_or_default();
    }
    Ok(found)
}

/// Both versions may say anything of a family, so they are sealed, under a key of the county's own.
fn subject(county: &str) -> String {
    format!("county:{county}")
}

/// A person has looked at both versions.
///
/// # Errors
/// [`Error::Conflict`] when it was settled already.
pub async fn settle(cx: &mut Cx, id: &str) -> Result<()> {
    let (now, who) = (cx.now, cx.staff_id()?);
    cx.sql("update conflicts set settled_at = $2, settled_by = $3 where id = $1 and settled_at is null")
        .bind(id)
        .bind(now)
        .bind(who)
        .run_one()
        .await
}
