use sqlx::SqlitePool;
use sqlx::{Sqlite, Transaction};

/// The names of all tables.
pub(crate) async fn tables(pool: &SqlitePool) -> sqlx::Result<Vec<(String,)>> {
    sqlx::query_as("select name from sqlite_master where type = 'table' and name not like 'sqlite_%'")
        .fetch_all(pool)
        .await
}

/// The columns of a table, as name, type and place in the primary key (0 outside of it).
pub(crate) async fn columns(
    tx: &mut Transaction<'static, Sqlite>,
    table: &str,
) -> sqlx::Result<Vec<(String, String, i64)>> {
    sqlx::query_as("select name, lower(type), pk from pragma_table_info($1) order by cid")
        .bind(table)
        .fetch_all(&mut **tx)
        .await
}
