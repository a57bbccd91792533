//! Quantities known within limits, at eight bytes each.

use crate::Bounds;

/// [`Bounds`] in eight bytes: the lower end, and how far the upper end lies above it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Packed {
    pub(super) low: i32,
    pub(super) span: u32,
}

impl Packed {
    pub const UNKNOWN: Self = Self { low: i32::MIN, span: Self::OPEN };
    /// Ends that don't fit: [`Quantities`] keeps them beside the column.
    pub const WIDE: Self = Self { low: 0, span: u32::MAX - 1 };
    /// No upper end.
    const OPEN: u32 = u32::MAX;

    /// Anything below 2³¹ in either direction fits: 21 million yuan in fen. [`Packed::WIDE`] is what doesn't.
    #[must_use]
    pub fn new(bounds: Bounds) -> Self {
        if bounds.is_unknown() {
            return Self::UNKNOWN;
        }
        let span = match bounds.high {
            Bounds::NO_HIGH => Some(Self::OPEN),
            high => high.checked_sub(bounds.low).and_then(|span| u32::try_from(span).ok()),
        };
        let is_own = |span: &u32| bounds.high == Bounds::NO_HIGH || *span < Self::WIDE.span;
        match (i32::try_from(bounds.low), span.filter(is_own)) {
            (Ok(low), Some(span)) if low != i32::MIN => Self { low, span },
            _ => Self::WIDE,
        }
    }

    /// `None` for [`Packed::WIDE`].
    #[must_use]
    pub fn bounds(self) -> Option<Bounds> {
        match self {
            Self::UNKNOWN => Some(Bounds::UNKNOWN),
            Self { low, span: Self::OPEN } => Some(Bounds::at_least(low.into())),
            Self { span, .. } if span == Self::WIDE.span => None,
            Self { low, span } => Some(Bounds::between(low.into(), i64::from(low) + i64::from(span))),
        }
    }
}

/// A column of [`Bounds`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Quantities {
    pub(super) rows: Vec<Packed>,
    /// What doesn't fit into eight bytes, by row.
    pub(super) wide: Vec<(u32, Bounds)>,
}

impl Quantities {
    /// A column from its packed rows, and the bounds of those among them that are [`Packed::WIDE`]; of several for one
    /// row the last counts, and a wide row without any is unknown.
    #[must_use]
    pub fn new(rows: Vec<Packed>, mut wide: Vec<(u32, Bounds)>) -> Self {
        wide.reverse();
        wide.sort_by_key(|(row, _)| *row);
        wide.dedup_by_key(|(row, _)| *row);
        wide.retain(|(row, _)| rows.get(*row as usize) == Some(&Packed::WIDE));
        Self { rows, wide }
    }

    /// # Panics
    /// When there is no such row, as a slice does.
    #[must_use]
    pub fn get(&self, row: usize) -> Bounds {
        self.rows[row].bounds().unwrap_or_else(|| {
            let at = self.wide.binary_search_by_key(&row, |(wide, _)| *wide as usize);
            at.map_or(Bounds::UNKNOWN, |at| self.wide[at].1)
        })
    }

    /// Sets one row.
    ///
    /// # Panics
    /// When there is no such row, as a slice does.
    pub fn set(&mut self, row: usize, bounds: Bounds) {
        self.rows[row] = Packed::new(bounds);
        let at = self.wide.binary_search_by_key(&row, |(wide, _)| *wide as usize);
        match (at, self.rows[row] == Packed::WIDE) {
            (Ok(at), true) => self.wide[at].1 = bounds,
            (Err(at), true) => self.wide.insert(at, (row as u32, bounds)),
            (Ok(at), false) => drop(self.wide.remove(at)),
            (Err(_), false) => {}
        }
    }

    /// Puts another column's rows behind these.
    pub fn append(&mut self, other: &Self) {
        let before = self.rows.len() as u32;
        self.rows.extend_from_slice(&other.rows);
        self.wide.extend(other.wide.iter().map(|(row, bounds)| (row + before, *bounds)));
    }

    #[must_use]
    pub const fn len(&self) -> usize {
        self.rows.len()
    }

    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    pub fn shrink_to_fit(&mut self) {
        self.rows.shrink_to_fit();
        self.wide.shrink_to_fit();
    }

    pub fn iter(&self) -> impl Iterator<Item = Bounds> {
        (0..self.len()).map(|row| self.get(row))
    }
}

impl FromIterator<Bounds> for Quantities {
    fn from_iter<I: IntoIterator<Item = Bounds>>(all: I) -> Self {
        let mut wide = Vec::new();
        let pack = |(row, bounds): (usize, Bounds)| {
            let packed = Packed::new(bounds);
            if packed == Packed::WIDE {
                wide.push((row as u32, bounds));
            }
            packed
        };
        let rows = all.into_iter().enumerate().map(pack).collect();
        Self { rows, wide }
    }
}
