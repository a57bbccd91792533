use crate::cx::Slot;
use crate::db::Tx;
use crate::{Cx, Db, Error, Result};
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{Arguments, AssertSqlSafe, Encode, FromRow, Postgres, Sqlite, Type};

/// A row both databases can give: a struct made by [`record!`](crate::record!), or a tuple.
pub trait Record: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}
impl<T> Record for T where T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}

/// A value both databases can take.
pub trait Value<'v>: Encode<'v, Sqlite> + Type<Sqlite> + Encode<'v, Postgres> + Type<Postgres> {}
impl<'v, T> Value<'v> for T where T: Encode<'v, Sqlite> + Type<Sqlite> + Encode<'v, Postgres> + Type<Postgres> {}

/// Arguments are made for the database at hand, so that an absent value keeps its type.
enum Args {
    Sqlite(SqliteArguments),
    Postgres(PgArguments),
}

/// One statement on its way: bind its values in order, then say what is wanted back.
#[must_use = "a query does nothing until it is run"]
pub struct Query {
    cx: Cx,
    sql: AssertSqlSafe<String>,
    args: Result<Args, sqlx::error::BoxDynError>,
    /// What scope, cursor and `also` compare with: bound behind the statement's own values.
    behind: Vec<String>,
    also: Vec<String>,
    /// The number of the next value.
    free: usize,
}

impl Query {
    pub(crate) fn new(cx: &Cx, sql: String, behind: Vec<String>) -> Self {
        let args = match &cx.db {
            Db::Sqlite { .. } => Args::Sqlite(SqliteArguments::default()),
            Db::Postgres(_) => Args::Postgres(PgArguments::default()),
        };
        let free = first_free(&sql);
        Self { cx: cx.clone(), sql: AssertSqlSafe(sql), args: Ok(args), behind, also: Vec::new(), free }
    }

