//! Columns as bytes and back, for what is laid aside while memory is needed for something else, or sent to another
//! machine. Little-endian, column by column, without a schema of its own: who packs and who unpacks are one program.

use super::{Codes, Column, Packed, Quantities, Table, Texts, Unit};
use crate::{AreaCode, Bounds, Day, IdNumber, Precision, Sex, Truth, Validity};
use std::collections::HashMap;

/// Something that can be laid aside as bytes.
pub trait Pack: Sized {
    fn pack(&self, out: &mut Vec<u8>);

    /// Takes it off the front of `from`; `None` where the bytes are no such thing.
    fn unpack(from: &mut &[u8]) -> Option<Self>;

    /// Many of them, one after the other.
    fn pack_all(all: &[Self], out: &mut Vec<u8>) {
        all.iter().for_each(|one| one.pack(out));
    }

    fn unpack_all(len: usize, from: &mut &[u8]) -> Option<Vec<Self>> {
        (0..len).map(|_| Self::unpack(from)).collect()
    }
}

impl<T: Pack> Pack for Vec<T> {
    fn pack(&self, out: &mut Vec<u8>) {
        self.len().pack(out);
        T::pack_all(self, out);
    }

    fn unpack(from: &mut &[u8]) -> Option<Self> {
        let len = usize::unpack(from)?;
        T::unpack_all(len, from)
    }
}

/// The bytes of one thing.
#[must_use]
pub fn packed(thing: &impl Pack) -> Vec<u8> {
    let mut out = Vec::new();
    thing.pack(&mut out);
    out
}

/// The thing that these bytes, all of them, are.
#[must_use]
pub fn unpacked<T: Pack>(mut bytes: &[u8]) -> Option<T> {
    let thing = T::unpack(&mut bytes)?;
    bytes.is_empty().then_some(thing)
}

fn take<'a>(from: &mut &'a [u8], len: usize) -> Option<&'a [u8]> {
    let (taken, rest) = from.split_at_checked(len)?;
    *from = rest;
    Some(taken)
}

macro_rules! numbers {
    ($($number:ty)*) => { $(
        impl Pack for $number {
            fn pack(&self, out: &mut Vec<u8>) {
                out.extend_from_slice(&self.to_le_bytes());
            }

            fn unpack(from: &mut &[u8]) -> Option<Self> {
                let (bytes, rest) = from.split_first_chunk()?;
                *from = rest;
                Some(Self::from_le_bytes(*bytes))
            }

            fn pack_all(all: &[Self], out: &mut Vec<u8>) {
                out.reserve(size_of_val(all));
                all.iter().for_each(|number| out.extend_from_slice(&number.to_le_bytes()));
            }

            fn unpack_all(len: usize, from: &mut &[u8]) -> Option<Vec<Self>> {
                let bytes = take(from, len.checked_mul(size_of::<Self>())?)?;
                let (numbers, _) = bytes.as_chunks();
                Some(numbers.iter().map(|bytes| Self::from_le_bytes(*bytes)).collect())
            }
        }
    )* };
}

numbers!(u8 u16 u32 u64 u128 i32 i64 f32 f64);

/// Declares which enums are packed as one byte, with all their variants.
#[macro_export]
macro_rules! packs_choice {
    ($($choice:ty: $($variant:ident)*;)*) => { $(
        impl $crate::columns::Pack for $choice {
            fn pack(&self, out: &mut Vec<u8>) {
                out.push(*self as u8);
            }

            fn unpack(from: &mut &[u8]) -> Option<Self> {
                let byte = <u8 as $crate::columns::Pack>::unpack(from)?;
                [$(Self::$variant),*].into_iter().find(|choice| *choice as u8 == byte)
            }
        }
    )* };
}

packs_choice! {
    Truth: True False Undetermined;
    Precision: Day Month Year;
    Sex: Male Female;
    Unit: Fen Number Count;
}

impl Pack for bool {
    fn pack(&self, out: &mut Vec<u8>) {
        out.push(u8::from(*self));
    }

    fn unpack(from: &mut &[u8]) -> Option<Self> {
        Some(u8::unpack(from)? != 0)
    }
}

impl Pack for String {
    fn pack(&self, out: &mut Vec<u8>) {
        self.len().pack(out);
        out.extend_from_slice(self.as_bytes());
    }

    fn unpack(from: &mut &[u8]) -> Option<Self> {
        let len = usize::unpack(from)?;
        Some(std::str::from_utf8(take(from, len)?).ok()?.to_owned())
    }
}

