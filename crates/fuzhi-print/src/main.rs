//! The companion that writes Fuzhi's documents as PDF, and reads the text of a PDF somebody hands in.
//!
//! `fuzhi` starts it as a child process, with one document as JSON on its input, and takes the PDF from its output: what
//! typst needs of memory and build time stays out of the program that serves pages, and a document that breaks something
//! breaks this process alone. It opens no file but fonts, and no connection. What it couldn't do stands as one line on
//! stderr; its exit code says of what kind that is ([`Cause`]).

mod fonts;
mod paper;
mod read;
#[cfg(test)]
mod tests;

use clap::{Parser, Subcommand};
use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Parser)]
#[command(name = "fuzhi-print", version, about = "扶智 · documents as PDF")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Reads a document as JSON on stdin, writes it as PDF to stdout.
    Write {
        /// A font file, or a folder to look for one in.
        #[arg(long)]
        fonts: Option<PathBuf>,
    },
    /// Reads a PDF on stdin, writes its texts as JSON to stdout.
    Read,
    /// Says which font documents are written in.
    Fonts {
        #[arg(long)]
        fonts: Option<PathBuf>,
    },
}

/// Why there is no document.
#[derive(Debug, PartialEq, Eq)]
enum Cause {
    /// Exit code 1: the document isn't one, or can't be laid out; the PDF can't be read.
    Document(String),
    /// 3: no Chinese font is here.
    Font(String),
    /// 4: the font lacks these characters.
    Characters(String),
}

impl Cause {
    const fn code(&self) -> u8 {
        match self {
            Self::Document(_) => 1,
            Self::Font(_) => 3,
            Self::Characters(_) => 4,
        }
    }

    fn words(&self) -> &str {
        match self {
            Self::Document(words) | Self::Font(words) | Self::Characters(words) => words,
        }
    }
}

fn main() -> ExitCode {
    match answer(Arguments::parse().command) {
        Ok(bytes) => match std::io::stdout().write_all(&bytes) {
            Ok(()) => ExitCode::SUCCESS,
            Err(_) => ExitCode::FAILURE,
        },
        Err(cause) => {
            eprintln!("{}", cause.words());
            ExitCode::from(cause.code())
        }
    }
}

fn answer(command: Command) -> Result<Vec<u8>, Cause> {
    match command {
        Command::Write { fonts } => paper::write(&input()?, &fonts::find(fonts.as_deref())?),
        Command::Read => {
            let read = read::read(input()?)?;
            serde_json::to_vec(&read).map_err(|cause| Cause::Document(cause.to_string()))
        }
        Command::Fonts { fonts } => Ok(format!("{}\n", fonts::find(fonts.as_deref())?.path.display()).into_bytes()),
    }
}

fn input() -> Result<Vec<u8>, Cause> {
    let mut bytes = Vec::new();
    std::io::stdin().read_to_end(&mut bytes).map_err(|cause| Cause::Document(cause.to_string()))?;
    Ok(bytes)
}
