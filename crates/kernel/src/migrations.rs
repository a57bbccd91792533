//! Migrations: numbered within a domain, run in the order of the domains, never changed after landing.

use crate::db::Tx;
use crate::{Db, Domain, Error, Moment, Result, catalogue_postgres, catalogue_sqlite};
use sha2::{Digest, Sha256};
use sqlx::{AssertSqlSafe, raw_sql};
use std::collections::BTreeMap;

/// One step of a domain's tables, in SQL that both databases read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Migration {
    /// From 1, without gaps.
    pub number: i64,
    pub name: &'static str,
    pub sql: &'static str,
}

impl Migration {
    #[must_use]
    pub const fn new(number: i64, name: &'static str, sql: &'static str) -> Self {
        Self { number, name, sql }
    }

    fn checksum(&self) -> String {
        crate::hex::digits(&Sha256::digest(self.sql.as_bytes())[..8])
    }
}

/// The kernel's own tables: sessions, audit, commands, events, jobs, keys; what posts open besides their places.
pub const KERNEL: &[Migration] = &[
    Migration::new(1, "ground", include_str!("../migrations/0001_ground.sql")),
    Migration::new(2, "openings", include_str!("../migrations/0002_openings.sql")),
    Migration::new(3, "tokens", include_str!("../migrations/0003_tokens.sql")),
    Migration::new(4, "settled", include_str!("../migrations/0004_settled.sql")),
    Migration::new(5, "retention", include_str!("../migrations/0005_retention.sql")),
    Migration::new(6, "audit_index", include_str!("../migrations/0006_audit_index.sql")),
];

const LEDGER: &str = "create table if not exists migrations (
    domain text not null, number bigint not null, name text not null, checksum text not null, applied_at text not null,
    primary key (domain, number))";

/// What has landed in a store: the checksum of each migration, by domain and number.
pub type Landed = BTreeMap<(String, i64), String>;

/// Applies what is missing, each in its own transaction, the kernel's first and then each domain's in turn.
/// Gives how many were applied.
///
/// # Errors
/// [`Error::Internal`] when one fails, was changed after landing, or when the store is newer than the program.
pub async fn apply<'d>(db: &Db, domains: impl IntoIterator<Item = &'d Domain>, now: Moment) -> Result<usize> {
    execute(db, LEDGER).await?;
    let landed = landed(db).await?;
    let all = all(domains);
    refuse_unknown(&all, &landed)?;
    let mut applied = 0;
    for (domain, migrations) in all {
        for migration in migrations {
            match landed.get(&(domain.to_owned(), migration.number)) {
                Some(checksum) if *checksum == migration.checksum() => {}
                Some(_) => return Err(changed(domain, migration)),
                None => {
                    apply_one(db, domain, migration, now).await?;
                    applied += 1;
                }
            }
        }
    }
    Ok(applied)
}

/// Gives an empty store the tables of another, as far as that one had come: rows of an older release are put into the
/// tables they were made for, and [`apply`] brings them up to date afterwards.
///
/// # Errors
/// As [`apply`]'s.
pub async fn apply_as_of<'d>(
    db: &Db,
    domains: impl IntoIterator<Item = &'d Domain>,
    now: Moment,
    other: &Landed,
) -> Result<()> {
    let all = all(domains);
    refuse_unknown(&all, other)?;
    execute(db, LEDGER).await?;
    for (domain, migrations) in all {
        for migration in migrations {
            match other.get(&(domain.to_owned(), migration.number)) {
                Some(checksum) if *checksum == migration.checksum() => apply_one(db, domain, migration, now).await?,
                Some(_) => return Err(changed(domain, migration)),
                None => {}
            }
        }
    }
    Ok(())
}

/// Every domain with its steps, in the order they run.
fn all<'d>(domains: impl IntoIterator<Item = &'d Domain>) -> Vec<(&'d str, &'d [Migration])> {
    let domains = domains.into_iter().map(|domain| (domain.name, domain.migrations));
    std::iter::once(("kernel", KERNEL)).chain(domains).collect()
}

/// The tables that migrations make, in the order they are made: those a table refers to come before it.
#[must_use]
pub fn declared<'d>(domains: impl IntoIterator<Item = &'d Domain>) -> Vec<String> {
    let steps = all(domains).into_iter().flat_map(|(_, migrations)| migrations);
    let texts = steps.flat_map(|migration| migration.sql.split("create table ").skip(1));
    texts.filter_map(|text| text.split(|c: char| c.is_whitespace() || c == '(').next().map(str::to_owned)).collect()
}

