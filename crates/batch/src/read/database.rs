//! A table of a SQLite file or a PostgreSQL server, every value as text, ordered by row id or primary key.

use super::{Blocks, Cut, Parse};
use crate::{Chunk, Problem, Result, Wording};
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Database, Executor, Row};
use std::future::Future;
use std::str::FromStr;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;
use tokio::time::timeout;
use values::columns::Texts;

/// How long a database may keep us waiting.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    pub connect: Duration,
    /// For each row.
    pub answer: Duration,
}

pub(super) const PATIENCE: Patience = Patience { connect: Duration::from_secs(10), answer: Duration::from_secs(60) };

const BLOCK_ROWS: u32 = 1 << 15;

pub(crate) fn open(name: &str, url: &str, table: &str, patience: Patience) -> Result<Blocks> {
    let place = Place { name: name.to_owned(), url: url.to_owned(), table: table.to_owned(), patience };
    let about = place.run(async |mut server| {
        let described = server.describe(table, patience.answer).await;
        described.map_err(|e| place.problem(&e))
    })?;
    if about.columns.is_empty() {
        return Err(no_table(name, table));
    }
    let header = about.columns.clone();
    Ok(Blocks::new(header, Rows { place, about, wanted: Vec::new(), chunks: None }))
}

#[derive(Clone)]
struct Place {
    name: String,
    url: String,
    table: String,
    patience: Patience,
}

enum Server {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

/// A table's columns, and what puts its rows in order.
#[derive(Clone)]
struct About {
    columns: Vec<String>,
    order: Vec<String>,
}

enum Failure {
    Slow(Duration),
    Said(sqlx::Error),
    Runtime(std::io::Error),
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        Self::Said(error)
    }
}

async fn patient<T>(limit: Duration, work: impl Future<Output = Result<T, sqlx::Error>>) -> Result<T, Failure> {
    timeout(limit, work).await.map_err(|_| Failure::Slow(limit))?.map_err(Failure::Said)
}

impl Place {
    /// Connects and works, on a runtime of its own.
    fn run<T>(&self, work: impl AsyncFnOnce(Server) -> Result<T>) -> Result<T> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|e| self.problem(&Failure::Runtime(e)))?;
        runtime.block_on(async {
            let server = self.connect().await.map_err(|e| self.problem(&e))?;
            work(server).await
        })
    }

    async fn connect(&self) -> Result<Server, Failure> {
        if let Some(path) = self.url.strip_prefix("sqlite:") {
            let options =
                SqliteConnectOptions::new().filename(path).read_only(true).busy_timeout(self.patience.connect);
            return patient(self.patience.connect, options.connect()).await.map(Server::Sqlite);
        }
        let options = PgConnectOptions::from_str(&self.url)?.options([
            ("default_transaction_read_only", "on"),
            ("datestyle", "iso, ymd"),
            ("timezone", "UTC"),
        ]);
        patient(self.patience.connect, options.connect()).await.map(Server::Postgres)
    }

    fn problem(&self, failure: &Failure) -> Problem {
        let reason = match failure {
            Failure::Slow(limit) => Wording::new(
                format!("数据库 {} 秒内没有应答", limit.as_secs()),
                format!("the database didn't answer within {} seconds", limit.as_secs()),
            ),
            Failure::Said(error) => {
                Wording::new(format!("数据库无法读取：{error}"), format!("the database can't be read: {error}"))
            }
            Failure::Runtime(error) => {
                Wording::new(format!("无法启动：{error}"), format!("the reader can't start: {error}"))
            }
        };
        let remedy = Wording::new(
            "请确认数据库已启动、地址与口令正确且可达，然后重试；也可改交导出的文件",
            "make sure it is up, reachable and named rightly, then run again; or deliver an export of the table",
        );
        Problem::new(&self.name, reason, remedy)
    }
}

