//! Loading a run: millions of rows in one transaction, by `COPY` on PostgreSQL and many-row inserts on SQLite.

use crate::crypto::SubjectKey;
use crate::db::Tx;
use crate::dump::BEGINNING;
use crate::{Db, Error, Moment, Record, Result, World};
use sqlx::postgres::PgArguments;
use sqlx::sqlite::SqliteArguments;
use sqlx::{Arguments, AssertSqlSafe, Postgres, Sqlite, Transaction, raw_sql};
use std::collections::HashMap;

/// Rows of a table, of which those whose key is there already are left alone, or which must all be new.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    pub table: &'static str,
    pub columns: &'static [&'static str],
    /// Loading the same run twice adds nothing twice. Costs a second copy on PostgreSQL; leave it off for tables
    /// whose rows hang on one that has just been found to be new.
    pub skip_existing: bool,
}

/// One load: everything in it becomes visible at once, or never.
pub struct Load(Tx);

/// Takes the cells of one row, in the order of the columns.
pub struct Row<'r>(&'r mut Cells);

enum Cells {
    Values {
        args: SqliteArguments,
        failed: Option<sqlx::error::BoxDynError>,
    },
    /// PostgreSQL's binary format: texts as they are, `bigint` as eight bytes.
    Copy(Vec<u8>),
}

/// SQLite takes at most 32 766 values in a statement; longer statements than this gain nothing.
const ROWS: usize = 200;
const CHUNK: usize = 1 << 20;

impl Load {
    /// # Errors
    /// The database's.
    pub async fn begin(db: &Db) -> Result<Self> {
        Ok(Self(match db {
            Db::Sqlite { write, .. } => {
                // A county's pages are touched again and again, and one that has left the cache comes back slowly.
                raw_sql("pragma cache_size = -262144").execute(write).await?;
                Tx::Sqlite(write.begin_with("begin immediate").await?)
            }
            Db::Postgres(pool) => {
                let mut tx = pool.pool().begin().await?;
                let patience = "set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0";
                raw_sql(patience).execute(&mut *tx).await?;
                Tx::Postgres(tx)
            }
        }))
    }

