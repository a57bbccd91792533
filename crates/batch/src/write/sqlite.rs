use super::rows::Rows;
use super::{Partial, name_of, private_file};
use crate::{Cell, CellKind, Problem, Result, Wording};
use sqlx::sqlite::{SqliteArguments, SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use sqlx::{Arguments, AssertSqlSafe, ConnectOptions, Connection, Executor};
use std::path::{Path, PathBuf};
use tokio::runtime::Runtime;

/// A database file with one table.
pub(super) struct Sqlite {
    path: PathBuf,
    partial: Partial,
    runtime: Runtime,
    server: SqliteConnection,
    table: String,
    columns: usize,
    arguments: SqliteArguments,
    rows: usize,
}

/// Values bound to one statement at most; SQLite's own limit is 32 766.
const VALUES: usize = 8_000;

impl Sqlite {
    pub(super) fn create(path: &Path, table: &str, columns: &[(&str, CellKind)]) -> Result<Self> {
        let partial = Partial::beside(path);
        private_file(&partial.0).map_err(|e| Problem::unwritable(&name_of(path), &e))?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|e| Problem::unwritable(&name_of(path), &e))?;
        // The file counts only once it has its name: until then nothing needs to survive.
        let options = SqliteConnectOptions::new()
            .filename(&partial.0)
            .journal_mode(SqliteJournalMode::Off)
            .synchronous(SqliteSynchronous::Off);
        let named: Vec<String> =
            columns.iter().map(|(name, kind)| format!("{} {}", quoted(name), sql_type(*kind))).collect();
        let create = format!("create table {} ({})", quoted(table), named.join(", "));
        let server = runtime.block_on(async {
            let mut server = options.connect().await?;
            server.execute(AssertSqlSafe(create)).await?;
            server.execute("begin").await?;
            Ok(server)
        });
        let server = server.map_err(|e| failed(path, &e))?;
        let arguments = SqliteArguments::default();
        let table = quoted(table);
        Ok(Self { path: path.to_owned(), partial, runtime, server, table, columns: columns.len(), arguments, rows: 0 })
    }

    fn hand_on(&mut self) -> Result<()> {
        if self.rows == 0 {
            return Ok(());
        }
        let row = format!("({})", vec!["?"; self.columns].join(","));
        let sql = format!("insert into {} values {}", self.table, vec![row; self.rows].join(","));
        let arguments = std::mem::take(&mut self.arguments);
        self.rows = 0;
        let insert = sqlx::query_with(AssertSqlSafe(sql), arguments);
        self.runtime.block_on(self.server.execute(insert)).map_err(|e| failed(&self.path, &e))?;
        Ok(())
    }

    fn bind(&mut self, cell: Cell<'_>) -> Result<(), sqlx::error::BoxDynError> {
        match cell {
            Cell::Missing => self.arguments.add(None::<i64>),
            Cell::Text(value) => self.arguments.add(value.to_owned()),
            Cell::Whole(value) => self.arguments.add(value),
            Cell::Real(value) => self.arguments.add(value),
            Cell::Flag(value) => self.arguments.add(value),
            Cell::Day(value) => self.arguments.add(value.to_string()),
        }
    }
}

impl Rows for Sqlite {
    fn row(&mut self, cells: &[Cell<'_>]) -> Result<()> {
        for cell in cells {
            self.bind(*cell).map_err(|e| failed(&self.path, &sqlx::Error::Encode(e)))?;
        }
        self.rows += 1;
        if (self.rows + 1) * self.columns > VALUES { self.hand_on() } else { Ok(()) }
    }

    fn finish(mut self: Box<Self>) -> Result<()> {
        self.hand_on()?;
        let Self { path, partial, runtime, mut server, .. } = *self;
        let closed = runtime.block_on(async {
            server.execute("commit").await?;
            server.close().await
        });
        closed.map_err(|e| failed(&path, &e))?;
        let put = std::fs::File::open(&partial.0)
            .and_then(|file| file.sync_all())
            .and_then(|()| std::fs::rename(&partial.0, &path));
        put.map_err(|e| Problem::unwritable(&name_of(&path), &e))
    }
}

const fn sql_type(kind: CellKind) -> &'static str {
    match kind {
        CellKind::Text | CellKind::Day => "text",
        CellKind::Whole => "integer",
        CellKind::Real | CellKind::Single => "real",
        CellKind::Flag => "boolean",
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn failed(path: &Path, error: &sqlx::Error) -> Problem {
    // SQLITE_FULL
    if error.as_database_error().is_some_and(|error| error.code().as_deref() == Some("13")) {
        return Problem::unwritable(&name_of(path), &std::io::ErrorKind::StorageFull.into());
    }
    Problem::new(
        &name_of(path),
        Wording::new(format!("写入 SQLite 失败：{error}"), format!("writing SQLite failed: {error}")),
        Wording::new("请检查磁盘空间与权限后重试", "check the disk's space and permissions and run again"),
    )
}
