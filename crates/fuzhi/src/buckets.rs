//! The county in buckets: as many as it takes for one of them, with all that is reckoned of it, to fit into memory.
//!
//! One is open at a time; the others lie on the shelf. A county that fits as a whole is one bucket that stays open.

mod spread;

pub use spread::{Asked, Spread, Step};

use crate::aside::{Wanted, fetched};
use crate::intake::Intake;
use anyhow::{Result, anyhow};
use batch::{Blob, Drawer, Shelf};
use facts::assembly::Assembly;
use facts::bucket::{Cut, Filling, Head, Share};
use facts::records::{Links, Resource};
use facts::survey::Survey;
use facts::{Bucket, Doubtful, Facts, Quirks, Tally};
use rayon::prelude::*;
use std::sync::{Arc, Mutex, PoisonError};
use values::columns::packed;

/// The county's households with everything that is said and known of them.
pub struct Buckets {
    /// The deliveries without their rows.
    resources: Vec<Resource>,
    drawer: Drawer,
    /// By bucket: its people and households, and its rows of one delivery after the other.
    laid: Vec<(Blob, Vec<(usize, Blob)>)>,
    households: u64,
    known: Vec<Mutex<Known>>,
    open: Mutex<Option<(usize, Arc<Bucket>)>>,
}

/// The facts of a bucket.
enum Known {
    Nothing,
    Here(Arc<Facts>),
    Laid(Blob),
}

/// A bucket, and what is known of its households.
#[derive(Clone)]
pub struct Opened {
    pub bucket: Arc<Bucket>,
    pub facts: Arc<Facts>,
}

impl Buckets {
    /// Cuts the county, and lets go of what was laid aside of the deliveries, one after the other.
    ///
    /// # Errors
    /// When what doesn't fit into memory doesn't fit on the disk either.
    pub fn fill(shelf: &Shelf, cut: Cut, intake: &mut Intake, links: &Links, assembly: &Assembly) -> Result<Self> {
        let resources = intake.heads();
        let drawer = shelf.drawer("buckets");
        let mut laid: Vec<Vec<(usize, Blob)>> = (0..cut.buckets()).map(|_| Vec::new()).collect();
        let mut filling = Filling::new(assembly, &links.people, cut);
        for (number, person) in links.person.iter().enumerate() {
            let blocks = intake.resources[number].blocks().len();
            for at in 0..blocks {
                let first = intake.resources[number].blocks()[at].first;
                let rows = intake.resources[number].block(&intake.drawer, at, Wanted::All)?;
                let shares = filling.divide(number as u16, first, &rows, person);
                let put = |share: &Share| drawer.put(share.packed());
                let blobs: batch::Result<Vec<Blob>> = shares.par_iter().map(put).collect();
                let blobs = blobs.map_err(|problem| anyhow!("{problem}"))?;
                laid.iter_mut().zip(blobs).for_each(|(laid, blob)| laid.push((number, blob)));
            }
            intake.resources[number].clear();
        }
        let mut buckets = Vec::new();
        for (head, rows) in filling.heads().into_iter().zip(laid) {
            buckets.push((drawer.put(packed(&head)).map_err(|problem| anyhow!("{problem}"))?, rows));
        }
        let known = buckets.iter().map(|_| Mutex::new(Known::Nothing)).collect();
        let households = assembly.households.len() as u64;
        Ok(Self { resources, drawer, laid: buckets, households, known, open: Mutex::default() })
    }

    #[must_use]
    pub const fn len(&self) -> usize {
        self.laid.len()
    }

    #[must_use]
    pub const fn households(&self) -> u64 {
        self.households
    }

    /// A bucket, from the shelf unless it is the one opened last.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn bucket(&self, at: usize) -> Result<Arc<Bucket>> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        match &*open {
            Some((known, bucket)) if *known == at => return Ok(bucket.clone()),
            _ => *open = None,
        }
        let bucket = Arc::new(self.fetch(at)?);
        *open = Some((at, bucket.clone()));
        Ok(bucket)
    }

    fn fetch(&self, at: usize) -> Result<Bucket> {
        let (head, rows) = &self.laid[at];
        let mut resources: Vec<Resource> = self.resources.iter().map(Resource::head).collect();
        let mut person: Vec<Vec<u32>> = vec![Vec::new(); resources.len()];
        resources.par_iter_mut().zip(&mut person).enumerate().try_for_each(|(number, (resource, person))| {
            for (_, blob) in rows.iter().filter(|(of, _)| *of == number) {
                let bytes = self.drawer.get(blob).map_err(|problem| anyhow!("{problem}"))?;
                let share = Share::unpacked(&bytes, resource.head()).ok_or_else(crate::aside::damaged)?;
                resource.append(share.resource);
                person.extend(share.person);
            }
            anyhow::Ok(())
        })?;
        Ok(fetched::<Head>(&self.drawer, head)?.with(resources, person))
    }

    /// Keeps what is known of a bucket's households: here where there is no other bucket, else on the shelf.
    ///
    /// # Errors
    /// When what doesn't fit into memory doesn't fit on the disk either.
    pub fn keep(&self, at: usize, facts: Facts) -> Result<()> {
        let known = match self.len() {
            1 => Known::Here(Arc::new(facts)),
            _ => Known::Laid(self.drawer.put(packed(&facts)).map_err(|problem| anyhow!("{problem}"))?),
        };
        *self.known[at].lock().unwrap_or_else(PoisonError::into_inner) = known;
        Ok(())
    }

    /// What is known of a bucket's households.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn facts(&self, at: usize) -> Result<Arc<Facts>> {
        match &*self.known[at].lock().unwrap_or_else(PoisonError::into_inner) {
            Known::Nothing => Err(anyhow!("nothing is known of bucket {at} yet")),
            Known::Here(facts) => Ok(facts.clone()),
            Known::Laid(blob) => fetched(&self.drawer, blob).map(Arc::new),
        }
    }

    /// Takes away what is known, to change it.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn take(&self, at: usize) -> Result<Facts> {
        let known =
            std::mem::replace(&mut *self.known[at].lock().unwrap_or_else(PoisonError::into_inner), Known::Nothing);
        match known {
            Known::Nothing => Err(anyhow!("nothing is known of bucket {at} yet")),
            Known::Here(facts) => Ok(Arc::unwrap_or_clone(facts)),
            Known::Laid(blob) => fetched(&self.drawer, &blob),
        }
    }

    /// A bucket with what is known of its households.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn open(&self, at: usize) -> Result<Opened> {
        Ok(Opened { bucket: self.bucket(at)?, facts: self.facts(at)? })
    }
}

/// Reckons what is known of every household, and keeps it; gives back what only all of them together can settle.
///
/// # Errors
/// When the disk is full or refuses.
pub fn reckon(buckets: &Buckets, survey: &mut Survey, done: &dyn Fn(u64)) -> Result<Vec<Doubtful>> {
    let mut tallied = Tally::default();
    for at in 0..buckets.len() {
        tallied = tallied.plus(facts::tally(&*buckets.bucket(at)?, survey));
    }
    survey.quirks = Quirks::new(tallied);
    let mut doubtful = Vec::new();
    for at in 0..buckets.len() {
        let bucket = buckets.bucket(at)?;
        let (facts, doubt) = facts::reckon(&bucket, survey);
        done(bucket.assembly.households.len() as u64);
        buckets.keep(at, facts)?;
        doubtful.push(doubt);
    }
    Ok(doubtful)
}
