//! Structs that are read from a row of either database.

/// Makes a struct a [`Record`](crate::Record): each field is the column of its name.
///
/// `kernel::record! { pub struct Due { pub id: String } }`; the crate names sqlx. The driver's own derive would do the
/// same, but compiles both drivers a second time for the compiler: a minute of everybody's first build.
#[macro_export]
macro_rules! record {
    (
        $(#[$about:meta])*
        $vis:vis struct $name:ident { $($(#[$doc:meta])* $seen:vis $field:ident: $type:ty),* $(,)? }
    ) => {
        $(#[$about])*
        $vis struct $name {
            $($(#[$doc])* $seen $field: $type,)*
        }

        impl<'r, R: sqlx::Row> sqlx::FromRow<'r, R> for $name
        where
            for<'c> &'c str: sqlx::ColumnIndex<R>,
            $($type: sqlx::Decode<'r, R::Database> + sqlx::Type<R::Database>,)*
        {
            fn from_row(row: &'r R) -> ::std::result::Result<Self, sqlx::Error> {
                Ok(Self { $($field: row.try_get(stringify!($field))?,)* })
            }
        }
    };
}
