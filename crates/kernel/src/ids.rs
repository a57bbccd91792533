use sha2::{Digest, Sha256};
use uuid::{Builder, Uuid};

/// The id of something a run made: the same content gives the same id, wherever and whenever it is loaded.
///
/// `kind` keeps the ids of different things apart; parts are length-prefixed, so `["ab", "c"]` isn't `["a", "bc"]`.
#[must_use]
pub fn content_id(kind: &str, parts: &[&str]) -> Uuid {
    let mut hash = Sha256::new();
    for part in std::iter::once(&kind).chain(parts) {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash.finalize()[..16]);
    Builder::from_custom_bytes(bytes).into_uuid()
}

/// UUIDv7 of a moment: rows that people make sort by when they were made.
pub(crate) fn timed_id(milliseconds: i64, random: [u8; 10]) -> Uuid {
    Builder::from_unix_timestamp_millis(milliseconds.unsigned_abs(), &random).into_uuid()
}

/// Declares the id of a kind of row: text in both databases, typed in Rust so that ids can't be mixed up.
///
/// `kernel::id!(pub CaseId);` gives `CaseId::new(&cx)` (UUIDv7), `CaseId::from(uuid)` for ids made from content,
/// `Display`, serde (so axum paths and forms) and both databases' column traits. The crate names serde and sqlx.
#[macro_export]
macro_rules! id {
    ($(#[$doc:meta])* pub $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl $name {
            #[must_use]
            pub fn new(cx: &$crate::Cx) -> Self {
                Self(cx.new_id().to_string())
            }

            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        $crate::stored_as!($name, String, |id| id.0.clone(), |text| Ok($name(text)));

        impl From<$crate::Uuid> for $name {
            fn from(id: $crate::Uuid) -> Self {
                Self(id.to_string())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}
