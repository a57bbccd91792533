//! The companion `fuzhi-print`, beside this program: documents are written by it, and PDFs that people hand in are read
//! by it, in a process of their own that may break, hang or swell without taking a page down.

use anyhow::{Context, Result, bail};
use kernel::{Press, Unprinted};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, mpsc};
use std::time::Duration;

/// How long a document may take, and how large it may become.
const PATIENCE: Duration = Duration::from_secs(20);
const LARGEST: u64 = 32 << 20;

/// Where the companion is, and where it looks for fonts.
#[derive(Clone, Debug)]
pub struct Companion {
    program: PathBuf,
    fonts: Option<PathBuf>,
    patience: Duration,
}

/// How it ended without an answer.
#[derive(Debug)]
pub enum Lost {
    /// It isn't there, or can't be started.
    Absent,
    /// It said why, in a line.
    Said { code: i32, words: String },
    /// It took too long, wrote too much or was killed.
    Broke(String),
}

impl Companion {
    /// The one in the folder of this program.
    ///
    /// # Errors
    /// When the system doesn't say where this program is.
    pub fn beside(fonts: Option<PathBuf>) -> Result<Self> {
        let here = std::env::current_exe().context("the system doesn't say where this program is")?;
        Ok(Self { program: here.with_file_name("fuzhi-print"), fonts, patience: PATIENCE })
    }

    #[must_use]
    pub fn press(self) -> Press {
        Arc::new(move |json| tokio::task::block_in_place(|| self.write(json)).map_err(unprinted))
    }

    fn write(&self, json: &[u8]) -> std::result::Result<Vec<u8>, Lost> {
        self.ask(&["write"], json)
    }

    /// The texts of a PDF, as JSON.
    ///
    /// # Errors
    /// [`Lost`] when it is no PDF, encrypted, or the companion isn't there.
    pub fn read(&self, pdf: &[u8]) -> std::result::Result<Vec<u8>, Lost> {
        self.ask(&["read"], pdf)
    }

    /// Which font it writes in.
    ///
    /// # Errors
    /// What is missing, with the remedy.
    pub fn font(&self) -> Result<String> {
        match self.ask(&["fonts"], b"") {
            Ok(said) => Ok(String::from_utf8_lossy(&said).trim().to_owned()),
            Err(Lost::Absent) => bail!("{} isn't there", self.program.display()),
            Err(Lost::Said { words, .. } | Lost::Broke(words)) => bail!("{words}"),
        }
    }

    #[must_use]
    pub fn program(&self) -> &Path {
        &self.program
    }

    fn ask(&self, words: &[&str], input: &[u8]) -> std::result::Result<Vec<u8>, Lost> {
        let mut command = Command::new(&self.program);
        command.args(words).env_clear().stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        if let (Some(fonts), true) = (&self.fonts, words != ["read"]) {
            command.arg("--fonts").arg(fonts);
        }
        let child = command.spawn().map_err(|_| Lost::Absent)?;
        answer(child, input.to_vec(), self.patience)
    }
}

fn unprinted(lost: Lost) -> Unprinted {
    match lost {
        Lost::Absent => Unprinted::NoCompanion,
        Lost::Said { code: 3, .. } => Unprinted::NoFont,
        Lost::Said { code: 4, words } => Unprinted::Characters(words),
        Lost::Said { words, .. } | Lost::Broke(words) => Unprinted::Failed(words),
    }
}

/// Writes to a child and reads from it at once, so that neither waits for the other; ends it when its time is over.
fn answer(mut child: Child, input: Vec<u8>, patience: Duration) -> std::result::Result<Vec<u8>, Lost> {
    let (Some(mut to), Some(from), Some(says)) = (child.stdin.take(), child.stdout.take(), child.stderr.take()) else {
        return Err(end(child, "it has no pipes"));
    };
    let (tell, told) = mpsc::channel();
    let tell_words = tell.clone();
    std::thread::spawn(move || to.write_all(&input));
    std::thread::spawn(move || tell.send((true, all(from, LARGEST))));
    std::thread::spawn(move || tell_words.send((false, all(says, 4096))));
    let (mut written, mut words) = (Vec::new(), Vec::new());
    for _ in 0..2 {
        match told.recv_timeout(patience) {
            Ok((true, Some(bytes))) => written = bytes,
            Ok((false, said)) => words = said.unwrap_or_default(),
            Ok((true, None)) => return Err(end(child, "it wrote too much")),
            Err(_) => return Err(end(child, "it took too long")),
        }
    }
    let status = child.wait().map_err(|cause| Lost::Broke(cause.to_string()))?;
    let words = String::from_utf8_lossy(&words).trim().to_owned();
    match status.code() {
        Some(0) => Ok(written),
        Some(code) => Err(Lost::Said { code, words }),
        None => Err(Lost::Broke(format!("{status} {words}"))),
    }
}

/// Everything a pipe gives, if that is no more than so many bytes.
fn all(from: impl Read, most: u64) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(most + 1).read_to_end(&mut bytes).ok()?;
    (bytes.len() as u64 <= most).then_some(bytes)
}

fn end(mut child: Child, why: &str) -> Lost {
    // It may have ended by itself meanwhile.
    let _ = child.kill();
    let _ = child.wait();
    Lost::Broke(why.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    /// A companion that does what a line of shell says.
    fn doing(folder: &Path, what: &str) -> Companion {
        let program = folder.join("fuzhi-print");
        std::fs::write(&program, format!("#!/bin/sh\n{what}\n")).unwrap();
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
        Companion { program, fonts: None, patience: Duration::from_millis(400) }
    }

    #[test]
    fn whatever_the_companion_does_the_page_gets_an_answer() {
        let folder = tempfile::tempdir().unwrap();
        let told = |what: &str| doing(folder.path(), what).write(&[b'x'; 1 << 20]).map_err(unprinted);
        assert_eq!(told("/bin/cat").map(|bytes| bytes.len()), Ok(1 << 20));
        assert_eq!(told("echo none >&2; exit 3"), Err(Unprinted::NoFont));
        assert_eq!(told("echo 𠮷 >&2; exit 4"), Err(Unprinted::Characters("𠮷".into())));
        assert_eq!(told("echo what >&2; exit 1"), Err(Unprinted::Failed("what".into())));
        assert_eq!(told("exec /bin/sleep 60"), Err(Unprinted::Failed("it took too long".into())));
        assert!(matches!(told("kill -9 $$"), Err(Unprinted::Failed(_))));
        let nowhere = Companion { program: folder.path().join("nothing"), ..doing(folder.path(), "") };
        assert_eq!(nowhere.write(b"{}").map_err(unprinted), Err(Unprinted::NoCompanion));
    }

    #[test]
    fn what_is_too_large_is_refused() {
        assert_eq!(all(&[0; 11][..], 10), None);
        assert_eq!(all(&[0; 10][..], 10).map(|bytes| bytes.len()), Some(10));
    }
}