    /// Puts in one row for each item, as `cells` writes it; gives how many were new.
    ///
    /// # Errors
    /// The database's; then nothing of the load stays.
    pub async fn insert<I: IntoIterator>(
        &mut self,
        target: Target,
        items: I,
        cells: impl FnMut(I::Item, &mut Row<'_>) + Send,
    ) -> Result<u64>
    where
        I::IntoIter: Send,
    {
        let items = items.into_iter();
        match &mut self.0 {
            Tx::Sqlite(tx) => insert_values(tx, target, items, cells).await,
            Tx::Postgres(tx) => copy_in(tx, target, items, cells).await,
        }
    }

    /// A statement of the load itself, such as deleting what this load replaces; `values` are texts.
    ///
    /// # Errors
    /// The database's.
    pub async fn run(&mut self, sql: &'static str, values: &[&str]) -> Result<u64> {
        match &mut self.0 {
            Tx::Sqlite(tx) => {
                let mut args = SqliteArguments::default();
                values.iter().try_for_each(|value| Arguments::add(&mut args, *value)).map_err(Error::Internal)?;
                Ok(sqlx::query_with(sql, args).execute(&mut **tx).await?.rows_affected())
            }
            Tx::Postgres(tx) => {
                let mut args = PgArguments::default();
                values.iter().try_for_each(|value| Arguments::add(&mut args, *value)).map_err(Error::Internal)?;
                Ok(sqlx::query_with(sql, args).execute(&mut **tx).await?.rows_affected())
            }
        }
    }

    /// The rows that a statement finds; `values` are texts.
    ///
    /// # Errors
    /// The database's.
    pub async fn list<T: Record>(&mut self, sql: &'static str, values: &[&str]) -> Result<Vec<T>> {
        Ok(match &mut self.0 {
            Tx::Sqlite(tx) => {
                let bound = values.iter().fold(sqlx::query_as(sql), |query, value| query.bind((*value).to_owned()));
                bound.fetch_all(&mut **tx).await?
            }
            Tx::Postgres(tx) => {
                let bound = values.iter().fold(sqlx::query_as(sql), |query, value| query.bind((*value).to_owned()));
                bound.fetch_all(&mut **tx).await?
            }
        })
    }

    /// The keys of these subjects, in their order; made where there are none, `None` where one was destroyed.
    ///
    /// # Errors
    /// The database's, or [`Error::Internal`] when the store was sealed under another county's key.
    pub async fn keys(&mut self, world: &World, county: &str, subjects: &[&str]) -> Result<Vec<Option<SubjectKey>>> {
        let sql = "select subject, wrapped from subject_keys where county_id = $1";
        let held: Vec<(String, Option<String>)> = match &mut self.0 {
            Tx::Sqlite(tx) => sqlx::query_as(sql).bind(county).fetch_all(&mut **tx).await?,
            Tx::Postgres(tx) => sqlx::query_as(sql).bind(county).fetch_all(&mut **tx).await?,
        };
        let held: HashMap<String, Option<String>> = held.into_iter().collect();
        let (mut keys, mut made) = (Vec::with_capacity(subjects.len()), Vec::new());
        for subject in subjects {
            keys.push(match held.get(*subject) {
                Some(Some(wrapped)) => Some(world.keys.unwrap(subject, wrapped)?),
                Some(None) => None,
                None => {
                    let (key, wrapped) = world.keys.make(world, subject)?;
                    made.push((*subject, wrapped));
                    Some(key)
                }
            });
        }
        let (now, fingerprint) = (world.clock.now(), world.keys.fingerprint());
        let target = Target {
            table: "subject_keys",
            columns: &["subject", "county_id", "wrapped", "county_key", "made_at"],
            skip_existing: false,
        };
        self.insert(target, made, |(subject, wrapped), row| {
            row.text(subject).text(county).text(&wrapped).text(&fingerprint).moment(now);
        })
        .await?;
        Ok(keys)
    }

    /// # Errors
    /// The database's.
    pub async fn commit(self) -> Result<()> {
        match self.0 {
            Tx::Sqlite(mut tx) => {
                raw_sql("pragma cache_size = -65536").execute(&mut *tx).await?;
                tx.commit().await?;
            }
            Tx::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }
}

impl Row<'_> {
    pub fn text(&mut self, text: &str) -> &mut Self {
        match self.0 {
            Cells::Values { args, failed } => note(failed, Arguments::add(args, text.to_owned())),
            // PostgreSQL's text holds no NUL.
            Cells::Copy(rows) if text.contains('\0') => field(rows, text.replace('\0', "").as_bytes()),
            Cells::Copy(rows) => field(rows, text.as_bytes()),
        }
        self
    }

    pub fn int(&mut self, number: i64) -> &mut Self {
        match self.0 {
            Cells::Values { args, failed } => note(failed, Arguments::add(args, number)),
            Cells::Copy(rows) => field(rows, &number.to_be_bytes()),
        }
        self
    }

    pub fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        match self.0 {
            Cells::Values { args, failed } => note(failed, Arguments::add(args, bytes.to_vec())),
            Cells::Copy(rows) => field(rows, bytes),
        }
        self
    }

    pub fn null(&mut self) -> &mut Self {
        match self.0 {
            Cells::Values { args, failed } => note(failed, Arguments::add(args, None::<String>)),
            Cells::Copy(rows) => rows.extend_from_slice(&(-1i32).to_be_bytes()),
        }
        self
    }

    pub fn moment(&mut self, moment: Moment) -> &mut Self {
        self.text(&moment.to_string())
    }

    pub fn text_or_null(&mut self, text: Option<&str>) -> &mut Self {
        match text {
            Some(text) => self.text(text),
            None => self.null(),
        }
    }

    pub fn int_or_null(&mut self, number: Option<i64>) -> &mut Self {
        match number {
            Some(number) => self.int(number),
            None => self.null(),
        }
    }
}

