//! Column types for both databases: days and places as text, money as BIGINT.

use crate::{AreaCode, Day, Fen};
use sqlx::{Database, Decode, Encode, Type, encode::IsNull, error::BoxDynError};

macro_rules! stored_as {
    ($type:ty, $as:ty, $write:expr, $read:expr) => {
        impl<DB: Database> Type<DB> for $type
        where
            $as: Type<DB>,
        {
            fn type_info() -> DB::TypeInfo {
                <$as as Type<DB>>::type_info()
            }
            fn compatible(info: &DB::TypeInfo) -> bool {
                <$as as Type<DB>>::compatible(info)
            }
        }
        impl<'q, DB: Database> Encode<'q, DB> for $type
        where
            $as: Encode<'q, DB>,
        {
            fn encode_by_ref(&self, buffer: &mut DB::ArgumentBuffer) -> Result<IsNull, BoxDynError> {
                let write: fn(&$type) -> $as = $write;
                <$as as Encode<'q, DB>>::encode(write(self), buffer)
            }
        }
        impl<'r, DB: Database> Decode<'r, DB> for $type
        where
            $as: Decode<'r, DB>,
        {
            fn decode(value: DB::ValueRef<'r>) -> Result<Self, BoxDynError> {
                let read: fn($as) -> Result<$type, BoxDynError> = $read;
                read(<$as as Decode<'r, DB>>::decode(value)?)
            }
        }
    };
}

stored_as!(Fen, i64, |fen| fen.0, |fen| Ok(Fen(fen)));
stored_as!(Day, String, ToString::to_string, |text| Ok(Day::parse_iso(&text)?));
stored_as!(AreaCode, String, ToString::to_string, |text| Ok(AreaCode::parse(&text)?));
