use crate::readers::Readers;
use crate::{Cx, Error, Result, Who, World, catalogue_postgres};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection, Postgres, Sqlite, SqlitePool, Transaction};
use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;

/// The operational store: SQLite embedded, or PostgreSQL.
#[derive(Clone, Debug)]
pub enum Db {
    /// Many readers, one writer: SQLite lets only one write, so the others wait here in line and not in its busy loop.
    Sqlite {
        read: Readers<Sqlite>,
        write: SqlitePool,
    },
    Postgres(Readers<Postgres>),
}

#[derive(Debug)]
pub(crate) enum Tx {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

/// A transaction that begins with its first statement: a form refused before that never waits for a writer's turn.
#[derive(Debug, Default)]
pub(crate) struct Turn {
    pub tx: Option<Tx>,
    ended: bool,
}

impl Turn {
    pub async fn begin(&mut self, db: &Db) -> Result<()> {
        if self.ended {
            return Err(Error::internal("this transaction has ended"));
        }
        if self.tx.is_none() {
            self.tx = Some(match db {
                Db::Sqlite { write, .. } => Tx::Sqlite(write.begin_with("begin immediate").await?),
                Db::Postgres(pool) => Tx::Postgres(pool.pool().begin_with("begin isolation level serializable").await?),
            });
        }
        Ok(())
    }
}

/// How often a transaction is tried again after a serialization failure.
pub(crate) const ATTEMPTS: u32 = 8;

/// How many prepared statements a connection keeps: a page has dozens, and scope makes several of one.
const STATEMENTS: usize = 400;

/// How many connections read at once, and how many more there are for transactions and whoever reads for longer.
const READERS: u32 = 4;
const SPARE: u32 = 6;

/// How many rows SQLite's thread reads ahead of whoever asked: with few, the two wake each other for every handful.
const ROWS: usize = 4096;

impl Db {
    /// Opens `sqlite:PATH` (made when absent) or `postgres://…`.
    ///
    /// # Errors
    /// [`Error::Internal`] with the address (without its password) when it can't be opened.
    pub async fn open(url: &str) -> Result<Self> {
        let opened = match url.split_once(':') {
            Some(("sqlite", path)) => Self::open_sqlite(path).await,
            Some(("postgres" | "postgresql", _)) => Self::open_postgres(url).await,
            _ => return Err(Error::internal(format!("{url:?} names no store: sqlite:PATH or postgres://… do"))),
        };
        opened.map_err(|cause| Error::internal(format!("the store {} can't be opened: {cause}", without_password(url))))
    }

    async fn open_sqlite(path: &str) -> sqlx::Result<Self> {
        let path = path.trim_start_matches("//");
        // Made before SQLite would make it, and for its owner alone; the log beside it gets the same rights.
        let made = OpenOptions::new().create_new(true).write(true).mode(0o600).open(path);
        if let Err(cause) = made.map(drop).or_else(|cause| if Path::new(path).is_file() { Ok(()) } else { Err(cause) })
        {
            return Err(sqlx::Error::Io(cause));
        }
        let options = SqliteConnectOptions::new()
            .filename(path)
            // A sealed document is two to four kilobytes: in smaller pages each would leave half of one empty.
            .page_size(16_384)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(5))
            .optimize_on_close(true, None)
            .statement_cache_capacity(STATEMENTS)
            .row_buffer_size(ROWS)
            .pragma("cache_size", "-65536")
            .pragma("temp_store", "memory");
        // No connection to a file is lost while it lies idle: asking each before each statement only takes time.
        let pool = || SqlitePoolOptions::new().acquire_timeout(Duration::from_secs(5)).test_before_acquire(false);
        let write = pool().max_connections(1).connect_with(options.clone()).await?;
        let reading = options.pragma("query_only", "on").pragma("mmap_size", "1073741824");
        let read = pool().max_connections(READERS + SPARE).connect_with(reading).await?;
        Ok(Self::Sqlite { read: Readers::new(read, READERS as usize), write })
    }