impl<T: Pack> Pack for Option<T> {
    fn pack(&self, out: &mut Vec<u8>) {
        self.is_some().pack(out);
        if let Some(thing) = self {
            thing.pack(out);
        }
    }

    fn unpack(from: &mut &[u8]) -> Option<Self> {
        Some(if bool::unpack(from)? { Some(T::unpack(from)?) } else { None })
    }
}

impl<A: Pack, B: Pack> Pack for (A, B) {
    fn pack(&self, out: &mut Vec<u8>) {
        self.0.pack(out);
        self.1.pack(out);
    }

    fn unpack(from: &mut &[u8]) -> Option<Self> {
        Some((A::unpack(from)?, B::unpack(from)?))
    }
}

/// Declares how a struct is packed: field after field.
#[macro_export]
macro_rules! packs {
    ($($thing:ty { $($field:ident),* $(,)? })*) => { $(
        impl $crate::columns::Pack for $thing {
            fn pack(&self, out: &mut Vec<u8>) {
                $($crate::columns::Pack::pack(&self.$field, out);)*
            }

            fn unpack(from: &mut &[u8]) -> Option<Self> {
                $(let $field = $crate::columns::Pack::unpack(from)?;)*
                Some(Self { $($field),* })
            }
        }
    )* };
}

packs! {
    Bounds { low, high }
    Validity { from, to }
    Packed { low, span }
    Quantities { rows, wide }
    Texts { bytes, absent, begins, ends }
    Table { len, columns }
}

impl Pack for usize {
    fn pack(&self, out: &mut Vec<u8>) {
        (*self as u64).pack(out);
    }

    fn unpack(from: &mut &[u8]) -> Option<Self> {
        usize::try_from(u64::unpack(from)?).ok()
    }
}

macro_rules! wrapped {
    ($($thing:ty: $wrap:expr, $bare:expr;)*) => { $(
        impl Pack for $thing {
            fn pack(&self, out: &mut Vec<u8>) {
                $bare(self).pack(out);
            }

            fn unpack(from: &mut &[u8]) -> Option<Self> {
                Some($wrap(Pack::unpack(from)?))
            }
        }
    )* };
}

wrapped! {
    Day: Day, |day: &Day| day.0;
    AreaCode: AreaCode, |area: &AreaCode| area.0;
    IdNumber: IdNumber::from_key, IdNumber::key;
}

impl Pack for Codes {
    fn pack(&self, out: &mut Vec<u8>) {
        self.list.pack(out);
        self.rows.pack(out);
    }

    fn unpack(from: &mut &[u8]) -> Option<Self> {
        let list = Vec::<String>::unpack(from)?;
        let seen: HashMap<String, u16> = list.iter().cloned().zip(0..).collect();
        Some(Self { list, rows: Pack::unpack(from)?, seen })
    }
}

impl Pack for Column {
    fn pack(&self, out: &mut Vec<u8>) {
        let kind: u8 = match self {
            Self::Text(_) => 0,
            Self::Code(_) => 1,
            Self::Money(_) => 2,
            Self::Number(_) => 3,
            Self::Count(_) => 4,
            Self::Day(_) => 5,
            Self::Flag(_) => 6,
            Self::Area(_) => 7,
            Self::Bounds(..) => 8,
        };
        out.push(kind);
        match self {
            Self::Text(c) => c.pack(out),
            Self::Code(c) => c.pack(out),
            Self::Money(c) | Self::Number(c) | Self::Count(c) => c.pack(out),
            Self::Day(c) => c.pack(out),
            Self::Flag(c) => c.pack(out),
            Self::Area(c) => c.pack(out),
            Self::Bounds(unit, c) => {
                unit.pack(out);
                c.pack(out);
            }
        }
    }

    fn unpack(from: &mut &[u8]) -> Option<Self> {
        Some(match u8::unpack(from)? {
            0 => Self::Text(Pack::unpack(from)?),
            1 => Self::Code(Pack::unpack(from)?),
            2 => Self::Money(Pack::unpack(from)?),
            3 => Self::Number(Pack::unpack(from)?),
            4 => Self::Count(Pack::unpack(from)?),
            5 => Self::Day(Pack::unpack(from)?),
            6 => Self::Flag(Pack::unpack(from)?),
            7 => Self::Area(Pack::unpack(from)?),
            8 => Self::Bounds(Pack::unpack(from)?, Pack::unpack(from)?),
            _ => return None,
        })
    }
}