/// A field of PostgreSQL's binary format: its length, then its bytes.
fn field(rows: &mut Vec<u8>, bytes: &[u8]) {
    rows.extend_from_slice(&(bytes.len() as i32).to_be_bytes());
    rows.extend_from_slice(bytes);
}

fn note(failed: &mut Option<sqlx::error::BoxDynError>, added: Result<(), sqlx::error::BoxDynError>) {
    if let Err(cause) = added {
        *failed = Some(cause);
    }
}

async fn insert_values<T>(
    tx: &mut Transaction<'static, Sqlite>,
    target: Target,
    items: impl Iterator<Item = T> + Send,
    mut cells: impl FnMut(T, &mut Row<'_>) + Send,
) -> Result<u64> {
    let full = many_rows(target, ROWS);
    let mut new = 0;
    let mut items = items.peekable();
    let mut batch = || -> Result<Option<(usize, SqliteArguments)>> {
        if items.peek().is_none() {
            return Ok(None);
        }
        let mut batch = Cells::Values { args: SqliteArguments::default(), failed: None };
        let rows = items.by_ref().take(ROWS).map(|item| cells(item, &mut Row(&mut batch))).count();
        let Cells::Values { args, failed: None } = batch else {
            return Err(Error::internal(format!("a row for {} can't be encoded", target.table)));
        };
        Ok(Some((rows, args)))
    };
    let mut next = batch()?;
    while let Some((rows, args)) = next {
        let sql = if rows == ROWS { full.clone() } else { many_rows(target, rows) };
        let insert = sqlx::query_with(AssertSqlSafe(sql), args).execute(&mut **tx);
        // The database works on its own thread: while it puts one batch in, the next is made here.
        let (done, made) = tokio::join!(biased; insert, async { batch() });
        new += done?.rows_affected();
        next = made?;
    }
    Ok(new)
}

fn many_rows(Target { table, columns, skip_existing }: Target, rows: usize) -> String {
    let row = format!("({})", vec!["?"; columns.len()].join(", "));
    let skip = if skip_existing { " on conflict do nothing" } else { "" };
    format!("insert into {table} ({}) values {}{skip}", columns.join(", "), vec![row.as_str(); rows].join(", "))
}

async fn copy_in<T>(
    tx: &mut Transaction<'static, Postgres>,
    Target { table, columns, skip_existing }: Target,
    items: impl Iterator<Item = T> + Send,
    mut cells: impl FnMut(T, &mut Row<'_>) + Send,
) -> Result<u64> {
    let fields = (columns.len() as i16).to_be_bytes();
    let columns = columns.join(", ");
    let destination = if skip_existing { format!("load_{table}") } else { table.to_owned() };
    if skip_existing {
        let sql =
            format!("create temp table {destination} on commit drop as select {columns} from {table} with no data");
        raw_sql(AssertSqlSafe(sql)).execute(&mut **tx).await?;
    }
    let mut copy = tx.copy_in_raw(&format!("copy {destination} ({columns}) from stdin with (format binary)")).await?;
    let mut batch = Cells::Copy(Vec::with_capacity(CHUNK + CHUNK / 8));
    if let Cells::Copy(rows) = &mut batch {
        rows.extend_from_slice(BEGINNING);
    }
    for item in items {
        if let Cells::Copy(rows) = &mut batch {
            rows.extend_from_slice(&fields);
        }
        cells(item, &mut Row(&mut batch));
        if let Cells::Copy(rows) = &mut batch
            && rows.len() >= CHUNK
        {
            copy.send(rows.as_slice()).await?;
            rows.clear();
        }
    }
    if let Cells::Copy(rows) = &mut batch {
        rows.extend_from_slice(&(-1i16).to_be_bytes());
        copy.send(rows.as_slice()).await?;
    }
    let copied = copy.finish().await?;
    if !skip_existing {
        return Ok(copied);
    }
    let sql = format!("insert into {table} ({columns}) select {columns} from {destination} on conflict do nothing");
    let new = sqlx::query(AssertSqlSafe(sql)).execute(&mut **tx).await?.rows_affected();
    raw_sql(AssertSqlSafe(format!("drop table {destination}"))).execute(&mut **tx).await?;
    Ok(new)
}
