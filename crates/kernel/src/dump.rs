//! Everything a store holds, table by table, as bytes that either database can take in again.
//!
//! The bytes of a table are those of PostgreSQL's binary `COPY`: a mark, then each row as its number of fields and
//! each field as its length and content, then -1. Rows stand in the order of their primary key, so two stores that hold
//! the same give the same bytes, whichever database they lie in. A [`Snapshot`] sees one moment, while others write.

use crate::db::Tx;
use crate::{Db, Error, Result, catalogue_postgres, catalogue_sqlite};
use serde::{Deserialize, Serialize};
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{Arguments, AssertSqlSafe, Postgres, Row, Sqlite, Transaction, raw_sql};
use std::future::poll_fn;
use std::io::Read;

/// How a binary `COPY` begins: its mark, no flags, no further header.
pub(crate) const BEGINNING: &[u8; 19] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
const END: i16 = -1;
const CHUNK: usize = 1 << 20;
/// The longest field that is believed: a damaged length asks for no memory.
const LONGEST: usize = 1 << 30;
/// SQLite takes at most 32 766 values in a statement.
const VALUES: usize = 6_000;

/// A table's shape.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    pub name: String,
    pub columns: Vec<Column>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    pub name: String,
    pub kind: Kind,
    /// Its place in the primary key, from 1; 0 outside of it.
    pub key: i64,
}

/// The kinds of columns that migrations make.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Text,
    Bigint,
    Boolean,
    Bytea,
}

impl Table {
    fn of(name: &str, columns: Vec<(String, String, i64)>) -> Result<Self> {
        let column = |(column, kind, key): (String, String, i64)| {
            let kind = match kind.as_str() {
                "text" => Kind::Text,
                "bigint" => Kind::Bigint,
                "boolean" => Kind::Boolean,
                "bytea" => Kind::Bytea,
                other => return Err(Error::internal(format!("{name}.{column} is {other}, which no migration makes"))),
            };
            Ok(Column { name: column, kind, key })
        };
        let columns = columns.into_iter().map(column).collect::<Result<_>>()?;
        Ok(Self { name: name.to_owned(), columns })
    }

    fn names(&self) -> String {
        self.columns.iter().map(|column| column.name.as_str()).collect::<Vec<_>>().join(", ")
    }

    /// `order by` its primary key, byte by byte in both databases.
    fn order(&self, text: &str) -> String {
        let mut keys: Vec<&Column> = self.columns.iter().filter(|column| column.key > 0).collect();
        keys.sort_by_key(|column| column.key);
        let key = |column: &&Column| match column.kind {
            Kind::Text => format!("{}{text}", column.name),
            _ => column.name.clone(),
        };
        let keys: Vec<String> = keys.iter().map(key).collect();
        if keys.is_empty() { String::new() } else { format!(" order by {}", keys.join(", ")) }
    }
}

/// A store as it was at one moment. Others go on writing.
pub struct Snapshot(Tx);

impl Snapshot {
    /// # Errors
    /// The database's.
    pub async fn begin(db: &Db) -> Result<Self> {
        Ok(Self(match db {
            Db::Sqlite { read, .. } => {
                let mut tx = read.pool().begin().await?;
                // The moment is that of the first read.
                raw_sql("select count(*) from migrations").execute(&mut *tx).await?;
                Tx::Sqlite(tx)
            }
            Db::Postgres(pool) => {
                let mut tx = pool.pool().begin_with("begin isolation level repeatable read, read only").await?;
                let patience = "set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0";
                raw_sql(patience).execute(&mut *tx).await?;
                raw_sql("select 1").execute(&mut *tx).await?;
                Tx::Postgres(tx)
            }
        }))
    }

    /// The shape of a table.
    ///
    /// # Errors
    /// The database's, or that a column is of a kind no migration makes.
    pub async fn table(&mut self, name: &str) -> Result<Table> {
        let columns = match &mut self.0 {
            Tx::Sqlite(tx) => catalogue_sqlite::columns(tx, name).await?,
            Tx::Postgres(tx) => catalogue_postgres::columns(tx, name).await?,
        };
        Table::of(name, columns)
    }

    /// Gives the bytes of a table, piece by piece, and the number of its rows.
    ///
    /// # Errors
    /// The database's, or those of `take`.
    pub async fn copy_out(&mut self, table: &Table, take: &mut (dyn FnMut(&[u8]) -> Result<()> + Send)) -> Result<u64> {
        match &mut self.0 {
            Tx::Sqlite(tx) => out_of_sqlite(tx, table, take).await,
            Tx::Postgres(tx) => out_of_postgres(tx, table, take).await,
        }
    }
}

