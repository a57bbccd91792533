//! Parts on their way from one machine to another.

use super::{Mapping, Part};
use crate::quality::Tally;
use crate::rejects::Reject;
use values::columns::{Column, Pack};

impl Part {
    /// The part as bytes, for [`Mapping::receive`].
    #[must_use]
    pub fn send(&self) -> Vec<u8> {
        let mut out = Vec::new();
        for number in [self.seen, self.dropped, self.elsewhere] {
            number.pack(&mut out);
        }
        self.rows.pack(&mut out);
        self.keys.pack(&mut out);
        (self.own.len() as u64).pack(&mut out);
        for (name, column) in &self.own {
            (*name).to_owned().pack(&mut out);
            column.pack(&mut out);
        }
        self.own_digest.pack(&mut out);
        // Few, and of many shapes. Numbers and texts always have a JSON form.
        serde_json::to_string(&(&self.rejects, &self.tallies)).unwrap_or_default().pack(&mut out);
        out
    }
}

impl Mapping<'_> {
    /// The part that was sent, mapped elsewhere by the same description; `None` where the bytes are none.
    #[must_use]
    pub fn receive(&self, mut bytes: &[u8]) -> Option<Part> {
        let from = &mut bytes;
        let [seen, dropped, elsewhere] = [u32::unpack(from)?, u32::unpack(from)?, u32::unpack(from)?];
        let (rows, keys) = (Pack::unpack(from)?, Pack::unpack(from)?);
        let count = u64::unpack(from)?;
        let own = (0..count).map(|_| {
            let field = self.spec.record.field(&String::unpack(from)?)?;
            Some((field.name.as_str(), Column::unpack(from)?))
        });
        let own: Vec<(&'static str, Column)> = own.collect::<Option<_>>()?;
        let own_digest = Pack::unpack(from)?;
        let (rejects, tallies): (Vec<Reject>, Vec<Tally>) = serde_json::from_str(&String::unpack(from)?).ok()?;
        from.is_empty().then_some(Part { seen, rows, keys, own, own_digest, rejects, tallies, dropped, elsewhere })
    }
}
