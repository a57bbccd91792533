use sqlx::SqlitePool;

/// The names of all tables.
pub(crate) async fn tables(pool: &SqlitePool) -> sqlx::Result<Vec<(String,)>> {
    sqlx::query_as("select name from sqlite_master where type = 'table' and name not like 'sqlite_%'")
        .fetch_all(pool)
        .await
}
