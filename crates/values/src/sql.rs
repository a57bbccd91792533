//! Column types for both databases: days and places as text, money as BIGINT.

use crate::{AreaCode, Day, Fen};

/// Makes a type a column of both databases, stored as another that already is one: `stored_as!(Fen, i64, write, read)`,
/// where `write` is a `fn(&Fen) -> i64` and `read` a `fn(i64) -> Result<Fen, BoxDynError>`. The crate names sqlx.
#[macro_export]
macro_rules! stored_as {
    ($type:ty, $as:ty, $write:expr, $read:expr) => {
        impl<DB: sqlx::Database> sqlx::Type<DB> for $type
        where
            $as: sqlx::Type<DB>,
        {
            fn type_info() -> DB::TypeInfo {
                <$as as sqlx::Type<DB>>::type_info()
            }
            fn compatible(info: &DB::TypeInfo) -> bool {
                <$as as sqlx::Type<DB>>::compatible(info)
            }
        }
        impl<'q, DB: sqlx::Database> sqlx::Encode<'q, DB> for $type
        where
            $as: sqlx::Encode<'q, DB>,
        {
            fn encode_by_ref(
                &self,
                buffer: &mut DB::ArgumentBuffer,
            ) -> ::std::result::Result<sqlx::encode::IsNull, sqlx::error::BoxDynError> {
                let write: fn(&$type) -> $as = $write;
                <$as as sqlx::Encode<'q, DB>>::encode(write(self), buffer)
            }
        }
        impl<'r, DB: sqlx::Database> sqlx::Decode<'r, DB> for $type
        where
            $as: sqlx::Decode<'r, DB>,
        {
            fn decode(value: DB::ValueRef<'r>) -> ::std::result::Result<Self, sqlx::error::BoxDynError> {
                let read: fn($as) -> ::std::result::Result<$type, sqlx::error::BoxDynError> = $read;
                read(<$as as sqlx::Decode<'r, DB>>::decode(value)?)
            }
        }
    };
}

stored_as!(Fen, i64, |fen| fen.0, |fen| Ok(Fen(fen)));
stored_as!(Day, String, ToString::to_string, |text| Ok(Day::parse_iso(&text)?));
stored_as!(AreaCode, String, ToString::to_string, |text| Ok(AreaCode::parse(&text)?));
