//! Where bytes are laid aside while memory is needed for something else: in memory up to an allowance, behind that in
//! files that only their owner may read.
//!
//! A [`Shelf`] has the allowance, a [`Drawer`] of it one file, made when it is first needed and removed with the drawer.
//! A [`Blob`] that is dropped gives its memory back; its place in a file is free when the drawer is.

use crate::write::name_of;
use crate::{Problem, Result, private_folder};
use std::borrow::Cow;
use std::fs::{File, OpenOptions};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// An allowance of memory, and a folder for what goes beyond it.
#[derive(Clone, Debug)]
pub struct Shelf(Arc<Room>);

#[derive(Debug)]
struct Room {
    folder: PathBuf,
    allowance: u64,
    held: Arc<AtomicU64>,
    spilled: AtomicU64,
}

impl Shelf {
    /// A shelf that holds so many bytes in memory. The folder is made when it is needed.
    #[must_use]
    pub fn new(folder: &Path, allowance: u64) -> Self {
        let held = Arc::new(AtomicU64::new(0));
        Self(Arc::new(Room { folder: folder.to_owned(), allowance, held, spilled: AtomicU64::new(0) }))
    }

    /// A shelf that keeps everything in memory.
    #[must_use]
    pub fn in_memory() -> Self {
        Self::new(Path::new(""), u64::MAX)
    }

    /// A place of its own; `name` must be no other drawer's.
    #[must_use]
    pub fn drawer(&self, name: &str) -> Drawer {
        let path = self.0.folder.join(name);
        Drawer { shelf: self.clone(), path, file: Mutex::default(), end: AtomicU64::new(0) }
    }

    /// How many bytes went to the disk so far, over all drawers.
    #[must_use]
    pub fn spilled(&self) -> u64 {
        self.0.spilled.load(Ordering::Relaxed)
    }
}

/// Blobs that belong together.
#[derive(Debug)]
pub struct Drawer {
    shelf: Shelf,
    path: PathBuf,
    file: Mutex<Option<Arc<File>>>,
    end: AtomicU64,
}

/// Bytes laid aside in a drawer.
#[derive(Debug)]
pub struct Blob(Place);

#[derive(Debug)]
enum Place {
    Held(Vec<u8>, Arc<AtomicU64>),
    Lying { from: u64, len: usize },
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Self::Held(bytes, held) = self {
            held.fetch_sub(bytes.len() as u64, Ordering::Relaxed);
        }
    }
}

impl Blob {
    #[must_use]
    pub fn len(&self) -> usize {
        match &self.0 {
            Place::Held(bytes, _) => bytes.len(),
            Place::Lying { len, .. } => *len,
        }
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Drawer {
    /// Lays bytes aside.
    ///
    /// # Errors
    /// When they don't fit into the allowance and the disk is full or refuses.
    pub fn put(&self, mut bytes: Vec<u8>) -> Result<Blob> {
        let Room { allowance, held, spilled, .. } = &*self.shelf.0;
        let len = bytes.len() as u64;
        if held.fetch_add(len, Ordering::Relaxed).saturating_add(len) <= *allowance {
            bytes.shrink_to_fit();
            return Ok(Blob(Place::Held(bytes, held.clone())));
        }
        held.fetch_sub(len, Ordering::Relaxed);
        let from = self.end.fetch_add(len, Ordering::Relaxed);
        self.file()?.write_all_at(&bytes, from).map_err(|e| self.problem(&e))?;
        spilled.fetch_add(len, Ordering::Relaxed);
        Ok(Blob(Place::Lying { from, len: bytes.len() }))
    }

    /// The bytes of a blob that was put into this drawer.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn get<'b>(&self, blob: &'b Blob) -> Result<Cow<'b, [u8]>> {
        match &blob.0 {
            Place::Held(bytes, _) => Ok(Cow::Borrowed(bytes)),
            Place::Lying { from, len } => {
                let mut bytes = vec![0; *len];
                self.file()?.read_exact_at(&mut bytes, *from).map_err(|e| self.problem(&e))?;
                Ok(Cow::Owned(bytes))
            }
        }
    }

    fn file(&self) -> Result<Arc<File>> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(file) = &*file {
            return Ok(file.clone());
        }
        private_folder(&self.shelf.0.folder)?;
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(true).mode(0o600);
        let opened = options.open(&self.path).map_err(|e| self.problem(&e))?;
        Ok(file.insert(Arc::new(opened)).clone())
    }

    fn problem(&self, error: &std::io::Error) -> Problem {
        Problem::unwritable(&name_of(&self.path), error)
    }
}

impl Drop for Drawer {
    fn drop(&mut self) {
        if self.file.get_mut().is_ok_and(|file| file.is_some()) {
            // The next run clears away what can't be removed.
            let _ = std::fs::remove_file(&self.path);
        }
    }
}
