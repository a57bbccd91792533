//! Writing: a file appears under its name only when it is whole.

mod buffered;
mod csv;
mod jsonl;
mod pages;
pub(crate) mod parquet;
pub(crate) mod rows;
mod sqlite;
mod xlsx;

use crate::{Problem, Result};
use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// Makes a folder, and those above it, that only its owner may enter.
///
/// # Errors
/// When the operating system refuses.
pub fn private_folder(path: &Path) -> Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(|e| Problem::unwritable(&name_of(path), &e))
}

/// Writes a file through `fill`; it appears, readable by its owner alone, when all of it is on the disk.
///
/// # Errors
/// When the disk is full or refuses; nothing is left behind then.
pub fn write_whole(path: &Path, fill: impl FnOnce(&mut dyn Write) -> std::io::Result<()>) -> Result<()> {
    let mut whole = Whole::create(path)?;
    fill(&mut whole).map_err(|e| whole.problem(&e))?;
    whole.finish()
}

/// A file that is being written beside its place, and put there by [`Whole::finish`].
pub(crate) struct Whole {
    file: Option<BufWriter<File>>,
    partial: Partial,
    path: PathBuf,
}

impl Whole {
    pub(crate) fn create(path: &Path) -> Result<Self> {
        let partial = Partial::beside(path);
        let file = private_file(&partial.0).map_err(|e| Problem::unwritable(&name_of(path), &e))?;
        Ok(Self { file: Some(BufWriter::with_capacity(1 << 18, file)), partial, path: path.to_owned() })
    }

    pub(crate) fn problem(&self, error: &std::io::Error) -> Problem {
        Problem::unwritable(&name_of(&self.path), error)
    }

    pub(crate) fn finish(mut self) -> Result<()> {
        let written = self.file.take().map_or(Ok(()), |file| {
            let file = file.into_inner().map_err(std::io::IntoInnerError::into_error)?;
            file.sync_all()?;
            std::fs::rename(&self.partial.0, &self.path)
        });
        written.map_err(|e| self.problem(&e))
    }
}

impl Write for Whole {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.file.as_mut().map_or(Ok(0), |file| file.write(bytes))
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.file.as_mut().map_or(Ok(()), Write::flush)
    }
}

impl Seek for Whole {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        self.file.as_mut().map_or(Ok(0), |file| file.seek(to))
    }
}

/// A file beside its place, forgotten unless it is put there.
pub(crate) struct Partial(PathBuf);

impl Partial {
    fn beside(path: &Path) -> Self {
        let mut name = path.as_os_str().to_owned();
        name.push(".partial");
        Self(name.into())
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        // Renamed already, or to be forgotten: either way an error says nothing new.
        let _ = std::fs::remove_file(&self.0);
    }
}

pub(crate) fn private_file(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

pub(crate) fn name_of(path: &Path) -> String {
    path.display().to_string()
}