fn no_table(name: &str, table: &str) -> Problem {
    Problem::new(
        name,
        Wording::new(format!("数据库中没有表 {table}"), format!("the database has no table {table}")),
        Wording::new("请改正 fuzhi.table", "correct `fuzhi.table`"),
    )
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

impl Server {
    async fn describe(&mut self, table: &str, limit: Duration) -> Result<About, Failure> {
        match self {
            Self::Sqlite(server) => patient(limit, describe_sqlite(server, table)).await,
            Self::Postgres(server) => patient(limit, describe_postgres(server, table)).await,
        }
    }
}

async fn describe_sqlite(server: &mut SqliteConnection, table: &str) -> Result<About, sqlx::Error> {
    let named: Vec<(String, i64)> = sqlx::query_as("select name, pk from pragma_table_info($1) order by cid")
        .bind(table)
        .fetch_all(&mut *server)
        .await?;
    let columns: Vec<String> = named.iter().map(|(name, _)| name.clone()).collect();
    let by_row = AssertSqlSafe(format!("select rowid from {} limit 0", quoted(table)));
    let order = if columns.is_empty() || server.execute(sqlx::query(by_row)).await.is_ok() {
        vec!["rowid".to_owned()]
    } else {
        let mut keys: Vec<_> = named.iter().filter(|(_, place)| *place > 0).collect();
        keys.sort_by_key(|(_, place)| *place);
        keys.into_iter().map(|(name, _)| quoted(name)).collect()
    };
    Ok(About { columns, order })
}

async fn describe_postgres(server: &mut PgConnection, table: &str) -> Result<About, sqlx::Error> {
    let columns: Vec<(String,)> = sqlx::query_as(
        "select attname::text from pg_attribute
         where attrelid = coalesce(to_regclass($1), to_regclass(quote_ident($1))) and attnum > 0 and not attisdropped
         order by attnum",
    )
    .bind(table)
    .fetch_all(&mut *server)
    .await?;
    let keys: Vec<(String,)> = sqlx::query_as(
        "select a.attname::text from pg_index i
         join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any (i.indkey)
         where i.indrelid = coalesce(to_regclass($1), to_regclass(quote_ident($1))) and i.indisprimary
         order by array_position(i.indkey::int2[], a.attnum)",
    )
    .bind(table)
    .fetch_all(&mut *server)
    .await?;
    let order = if keys.is_empty() { vec!["ctid".to_owned()] } else { keys.iter().map(|(key,)| quoted(key)).collect() };
    Ok(About { columns: columns.into_iter().map(|(name,)| name).collect(), order })
}

struct Rows {
    place: Place,
    about: About,
    wanted: Vec<usize>,
    chunks: Option<Receiver<Result<Chunk>>>,
}

impl Cut for Rows {
    fn want(&mut self, wanted: &[usize]) {
        self.wanted = wanted.to_vec();
    }

    fn cut(&mut self) -> Result<Option<Box<dyn Parse>>> {
        let chunks = self.chunks.get_or_insert_with(|| {
            let (send, receive) = sync_channel(1);
            let (place, about, wanted) = (self.place.clone(), self.about.clone(), self.wanted.clone());
            std::thread::spawn(move || {
                let select = async |server| place.select(server, &about, &wanted, &send).await;
                if let Err(problem) = place.run(select) {
                    // A closed channel: nobody reads on.
                    let _ = send.send(Err(problem));
                }
            });
            receive
        });
        let chunk = chunks.recv().ok().transpose()?;
        Ok(chunk.map(|chunk| Box::new(Ready(chunk)) as Box<dyn Parse>))
    }
}

struct Ready(Chunk);

impl Parse for Ready {
    fn parse(self: Box<Self>, _wanted: &[usize]) -> Result<Chunk> {
        Ok(self.0)
    }
}

impl Place {
    async fn select(
        &self,
        server: Server,
        about: &About,
        wanted: &[usize],
        send: &SyncSender<Result<Chunk>>,
    ) -> Result<()> {
        let table = match &server {
            Server::Sqlite(_) => quoted(&self.table),
            Server::Postgres(_) => self.table.split('.').map(quoted).collect::<Vec<_>>().join("."),
        };
        let cells = wanted.iter().map(|i| format!("cast({} as text)", quoted(&about.columns[*i])));
        // A select without a column would be no SQL; a row counts even so.
        let cells: Vec<String> = cells.chain(std::iter::once("null".to_owned())).collect();
        let order =
            if about.order.is_empty() { String::new() } else { format!(" order by {}", about.order.join(", ")) };
        let sql = format!("select {} from {table}{order}", cells.join(", "));
        let sent = match server {
            Server::Sqlite(server) => stream(server, sql, wanted.len(), self.patience.answer, send).await,
            Server::Postgres(server) => stream(server, sql, wanted.len(), self.patience.answer, send).await,
        };
        sent.map_err(|e| self.problem(&e))
    }
}

async fn stream<C>(
    mut server: C,
    sql: String,
    columns: usize,
    limit: Duration,
    send: &SyncSender<Result<Chunk>>,
) -> Result<(), Failure>
where
    C: Connection,
    for<'c> &'c mut C: Executor<'c, Database = C::Database>,
    for<'r> &'r str: sqlx::Decode<'r, C::Database>,
    for<'q> <C::Database as Database>::Arguments: sqlx::IntoArguments<C::Database>,
    usize: sqlx::ColumnIndex<<C::Database as Database>::Row>,
{
    let mut rows = sqlx::query(AssertSqlSafe(sql)).fetch(&mut server);
    let mut chunk = empty(columns);
    loop {
        use std::pin::Pin;
        let next = std::future::poll_fn(|cx| futures_core::Stream::poll_next(Pin::as_mut(&mut rows), cx));
        let row = timeout(limit, next).await.map_err(|_| Failure::Slow(limit))?;
        let Some(row) = row.transpose()? else { break };
        chunk.rows += 1;
        chunk.numbers.push(chunk.rows);
        for (column, texts) in chunk.columns.iter_mut().enumerate() {
            texts.push(row.try_get_unchecked::<Option<&str>, _>(column)?);
        }
        if chunk.rows == BLOCK_ROWS && send.send(Ok(std::mem::replace(&mut chunk, empty(columns)))).is_err() {
            return Ok(());
        }
    }
    // A closed channel: nobody reads on.
    let _ = send.send(Ok(chunk));
    Ok(())
}

fn empty(columns: usize) -> Chunk {
    Chunk { columns: vec![Texts::default(); columns], ..Chunk::default() }
}
