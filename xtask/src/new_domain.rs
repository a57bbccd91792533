//! A new domain with the same rooms as every other (ARCHITECTURE.md, "A domain"): it compiles, is tidy, and shows one
//! empty page; whatever it is for comes after.

use anyhow::{Context, Result, bail};
use std::fs;
use std::path::Path;

pub fn run(name: &str) -> Result<()> {
    if name.is_empty() || !name.chars().all(|c| c.is_ascii_lowercase()) {
        bail!("a domain's name is one lower-case word, a noun of the field: `casework`, `grid`");
    }
    let home = Path::new("crates").join(name);
    if home.exists() {
        bail!("{} is there already", home.display());
    }
    let (manifest, tidy) = ("Cargo.toml", "xtask/src/tidy.rs");
    let listed = listed(&fs::read_to_string(manifest)?, name).context("Cargo.toml lists no crates")?;
    let layered = layered(&fs::read_to_string(tidy)?, name).context("tidy.rs has no layers")?;
    for (file, text) in rooms(name) {
        let path = home.join(file);
        fs::create_dir_all(path.parent().unwrap_or(&home))?;
        fs::write(path, text)?;
    }
    fs::write(manifest, listed)?;
    fs::write(tidy, layered)?;
    println!(
        "{} has its rooms and its layer. Now: its line in crates/platform, its row in rights.txt, its first table in \
         migrations/0001_….sql.",
        home.display()
    );
    Ok(())
}

/// Where [`trial`] puts a domain together, and its name.
const TRIAL: (&str, &str) = ("target/new-domain", "trial");

/// A workspace in which a new domain is the only crate of its own: it borrows the others by links, so that what is
/// tried is what [`run`] writes, and the tree stays as it is.
fn trial() -> Result<()> {
    let (home, name) = (Path::new(TRIAL.0), TRIAL.1);
    let crates = home.join("crates");
    fs::create_dir_all(&crates)?;
    for entry in fs::read_dir("crates")? {
        let entry = entry?;
        let link = crates.join(entry.file_name());
        if link.symlink_metadata().is_err() {
            std::os::unix::fs::symlink(fs::canonicalize(entry.path())?, link)?;
        }
    }
    let manifest = listed(&fs::read_to_string("Cargo.toml")?, name).context("Cargo.toml lists no crates")?;
    let manifest = manifest.replace("\"crates/*\", \"xtask\"", &format!("\"crates/{name}\""));
    let manifest = manifest.replace("default-members = [\"crates/fuzhi\"]\n", "");
    // What follows speaks of single crates, most of which aren't here.
    let manifest = manifest.split("[profile.dev.package.argon2]").next().unwrap_or_default();
    fs::write(home.join("Cargo.toml"), manifest)?;
    for file in ["Cargo.lock", "rustfmt.toml", "clippy.toml"] {
        fs::copy(file, home.join(file))?;
    }
    for (file, text) in rooms(name) {
        let path = crates.join(name).join(file);
        fs::create_dir_all(path.parent().unwrap_or(home))?;
        fs::write(path, text)?;
    }
    Ok(())
}

/// Makes a domain in the trial's workspace, and holds it to what every crate is held to; in the same target folder as
/// everything else, where no other is named.
pub fn prove() -> Result<()> {
    trial()?;
    let of_trial = ["--manifest-path", "target/new-domain/Cargo.toml", "--package", TRIAL.1];
    let built = [&["--config", "build.target-dir=\"target\""][..], &of_trial].concat();
    let proofs = [[&["fmt"], &of_trial[..], &["--check"]].concat(), [&["test"], &built[..]].concat()];
    proofs.iter().try_for_each(|proof| crate::ci::step("a new domain, as it is made", "cargo", proof))
}

/// The files of a domain, with `NAME` where its name goes.
const ROOMS: [(&str, &str); 11] = [
    ("Cargo.toml", include_str!("new_domain/Cargo.toml.txt")),
    ("askama.toml", "[general]\ndirs = [\"src/pages\", \"../ui/templates\"]\n"),
    ("locales/zh.ftl", "menu-NAME = NAME\nNAME-empty = 这里还没有内容\nNAME-empty-why = 有了会显示在这里。\n"),
    ("locales/en.ftl", "menu-NAME = NAME\nNAME-empty = Nothing here yet\nNAME-empty-why = It will be shown here.\n"),
    ("src/lib.rs", include_str!("new_domain/lib.rs.txt")),
    (
        "src/model.rs",
        "//! Types that can't be wrong, and the questions `can_…` one may ask of them. No database, no web, no clock.\n",
    ),
    ("src/store.rs", "//! The only SQL: `find_` may be empty, `get_` promises, `list_` is bounded.\n"),
    ("src/actions.rs", "//! The field's verbs: the only writers.\n"),
    ("src/pages.rs", include_str!("new_domain/pages.rs.txt")),
    ("src/pages/NAME.html", include_str!("new_domain/page.html.txt")),
    ("src/tests.rs", include_str!("new_domain/tests.rs.txt")),
];

fn rooms(name: &str) -> impl Iterator<Item = (String, String)> {
    ROOMS.into_iter().map(move |(file, text)| (file.replace("NAME", name), text.replace("NAME", name)))
}

/// The workspace's manifest with the crate beside the others.
fn listed(manifest: &str, name: &str) -> Option<String> {
    let (before, after) = manifest.split_once("platform = { path")?;
    Some(format!("{before}{name} = {{ path = \"crates/{name}\" }}\nplatform = {{ path{after}"))
}

/// The rules of tidiness with the crate among the domains, above the foundation.
fn layered(tidy: &str, name: &str) -> Option<String> {
    let with_domain = longer(tidy, "const DOMAINS: [&str; ", &format!("    \"{name}\","))?;
    let layer = format!("    (\"{name}\", &[\"values\", \"kernel\", \"ui\", \"places\", \"households\"]),");
    longer(&with_domain, "const LAYERS: [(&str, &[&str]); ", &layer)
}

/// A constant array, one line longer.
fn longer(text: &str, head: &str, line: &str) -> Option<String> {
    let (before, rest) = text.split_once(head)?;
    let (count, rest) = rest.split_once("] = [\n")?;
    let count: usize = count.parse().ok()?;
    Some(format!("{before}{head}{}] = [\n{line}\n{rest}", count + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_gets_its_rooms_its_line_and_its_layer() {
        for (file, text) in rooms("grid") {
            assert!(!file.contains("NAME") && !text.contains("NAME") && text.ends_with('\n'), "{file}");
        }
        let manifest = listed(include_str!("../../Cargo.toml"), "grid").unwrap();
        assert!(manifest.contains("\ngrid = { path = \"crates/grid\" }\nplatform = "));
        let tidy = include_str!("tidy.rs");
        let layered = layered(tidy, "grid").unwrap();
        assert_eq!(layered.lines().count(), tidy.lines().count() + 2);
        assert!(layered.contains("\n    \"grid\",\n") && layered.contains("\n    (\"grid\", &["));
    }
}
