//! The archive that is carried to a machine without a network: program, policy, guides, unit, notices, bill of materials.

mod parts;

use anyhow::{Context, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

#[derive(clap::Args)]
pub struct Release {
    /// Where the archive goes.
    #[arg(long, default_value = "target/release-archive")]
    out: PathBuf,
    /// The target folder the program is built in, or was.
    #[arg(long, default_value = "target")]
    target_dir: PathBuf,
    /// A folder with the programs as they were built elsewhere, such as on a machine with an older glibc; none is built.
    #[arg(long)]
    built: Option<PathBuf>,
    /// Writes the notices and the bill of materials only; builds and packs nothing.
    #[arg(long)]
    papers: bool,
    /// With the companion for many machines too, which takes a quarter of an hour more to build.
    #[arg(long)]
    cluster: bool,
}

/// The program, and its companion that prints.
const PROGRAMS: [&str; 2] = ["fuzhi", "fuzhi-print"];
/// What the archive holds beside them and their papers.
const CARRIED: [&str; 14] = [
    "LICENSE",
    "README.md",
    "README.zh.md",
    "CHANGELOG.md",
    "SECURITY.md",
    "ARCHITECTURE.md",
    "GLOSSARY.md",
    "CONTRIBUTING.md",
    "STYLE.md",
    "crates/rulebook/FORMAT.md",
    "policy",
    "docs",
    "deploy/fuzhi.service",
    "deploy/Containerfile",
];

impl Release {
    pub fn run(&self) -> Result<()> {
        let name = format!("fuzhi-{}-{}-linux", env!("CARGO_PKG_VERSION"), std::env::consts::ARCH);
        let folder = self.out.join(&name);
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir_all(&folder)?;
        let programs = [&PROGRAMS[..], if self.cluster { &["fuzhi-cluster"] } else { &[] }].concat();
        let parts = parts::of_programs(&programs)?;
        fs::write(folder.join("THIRD-PARTY.md"), parts::notices(&parts)?)?;
        fs::write(folder.join("sbom.cdx.json"), parts::bill("fuzhi", env!("CARGO_PKG_VERSION"), &parts)?)?;
        println!("{} third-party packages, {}", parts.len(), folder.display());
        if self.papers {
            return Ok(());
        }
        let target = self.target_dir.display().to_string();
        for program in programs {
            if self.built.is_none() {
                run("cargo", &["build", "--release", "--locked", "--package", program, "--target-dir", &target])?;
            }
            let built = self.built.clone().unwrap_or_else(|| self.target_dir.join("release")).join(program);
            fs::copy(&built, folder.join(program)).with_context(|| format!("{} isn't there", built.display()))?;
        }
        for path in CARRIED {
            let to = folder.join(path);
            fs::create_dir_all(to.parent().unwrap_or(&folder))?;
            run("cp", &["--recursive", path, &to.display().to_string()])?;
        }
        self.pack(&name)
    }

    /// The same tree gives the same archive, whoever packs it and when.
    fn pack(&self, name: &str) -> Result<()> {
        let archive = self.out.join(format!("{name}.tar.gz"));
        let (out, to) = (self.out.display().to_string(), archive.display().to_string());
        let plain = ["--sort=name", "--mtime=@0", "--owner=0", "--group=0", "--numeric-owner"];
        let packing = ["--use-compress-program=gzip -n", "--create", "--file", &to, "--directory", &out, name];
        run("tar", &[&plain[..], &packing].concat())?;
        // Beside it and by its name alone: `sha256sum -c` is asked on another machine, in another folder.
        let summing = Command::new("sha256sum").current_dir(&self.out).arg(format!("{name}.tar.gz")).output();
        let sum = summing.context("sha256sum can't be started")?;
        let sum = String::from_utf8(sum.stdout)?;
        fs::write(Path::new(&format!("{to}.sha256")), &sum)?;
        println!("{}", sum.trim());
        Ok(())
    }
}

fn run(program: &str, arguments: &[&str]) -> Result<()> {
    let status =
        Command::new(program).args(arguments).status().with_context(|| format!("{program} can't be started"))?;
    if !status.success() {
        bail!("{program} {} failed", arguments.join(" "));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pages(path: &Path, found: &mut Vec<PathBuf>) {
        if path.is_dir() {
            fs::read_dir(path).unwrap().for_each(|entry| pages(&entry.unwrap().path(), found));
        } else if path.extension().is_some_and(|extension| extension == "md") {
            found.push(path.to_owned());
        }
    }

    #[test]
    fn every_link_of_a_carried_page_leads_to_something_carried() {
        let root = fs::canonicalize("..").unwrap();
        let (mut found, mut broken) = (Vec::new(), Vec::new());
        CARRIED.iter().for_each(|path| pages(&root.join(path), &mut found));
        for page in &found {
            let text = fs::read_to_string(page).unwrap();
            for link in text.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next()) {
                let to = page.parent().unwrap().join(link);
                let known = |to: PathBuf| CARRIED.iter().any(|carried| to.starts_with(root.join(carried)));
                if !link.is_empty() && !link.starts_with("http") && !fs::canonicalize(&to).is_ok_and(known) {
                    broken.push(format!("{} → {link}", page.display()));
                }
            }
        }
        assert!(found.len() > 30 && broken.is_empty(), "{} pages, {broken:#?}", found.len());
    }
}
