use sqlx::PgPool;

/// The names of all tables.
pub(crate) async fn tables(pool: &PgPool) -> sqlx::Result<Vec<(String,)>> {
    sqlx::query_as("select tablename::text from pg_tables where schemaname = current_schema()").fetch_all(pool).await
}