/// The steps a store still lacks, as `domain/number`; none when it is up to date.
///
/// # Errors
/// As [`apply`]'s; nothing is applied.
pub async fn missing<'d>(db: &Db, domains: impl IntoIterator<Item = &'d Domain>) -> Result<Vec<String>> {
    let (landed, all) = (landed(db).await?, all(domains));
    refuse_unknown(&all, &landed)?;
    let steps = all.iter().flat_map(|(domain, steps)| steps.iter().map(move |step| (*domain, step.number)));
    let missing = steps.filter(|(domain, number)| !landed.contains_key(&((*domain).to_owned(), *number)));
    Ok(missing.map(|(domain, number)| format!("{domain}/{number}")).collect())
}

fn changed(domain: &str, migration: &Migration) -> Error {
    Error::internal(format!(
        "migration {domain}/{} {} was changed after it landed; write a new one",
        migration.number, migration.name
    ))
}

/// A store written by a newer program may mean something else by the same tables.
fn refuse_unknown(all: &[(&str, &[Migration])], landed: &Landed) -> Result<()> {
    for (domain, number) in landed.keys() {
        let known = all.iter().any(|(name, steps)| name == domain && steps.iter().any(|step| step.number == *number));
        if !known {
            return Err(Error::internal(format!(
                "the store has migration {domain}/{number}, which this program doesn't know: use the newer program"
            )));
        }
    }
    Ok(())
}

async fn apply_one(db: &Db, domain: &str, migration: &Migration, now: Moment) -> Result<()> {
    let entry = "insert into migrations (domain, number, name, checksum, applied_at) values ($1, $2, $3, $4, $5)";
    let checksum = migration.checksum();
    let applied_at = now.to_string();
    let failed = |cause: sqlx::Error| {
        Error::internal(format!("migration {domain}/{} {} failed: {cause}", migration.number, migration.name))
    };
    let mut tx = match db {
        Db::Sqlite { write, .. } => Tx::Sqlite(write.begin_with("begin immediate").await?),
        Db::Postgres(pool) => Tx::Postgres(pool.pool().begin().await?),
    };
    match &mut tx {
        Tx::Sqlite(tx) => {
            raw_sql(migration.sql).execute(&mut **tx).await.map_err(failed)?;
            let entry = sqlx::query(entry).bind(domain).bind(migration.number).bind(migration.name);
            entry.bind(checksum).bind(applied_at).execute(&mut **tx).await?;
        }
        Tx::Postgres(tx) => {
            raw_sql("set local statement_timeout = 0").execute(&mut **tx).await?;
            raw_sql(migration.sql).execute(&mut **tx).await.map_err(failed)?;
            let entry = sqlx::query(entry).bind(domain).bind(migration.number).bind(migration.name);
            entry.bind(checksum).bind(applied_at).execute(&mut **tx).await?;
        }
    }
    match tx {
        Tx::Sqlite(tx) => tx.commit().await?,
        Tx::Postgres(tx) => tx.commit().await?,
    }
    Ok(())
}

/// What has landed in a store that has been opened before.
///
/// # Errors
/// [`Error::Internal`] when the database refuses.
pub async fn landed(db: &Db) -> Result<Landed> {
    let all = "select domain, number, checksum from migrations";
    let rows: Vec<(String, i64, String)> = match db {
        Db::Sqlite { write, .. } => sqlx::query_as(all).fetch_all(write).await?,
        Db::Postgres(pool) => sqlx::query_as(all).fetch_all(pool.pool()).await?,
    };
    Ok(rows.into_iter().map(|(domain, number, checksum)| ((domain, number), checksum)).collect())
}

async fn execute(db: &Db, sql: &'static str) -> Result<()> {
    match db {
        Db::Sqlite { write, .. } => raw_sql(sql).execute(write).await.map(drop)?,
        Db::Postgres(pool) => raw_sql(sql).execute(pool.pool()).await.map(drop)?,
    }
    Ok(())
}

/// The names of all tables of the store, for the test that each has a domain.
///
/// # Errors
/// [`Error::Internal`] when the database refuses.
pub async fn tables(db: &Db) -> Result<Vec<String>> {
    let rows = match db {
        Db::Sqlite { read, .. } => catalogue_sqlite::tables(read.pool()).await?,
        Db::Postgres(pool) => catalogue_postgres::tables(pool.pool()).await?,
    };
    let mut names: Vec<String> = rows.into_iter().map(|(name,)| name).collect();
    names.sort_unstable();
    Ok(names)
}

/// Asks the database to prepare a statement without running it: what a misspelt column is found by.
///
/// # Errors
/// The database's complaint.
pub async fn prepare(db: &Db, sql: &str) -> Result<(), String> {
    use sqlx::{Executor, SqlSafeStr};
    let text = AssertSqlSafe(sql.to_owned()).into_sql_str();
    let prepared = match db {
        Db::Sqlite { read, .. } => read.pool().prepare(text).await.map(drop),
        Db::Postgres(pool) => pool.pool().prepare(text).await.map(drop),
    };
    prepared.map_err(|cause| cause.to_string())
}