    /// The value of the next `$1`, `$2`, …
    pub fn bind<'v>(mut self, value: impl Value<'v>) -> Self {
        self.args = self.args.and_then(|mut args| {
            match &mut args {
                Args::Sqlite(args) => Arguments::add(args, value)?,
                Args::Postgres(args) => Arguments::add(args, value)?,
            }
            Ok(args)
        });
        self
    }

    /// Adds a comparison where the text says `{also}`; each `{}` in it stands for the next of these texts. What isn't asked
    /// isn't in the statement then: a value that filters nothing would keep a planner from a narrower index.
    ///
    /// # Panics
    /// When the text has no `{also}`, or the comparison another number of `{}`: a mistake of the program, found by the first
    /// test that runs it. Left out in silence, it would show more than was asked.
    pub fn also<const N: usize>(mut self, comparison: &'static str, values: [&str; N]) -> Self {
        assert!(self.sql.0.contains("{also}"), "a statement says where its {{also}} goes: {}", self.sql.0);
        assert_eq!(comparison.matches("{}").count(), N, "a value for each {{}}: {comparison}");
        let mut parts = comparison.split("{}");
        let mut text = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            text.push_str(&format!("${}{part}", self.free));
            self.free += 1;
        }
        self.behind.extend(values.map(str::to_owned));
        self.also.push(text);
        self
    }

    fn into_parts(mut self) -> Result<(Cx, AssertSqlSafe<String>, Args)> {
        if self.sql.0.contains("{also}") {
            let also = if self.also.is_empty() { "1 = 1".to_owned() } else { self.also.join(" and ") };
            self.sql.0 = self.sql.0.replace("{also}", &also);
        }
        for value in std::mem::take(&mut self.behind) {
            self = self.bind(value);
        }
        Ok((self.cx, self.sql, self.args.map_err(Error::Internal)?))
    }

    /// All rows. The statement itself bounds how many there can be.
    ///
    /// # Errors
    /// [`Error::Internal`] when the database refuses.
    pub async fn list<T: Record>(self) -> Result<Vec<T>> {
        let (cx, sql, args) = self.into_parts()?;
        match cx.slot().await? {
            Slot::Sqlite(mut lent) => {
                let rows = sqlx::query_as_with(sql, sqlite(args)).fetch_all(lent.connection()?).await;
                Ok(lent.keep(rows)?)
            }
            Slot::Postgres(mut lent) => {
                let rows = sqlx::query_as_with(sql, postgres(args)).fetch_all(lent.connection()?).await;
                Ok(lent.keep(rows)?)
            }
            Slot::Tx(mut tx) => match tx.tx.as_mut() {
                Some(Tx::Sqlite(tx)) => Ok(sqlx::query_as_with(sql, sqlite(args)).fetch_all(&mut **tx).await?),
                Some(Tx::Postgres(tx)) => Ok(sqlx::query_as_with(sql, postgres(args)).fetch_all(&mut **tx).await?),
                None => Err(Error::internal("this transaction has ended")),
            },
        }
    }

    /// The one row, if there is one.
    ///
    /// # Errors
    /// [`Error::Internal`] when the database refuses.
    pub async fn find<T: Record>(self) -> Result<Option<T>> {
        let (cx, sql, args) = self.into_parts()?;
        match cx.slot().await? {
            Slot::Sqlite(mut lent) => {
                let row = sqlx::query_as_with(sql, sqlite(args)).fetch_optional(lent.connection()?).await;
                Ok(lent.keep(row)?)
            }
            Slot::Postgres(mut lent) => {
                let row = sqlx::query_as_with(sql, postgres(args)).fetch_optional(lent.connection()?).await;
                Ok(lent.keep(row)?)
            }
            Slot::Tx(mut tx) => match tx.tx.as_mut() {
                Some(Tx::Sqlite(tx)) => Ok(sqlx::query_as_with(sql, sqlite(args)).fetch_optional(&mut **tx).await?),
                Some(Tx::Postgres(tx)) => {
                    Ok(sqlx::query_as_with(sql, postgres(args)).fetch_optional(&mut **tx).await?)
                }
                None => Err(Error::internal("this transaction has ended")),
            },
        }
    }

    /// The one row that must be there.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it isn't, or isn't in scope.
    pub async fn get<T: Record>(self) -> Result<T> {
        self.find().await?.ok_or(Error::NotFound)
    }

    /// Runs it; gives the number of rows touched.
    ///
    /// # Errors
    /// [`Error::Internal`] when the database refuses, or outside a transaction.
    pub async fn run(self) -> Result<u64> {
        let (cx, sql, args) = self.into_parts()?;
        match cx.slot().await? {
            Slot::Tx(mut tx) => match tx.tx.as_mut() {
                Some(Tx::Sqlite(tx)) => {
                    Ok(sqlx::query_with(sql, sqlite(args)).execute(&mut **tx).await?.rows_affected())
                }
                Some(Tx::Postgres(tx)) => {
                    Ok(sqlx::query_with(sql, postgres(args)).execute(&mut **tx).await?.rows_affected())
                }
                None => Err(Error::internal("this transaction has ended")),
            },
            Slot::Sqlite(_) | Slot::Postgres(_) => Err(Error::internal("a page that only reads tried to write")),
        }
    }

    /// Runs it and expects to touch one row: an update that names the version it was made from.
    ///
    /// # Errors
    /// [`Error::Conflict`] when nothing was touched.
    pub async fn run_one(self) -> Result<()> {
        match self.run().await? {
            0 => Err(Error::Conflict(None)),
            1 => Ok(()),
            rows => Err(Error::internal(format!("one row was meant, {rows} were touched"))),
        }
    }
}

/// The number of the first value a statement's text leaves free.
pub(crate) fn first_free(sql: &str) -> usize {
    let number = |rest: &str| {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        rest[..digits].parse::<usize>().unwrap_or_default()
    };
    sql.split('$').skip(1).map(number).max().unwrap_or_default() + 1
}

// A query takes its arguments' kind from the same `Db` it runs on; the other kind can't be here.
fn sqlite(args: Args) -> SqliteArguments {
    match args {
        Args::Sqlite(args) => args,
        Args::Postgres(_) => SqliteArguments::default(),
    }
}

fn postgres(args: Args) -> PgArguments {
    match args {
        Args::Postgres(args) => args,
        Args::Sqlite(_) => PgArguments::default(),
    }
}