async fn out_of_sqlite(
    tx: &mut Transaction<'static, Sqlite>,
    table: &Table,
    take: &mut (dyn FnMut(&[u8]) -> Result<()> + Send),
) -> Result<u64> {
    let sql = format!("select {} from {}{}", table.names(), table.name, table.order(""));
    let mut rows = sqlx::query(AssertSqlSafe(sql)).fetch(&mut **tx);
    let (mut bytes, mut count) = (BEGINNING.to_vec(), 0);
    while let Some(row) = poll_fn(|context| rows.as_mut().poll_next(context)).await {
        row_of_sqlite(&row?, table, &mut bytes)?;
        count += 1;
        if bytes.len() >= CHUNK {
            take(&bytes)?;
            bytes.clear();
        }
    }
    bytes.extend_from_slice(&END.to_be_bytes());
    take(&bytes)?;
    Ok(count)
}

fn row_of_sqlite(row: &SqliteRow, table: &Table, bytes: &mut Vec<u8>) -> Result<()> {
    bytes.extend_from_slice(&(table.columns.len() as i16).to_be_bytes());
    for (at, column) in table.columns.iter().enumerate() {
        match column.kind {
            // PostgreSQL's text holds no NUL.
            Kind::Text => match row.try_get_unchecked::<Option<&str>, _>(at)? {
                Some(text) if text.contains('\0') => field(bytes, Some(text.replace('\0', "").as_bytes())),
                text => field(bytes, text.map(str::as_bytes)),
            },
            Kind::Bytea => field(bytes, row.try_get_unchecked::<Option<&[u8]>, _>(at)?),
            Kind::Bigint => {
                let number = row.try_get_unchecked::<Option<i64>, _>(at)?.map(i64::to_be_bytes);
                field(bytes, number.as_ref().map(<[u8; 8]>::as_slice));
            }
            Kind::Boolean => {
                let flag = row.try_get_unchecked::<Option<bool>, _>(at)?.map(|flag| [u8::from(flag)]);
                field(bytes, flag.as_ref().map(<[u8; 1]>::as_slice));
            }
        }
    }
    Ok(())
}

fn field(bytes: &mut Vec<u8>, content: Option<&[u8]>) {
    let length = content.map_or(-1, |content| content.len() as i32);
    bytes.extend_from_slice(&length.to_be_bytes());
    bytes.extend_from_slice(content.unwrap_or_default());
}

async fn out_of_postgres(
    tx: &mut Transaction<'static, Postgres>,
    table: &Table,
    take: &mut (dyn FnMut(&[u8]) -> Result<()> + Send),
) -> Result<u64> {
    let counting = format!("select count(*) from {}", table.name);
    let (count,): (i64,) = sqlx::query_as(AssertSqlSafe(counting)).fetch_one(&mut **tx).await?;
    let rows = format!("select {} from {}{}", table.names(), table.name, table.order(" collate \"C\""));
    let copying = format!("copy ({rows}) to stdout (format binary)");
    let mut pieces = tx.copy_out_raw(&copying).await?;
    while let Some(piece) = poll_fn(|context| pieces.as_mut().poll_next(context)).await {
        take(&piece?)?;
    }
    Ok(count.unsigned_abs())
}

/// Puts the bytes of tables into a store, all in one transaction.
pub struct Refill(Tx);

impl Refill {
    /// # Errors
    /// The database's.
    pub async fn begin(db: &Db) -> Result<Self> {
        Ok(Self(match db {
            Db::Sqlite { write, .. } => Tx::Sqlite(write.begin_with("begin immediate").await?),
            Db::Postgres(pool) => {
                let mut tx = pool.pool().begin().await?;
                let patience = "set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0";
                raw_sql(patience).execute(&mut *tx).await?;
                Tx::Postgres(tx)
            }
        }))
    }

    /// Takes in a table; gives the number of its rows. Those it refers to come before.
    ///
    /// # Errors
    /// The database's, or that the bytes are damaged.
    pub async fn copy_in(&mut self, table: &Table, bytes: &mut (dyn Read + Send)) -> Result<u64> {
        match &mut self.0 {
            Tx::Sqlite(tx) => into_sqlite(tx, table, bytes).await,
            Tx::Postgres(tx) => into_postgres(tx, table, bytes).await,
        }
    }

