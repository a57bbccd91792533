//! Resources laid aside: what departments delivered lies on a shelf, a block of rows at a time, and comes back as far
//! as a stage wants it.

use anyhow::{Result, anyhow};
use batch::{Blob, Drawer};
use facts::records::Resource;
use rayon::prelude::*;
use values::columns::{Pack, packed, unpacked};

/// A resource whose rows lie in a drawer.
#[derive(Debug)]
pub struct Laid {
    /// The delivery without its rows.
    pub head: Resource,
    blocks: Vec<Block>,
}

/// Some rows of a resource, in two blobs, since linking asks for the keys alone.
#[derive(Debug)]
pub struct Block {
    /// The rows as they are numbered in the file before this block: those here are numbered from there on.
    pub before: u32,
    /// The first one's place in the resource, and how many there are.
    pub first: usize,
    pub rows: usize,
    keys: Blob,
    own: Blob,
}

/// How much of a row is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Its number and the person keys.
    Keys,
    All,
}

/// What is wrong with a blob that isn't what was put there.
pub fn damaged() -> anyhow::Error {
    anyhow!("what was laid aside can't be read back; run again")
}

/// Something from its blob.
///
/// # Errors
/// When the disk refuses, or somebody changed the file.
pub fn fetched<T: Pack>(drawer: &Drawer, blob: &Blob) -> Result<T> {
    let bytes = drawer.get(blob).map_err(|problem| anyhow!("{problem}"))?;
    unpacked(&bytes).ok_or_else(damaged)
}

impl Block {
    /// Lays some rows aside. Their place in the resource is for [`Laid::new`] to say.
    ///
    /// # Errors
    /// When the disk is full or refuses.
    pub fn lay(drawer: &Drawer, resource: &Resource) -> batch::Result<Self> {
        let mut keys = packed(&resource.rows);
        resource.keys.pack(&mut keys);
        Ok(Self {
            before: 0,
            first: 0,
            rows: resource.len(),
            keys: drawer.put(keys)?,
            own: Self::own(drawer, resource)?,
        })
    }

    /// Lays the own fields of some rows aside.
    ///
    /// # Errors
    /// When the disk is full or refuses.
    pub fn own(drawer: &Drawer, resource: &Resource) -> batch::Result<Blob> {
        let mut own = packed(&resource.own);
        resource.own_digest.pack(&mut own);
        drawer.put(own)
    }
}

impl Laid {
    /// The resource that these blocks are, each with the number of data rows its part of the file holds.
    #[must_use]
    pub fn new(head: Resource, blocks: impl IntoIterator<Item = (Block, u32)>) -> Self {
        let (mut first, mut before) = (0, 0);
        let place = |(mut block, seen): (Block, u32)| {
            (block.first, block.before) = (first, before);
            first += block.rows;
            before += seen;
            block
        };
        Self { head, blocks: blocks.into_iter().map(place).collect() }
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.blocks.last().map_or(0, |block| block.first + block.rows)
    }

    /// Lets go of its rows.
    pub fn clear(&mut self) {
        self.blocks = Vec::new();
    }

    #[must_use]
    pub fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    /// Puts other own fields in the place of those there are, for every block.
    pub fn replace_own(&mut self, own: Vec<Blob>) {
        self.blocks.iter_mut().zip(own).for_each(|(block, own)| block.own = own);
    }

    /// Some of its rows back from the drawer.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn block(&self, drawer: &Drawer, at: usize, wanted: Wanted) -> Result<Resource> {
        let block = self.blocks.get(at).ok_or_else(damaged)?;
        let bytes = drawer.get(&block.keys).map_err(|problem| anyhow!("{problem}"))?;
        let mut from = &bytes[..];
        let mut resource = self.head.head();
        resource.rows = Pack::unpack(&mut from).ok_or_else(damaged)?;
        resource.rows.iter_mut().for_each(|row| *row += block.before);
        resource.keys = Pack::unpack(&mut from).ok_or_else(damaged)?;
        if wanted == Wanted::All {
            let bytes = drawer.get(&block.own).map_err(|problem| anyhow!("{problem}"))?;
            let mut from = &bytes[..];
            resource.own = Pack::unpack(&mut from).ok_or_else(damaged)?;
            resource.own_digest = Pack::unpack(&mut from).ok_or_else(damaged)?;
        }
        Ok(resource)
    }

    /// What `each` makes of every block, on all cores, in order. It is told the place of the block's first row.
    ///
    /// # Errors
    /// When the disk refuses, and what `each` says.
    pub fn map<T: Send>(
        &self,
        drawer: &Drawer,
        wanted: Wanted,
        each: impl Fn(usize, Resource) -> Result<T> + Sync,
    ) -> Result<Vec<T>> {
        let blocks = 0..self.blocks.len();
        blocks.into_par_iter().map(|at| each(self.blocks[at].first, self.block(drawer, at, wanted)?)).collect()
    }

    /// All rows, less what `slim` takes away.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn gather(&self, drawer: &Drawer, wanted: Wanted, slim: impl Fn(&mut Resource) + Sync) -> Result<Resource> {
        let mut whole = self.head.head();
        let blocks: Vec<usize> = (0..self.blocks.len()).collect();
        // A block a core at a time: what `slim` takes away is gone before the next ones come.
        for some in blocks.chunks(rayon::current_num_threads()) {
            let block = |at: &usize| {
                let mut rows = self.block(drawer, *at, wanted)?;
                slim(&mut rows);
                Ok(rows)
            };
            let rows: Result<Vec<Resource>> = some.par_iter().map(block).collect();
            rows?.into_iter().for_each(|rows| whole.append(rows));
        }
        whole.shrink_to_fit();
        Ok(whole)
    }
}
