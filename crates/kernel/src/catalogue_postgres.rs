use sqlx::PgPool;
use sqlx::{Postgres, Transaction};

/// The names of all tables.
pub(crate) async fn tables(pool: &PgPool) -> sqlx::Result<Vec<(String,)>> {
    sqlx::query_as("select tablename::text from pg_tables where schemaname = current_schema()").fetch_all(pool).await
}

/// The server's time, in milliseconds since 1970.
pub(crate) async fn now(pool: &PgPool) -> sqlx::Result<i64> {
    let (now,) =
        sqlx::query_as("select floor(extract(epoch from clock_timestamp()) * 1000)::bigint").fetch_one(pool).await?;
    Ok(now)
}

/// The columns of a table, as name, type and place in the primary key (0 outside of it).
pub(crate) async fn columns(
    tx: &mut Transaction<'static, Postgres>,
    table: &str,
) -> sqlx::Result<Vec<(String, String, i64)>> {
    sqlx::query_as(
        "select a.attname::text, format_type(a.atttypid, null)::text,
           coalesce(array_position(i.indkey::int2[], a.attnum) + 1, 0)::bigint
         from pg_attribute a join pg_class c on c.oid = a.attrelid
              left join pg_index i on i.indrelid = c.oid and i.indisprimary
         where c.relnamespace = current_schema()::regnamespace and c.relname = $1 and a.attnum > 0
               and not a.attisdropped
         order by a.attnum",
    )
    .bind(table)
    .fetch_all(&mut **tx)
    .await
}
