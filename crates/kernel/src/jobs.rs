//! Work for later, and for every night: claimed by one process at a time, tried again when it fails.

use crate::{Cx, Db, Doing, Moment, Result, Who, World};
use std::time::Duration;

/// A kind of work a domain has. `run` gets the subject it was put down for.
#[derive(Clone, Copy)]
pub struct Job {
    pub name: &'static str,
    /// Put down again this long after it was done; `None` for work that is only asked for.
    pub every: Option<Duration>,
    pub run: Work,
}

/// How a job is done.
#[derive(Clone, Copy)]
pub enum Work {
    /// In one transaction with the mark that it was done.
    Inside(fn(Cx, String) -> Doing<()>),
    /// Takes its time, or talks to somebody outside: it holds no transaction meanwhile, so after a crash it may be
    /// done twice.
    Outside(fn(Errand) -> Doing<()>),
}

/// What a job that runs outside of a transaction is given.
#[derive(Clone)]
pub struct Errand {
    pub db: Db,
    pub world: World,
    pub who: Who,
    pub subject: String,
}

impl Errand {
    /// A context that reads.
    #[must_use]
    pub fn read(&self) -> Cx {
        self.db.read(&self.world, &self.who)
    }

    /// Writes in a transaction of its own: [`Db::write`].
    ///
    /// # Errors
    /// Those of `work`.
    pub async fn write<T, F: Future<Output = Result<T>>>(&self, work: impl Fn(Cx) -> F) -> Result<T> {
        self.db.write(&self.world, &self.who, work).await
    }
}

/// After that many failures a job waits for a person.
pub const PATIENCE: i64 = 8;
const CLAIM: i64 = 10 * Moment::MINUTE;

record! {
    struct Due {
        id: String,
        county_id: String,
        subject: String,
        attempts: i64,
    }
}

/// Puts work down, in the transaction of whoever asks for it.
///
/// # Errors
/// The database's.
pub async fn put_down(cx: &mut Cx, job: &str, subject: &str, due: Moment) -> Result<()> {
    let (id, county) = (cx.new_id().to_string(), cx.county().to_owned());
    cx.sql("insert into jobs (id, county_id, name, subject, due_at, attempts) values ($1, $2, $3, $4, $5, 0)")
        .bind(id)
        .bind(county)
        .bind(job)
        .bind(subject)
        .bind(due)
        .run_one()
        .await
}

/// Does what is due of these kinds; gives how many went well.
///
/// # Errors
/// The database's; a job's own failure is noted with the job.
pub async fn run_due(db: &Db, world: &World, jobs: &[Job]) -> Result<usize> {
    let mut done = 0;
    for job in jobs {
        while let Some(due) = claim(db, world, job.name).await? {
            done += usize::from(run_one(db, world, *job, &due).await?);
        }
    }
    Ok(done)
}

/// Takes the oldest job that is due; nobody else gets it for ten minutes.
async fn claim(db: &Db, world: &World, name: &'static str) -> Result<Option<Due>> {
    db.write(world, &Who::machine("jobs", ""), |mut cx| async move {
        let (now, until) = (cx.now, cx.now.plus(CLAIM));
        let due: Option<Due> = cx
            .sql(
                "select id, county_id, subject, attempts from jobs
                 where name = $1 and done_at is null and due_at <= $2 and attempts < $3
                   and (claimed_until is null or claimed_until <= $2)
                 order by due_at, id limit 1",
            )
            .bind(name)
            .bind(now)
            .bind(PATIENCE)
            .find()
            .await?;
        if let Some(due) = &due {
            cx.sql("update jobs set claimed_until = $2, attempts = attempts + 1 where id = $1")
                .bind(due.id.as_str())
                .bind(until)
                .run_one()
                .await?;
        }
        Ok(due)
    })
    .await
}

/// Puts down whatever comes again by itself and isn't there yet, such as in a new store.
///
/// # Errors
/// The database's.
pub async fn begin(db: &Db, world: &World, jobs: &[Job]) -> Result<()> {
    db.write(world, &Who::machine("jobs", ""), |mut cx| async move {
        for job in jobs.iter().filter(|job| job.every.is_some()) {
            let waiting = cx.sql("select count(*) from jobs where name = $1 and done_at is null").bind(job.name);
            let (waiting,): (i64,) = waiting.get().await?;
            if waiting == 0 {
                let now = cx.now;
                put_down(&mut cx, job.name, "", now).await?;
            }
        }
        Ok(())
    })
    .await
}

async fn run_one(db: &Db, world: &World, job: Job, due: &Due) -> Result<bool> {
    let who = Who::machine(job.name, &due.county_id);
    let ran = match job.run {
        Work::Inside(run) => {
            let work = |mut cx: Cx| async move {
                done(&mut cx, job, due).await?;
                run(cx, due.subject.clone()).await
            };
            db.write(world, &who, work).await
        }
        Work::Outside(run) => {
            let (db, world, subject) = (db.clone(), world.clone(), due.subject.clone());
            let errand = Errand { db, world, who: who.clone(), subject };
            match run(errand.clone()).await {
                Ok(()) => errand.write(|mut cx| async move { done(&mut cx, job, due).await }).await,
                Err(error) => Err(error),
            }
        }
    };
    let Err(error) = ran else { return Ok(true) };
    tracing::warn!(job = job.name, id = due.id, %error, "a job failed");
    let (said, wait) = (error.to_string(), Moment::MINUTE << due.attempts.clamp(0, 8));
    db.write(world, &who, |mut cx| {
        let said = said.clone();
        async move {
            let again = cx.now.plus(wait);
            cx.sql("update jobs set claimed_until = null, due_at = $2, last_error = $3 where id = $1")
                .bind(due.id.as_str())
                .bind(again)
                .bind(said)
                .run_one()
                .await
        }
    })
    .await?;
    Ok(false)
}

async fn done(cx: &mut Cx, job: Job, due: &Due) -> Result<()> {
    let now = cx.now;
    cx.sql("update jobs set done_at = $2, claimed_until = null, last_error = null where id = $1")
        .bind(due.id.as_str())
        .bind(now)
        .run_one()
        .await?;
    match job.every {
        Some(every) => {
            let next = now.plus(i64::try_from(every.as_millis()).unwrap_or(Moment::DAY));
            put_down(cx, job.name, &due.subject, next).await
        }
        None => Ok(()),
    }
}

/// How many jobs failed so often that they wait for a person.
///
/// # Errors
/// The database's.
pub async fn count_given_up(cx: &mut Cx) -> Result<i64> {
    let given_up = cx.sql("select count(*) from jobs where done_at is null and attempts >= $1").bind(PATIENCE);
    let (count,): (i64,) = given_up.get().await?;
    Ok(count)
}