    async fn open_postgres(url: &str) -> sqlx::Result<Self> {
        let options = PgConnectOptions::from_str(url)?.statement_cache_capacity(STATEMENTS).options([
            ("statement_timeout", "5000"),
            ("idle_in_transaction_session_timeout", "10000"),
            ("timezone", "UTC"),
            // A page reads few rows, most of them in memory: looked up, not scanned for, and nothing worth compiling.
            ("random_page_cost", "1.1"),
            ("jit", "off"),
        ]);
        let pool = PgPoolOptions::new().max_connections(READERS + SPARE).acquire_timeout(Duration::from_secs(5));
        // A page has dozens of statements: a connection used within this second isn't asked whether it still lives.
        let pool = pool.test_before_acquire(false).before_acquire(|connection, meta| {
            Box::pin(async move {
                let rested = meta.idle_for >= Duration::from_secs(1);
                Ok(!rested || connection.ping().await.is_ok())
            })
        });
        Ok(Self::Postgres(Readers::new(pool.connect_with(options).await?, READERS as usize)))
    }

    #[must_use]
    pub const fn is_postgres(&self) -> bool {
        matches!(self, Self::Postgres(_))
    }

    /// Closes every connection; SQLite writes its log back into the file.
    pub async fn close(&self) {
        match self {
            Self::Sqlite { read, write } => {
                read.close().await;
                write.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }

    /// A context that reads. Pages get theirs from [`crate::web`]; this one is for jobs and tests.
    #[must_use]
    pub fn read(&self, world: &World, who: &Who) -> Cx {
        Cx::new(self, world, who.clone())
    }

    /// Runs `work` in one transaction: begins, commits, rolls back on an error, and tries again after a
    /// serialization failure. `work` may run several times, so its only effects are in the database.
    ///
    /// # Errors
    /// The error of `work`, or the database's.
    pub async fn write<T, F>(&self, world: &World, who: &Who, work: impl Fn(Cx) -> F) -> Result<T>
    where
        F: Future<Output = Result<T>>,
    {
        let mut attempt = 0;
        loop {
            let cx = self.read(world, who).begin();
            let done = work(cx.clone()).await;
            match cx.finish(done).await {
                Err(error) if error.is_transient() && attempt + 1 < ATTEMPTS => back_off(attempt).await,
                done => return done,
            }
            attempt += 1;
        }
    }

    /// What time it is where the database runs, when it has a clock of its own.
    ///
    /// # Errors
    /// [`Error::Internal`] when the database refuses.
    pub async fn now(&self) -> Result<Option<crate::Moment>> {
        match self {
            Self::Sqlite { .. } => Ok(None),
            Self::Postgres(pool) => Ok(Some(crate::Moment(catalogue_postgres::now(pool.pool()).await?))),
        }
    }

    /// Brings the planner's statistics up to date after a load.
    ///
    /// # Errors
    /// [`Error::Internal`] when the database refuses.
    pub async fn analyze(&self) -> Result<()> {
        match self {
            Self::Sqlite { write, .. } => sqlx::raw_sql("analyze").execute(write).await.map(drop)?,
            Self::Postgres(pool) => {
                let mut connection = pool.pool().acquire().await?;
                sqlx::raw_sql("set statement_timeout = 0; analyze; reset statement_timeout")
                    .execute(&mut *connection)
                    .await?;
            }
        }
        Ok(())
    }
}

impl Cx {
    /// The same context inside a new transaction.
    pub(crate) fn begin(mut self) -> Self {
        self.tx = Some(Arc::new(Mutex::new(Turn::default())));
        self
    }

    pub(crate) async fn roll_back(&self) -> Result<()> {
        match self.finish(Err::<(), _>(Error::NotFound)).await {
            Err(Error::NotFound) | Ok(()) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Commits when `done` went well, else rolls back.
    pub(crate) async fn finish<T>(&self, done: Result<T>) -> Result<T> {
        let Some(slot) = &self.tx else { return done };
        let mut turn = slot.lock().await;
        turn.ended = true;
        let Some(tx) = turn.tx.take() else { return done };
        match (&done, tx) {
            (Ok(_), Tx::Sqlite(tx)) => tx.commit().await?,
            (Ok(_), Tx::Postgres(tx)) => tx.commit().await?,
            (Err(_), Tx::Sqlite(tx)) => tx.rollback().await?,
            (Err(_), Tx::Postgres(tx)) => tx.rollback().await?,
        }
        done
    }
}

/// 2, 4, 8 … milliseconds.
pub(crate) async fn back_off(attempt: u32) {
    tokio::time::sleep(Duration::from_millis(2 << attempt)).await;
}

fn without_password(url: &str) -> String {
    match (url.split_once("://"), url.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, host))) => format!("{scheme}://…@{host}"),
        _ => url.to_owned(),
    }
}