    /// # Errors
    /// The database's.
    pub async fn commit(self) -> Result<()> {
        match self.0 {
            Tx::Sqlite(tx) => tx.commit().await?,
            Tx::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }
}

async fn into_sqlite(
    tx: &mut Transaction<'static, Sqlite>,
    table: &Table,
    bytes: &mut (dyn Read + Send),
) -> Result<u64> {
    let mut beginning = [0; BEGINNING.len()];
    bytes.read_exact(&mut beginning).map_err(|_| damaged(table))?;
    if beginning != *BEGINNING {
        return Err(damaged(table));
    }
    let width = table.columns.len();
    let at_once = (VALUES / width.max(1)).max(1);
    let one = format!("({})", vec!["?"; width].join(", "));
    let insert = |rows: usize| {
        let values = vec![one.as_str(); rows].join(", ");
        AssertSqlSafe(format!("insert into {} ({}) values {values}", table.name, table.names()))
    };
    let (mut args, mut waiting, mut count) = (SqliteArguments::default(), 0, 0);
    while let Some(row) = next_row(table, bytes)? {
        for (column, content) in table.columns.iter().zip(row) {
            add(&mut args, table, column.kind, content)?;
        }
        (waiting, count) = (waiting + 1, count + 1);
        if waiting == at_once {
            sqlx::query_with(insert(waiting), std::mem::take(&mut args)).execute(&mut **tx).await?;
            waiting = 0;
        }
    }
    if waiting > 0 {
        sqlx::query_with(insert(waiting), args).execute(&mut **tx).await?;
    }
    Ok(count)
}

fn next_row(table: &Table, bytes: &mut (dyn Read + Send)) -> Result<Option<Vec<Option<Vec<u8>>>>> {
    let mut short = [0; 2];
    bytes.read_exact(&mut short).map_err(|_| damaged(table))?;
    let fields = i16::from_be_bytes(short);
    if fields == END {
        return Ok(None);
    }
    if usize::try_from(fields) != Ok(table.columns.len()) {
        return Err(damaged(table));
    }
    let mut row = Vec::with_capacity(table.columns.len());
    for _ in 0..fields {
        let mut long = [0; 4];
        bytes.read_exact(&mut long).map_err(|_| damaged(table))?;
        let length = i32::from_be_bytes(long);
        if length == -1 {
            row.push(None);
            continue;
        }
        let length = usize::try_from(length).ok().filter(|length| *length <= LONGEST).ok_or_else(|| damaged(table))?;
        let mut content = vec![0; length];
        bytes.read_exact(&mut content).map_err(|_| damaged(table))?;
        row.push(Some(content));
    }
    Ok(Some(row))
}

fn add(args: &mut SqliteArguments, table: &Table, kind: Kind, content: Option<Vec<u8>>) -> Result<()> {
    let broken = || damaged(table);
    let added = match (kind, content) {
        (Kind::Text, Some(text)) => args.add(String::from_utf8(text).map_err(|_| broken())?),
        (Kind::Bytea, Some(bytes)) => args.add(bytes),
        (Kind::Bigint, Some(number)) => args.add(i64::from_be_bytes(number.try_into().map_err(|_| broken())?)),
        (Kind::Boolean, Some(flag)) => args.add(flag == [1]),
        (Kind::Text, None) => args.add(None::<String>),
        (Kind::Bytea, None) => args.add(None::<Vec<u8>>),
        (Kind::Bigint, None) => args.add(None::<i64>),
        (Kind::Boolean, None) => args.add(None::<bool>),
    };
    added.map_err(Error::Internal)
}

async fn into_postgres(
    tx: &mut Transaction<'static, Postgres>,
    table: &Table,
    bytes: &mut (dyn Read + Send),
) -> Result<u64> {
    let copying = format!("copy {} ({}) from stdin (format binary)", table.name, table.names());
    let mut copy = tx.copy_in_raw(&copying).await?;
    let mut piece = vec![0; CHUNK];
    loop {
        let length = bytes.read(&mut piece).map_err(|_| damaged(table))?;
        if length == 0 {
            break;
        }
        copy.send(&piece[..length]).await?;
    }
    Ok(copy.finish().await?)
}

fn damaged(table: &Table) -> Error {
    Error::internal(format!("the rows of {} are damaged", table.name))
}
