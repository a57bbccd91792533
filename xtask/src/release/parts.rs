//! The packages a program is made of: who wrote them, under which licence, in which version.

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

/// A package from elsewhere that ends up in the program.
pub struct Part {
    name: String,
    version: String,
    licence: String,
    repository: String,
    /// The texts of its licences, as its authors ship them.
    texts: Vec<String>,
}

/// Everything these programs are built from, their own crates apart; what only their tests need isn't in it.
pub fn of_programs(programs: &[&str]) -> Result<Vec<Part>> {
    let target = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
    let asked = ["metadata", "--format-version", "1", "--locked", "--filter-platform", &target];
    let output = Command::new("cargo").args(asked).output().context("cargo can't be started")?;
    if !output.status.success() {
        bail!("cargo metadata failed: {}", String::from_utf8_lossy(&output.stderr));
    }
    let known: Value = serde_json::from_slice(&output.stdout)?;
    let packages: BTreeMap<&str, &Value> = list(&known["packages"]).map(|one| (text(&one["id"]), one)).collect();
    let nodes: BTreeMap<&str, &Value> = list(&known["resolve"]["nodes"]).map(|one| (text(&one["id"]), one)).collect();
    let (mut seen, mut waiting) = (BTreeSet::new(), Vec::new());
    for program in programs {
        let root = packages.values().find(|one| text(&one["name"]) == *program && one["source"].is_null());
        waiting.push(text(&root.with_context(|| format!("no package is called {program}"))?["id"]));
    }
    while let Some(id) = waiting.pop() {
        if seen.insert(id) {
            let needed =
                list(&nodes[id]["deps"]).filter(|one| list(&one["dep_kinds"]).any(|kind| kind["kind"] != "dev"));
            waiting.extend(needed.map(|one| text(&one["pkg"])));
        }
    }
    let foreign = seen.into_iter().map(|id| packages[id]).filter(|one| !one["source"].is_null());
    let mut parts: Vec<Part> = foreign.map(part).collect();
    // Of several packages from one place, some leave out the text that holds for all.
    let of_place: BTreeMap<String, Vec<String>> = parts
        .iter()
        .filter(|part| !part.texts.is_empty() && !part.repository.is_empty())
        .map(|part| (part.repository.clone(), part.texts.clone()))
        .collect();
    for part in parts.iter_mut().filter(|part| part.texts.is_empty()) {
        part.texts = of_place.get(&part.repository).cloned().unwrap_or_default();
    }
    parts.sort_by(|a, b| (&a.name, &a.version).cmp(&(&b.name, &b.version)));
    Ok(parts)
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn part(package: &Value) -> Part {
    let word = |name: &str| text(&package[name]).to_owned();
    let folder = Path::new(text(&package["manifest_path"])).parent().unwrap_or(Path::new("."));
    let is_licence = |name: &str| {
        let name = name.to_lowercase();
        ["license", "licence", "copying", "notice", "unlicense"].iter().any(|begin| name.starts_with(begin))
    };
    let mut files: Vec<_> = fs::read_dir(folder).into_iter().flatten().flatten().collect();
    files.retain(|file| is_licence(&file.file_name().to_string_lossy()) && file.path().is_file());
    files.sort_by_key(fs::DirEntry::file_name);
    let texts = files.iter().filter_map(|file| fs::read_to_string(file.path()).ok()).collect();
    Part {
        name: word("name"),
        version: word("version"),
        licence: word("license"),
        repository: word("repository"),
        texts,
    }
}

/// Who is to be thanked, and under which terms: each text once, behind those it holds for.
///
/// # Errors
/// When a package brings no text, and its licence is none whose text stands elsewhere in the archive or need not stand.
pub fn notices(parts: &[Part]) -> Result<String> {
    let mut told =
        String::from("# Third-party notices\n\nFuzhi is built from these packages; each belongs to its authors.\n\n");
    told.push_str("| package | version | licence | source |\n|---|---|---|---|\n");
    let mut by_text: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for part in parts {
        let Part { name, version, licence, repository, .. } = part;
        told.push_str(&format!("| {name} | {version} | {licence} | {repository} |\n"));
        for text in &part.texts {
            by_text.entry(text.trim()).or_default().push(format!("{name} {version}"));
        }
    }
    let mut texts: Vec<_> = by_text.into_iter().collect();
    texts.sort_by(|a, b| a.1.cmp(&b.1));
    for (text, holders) in texts {
        told.push_str(&format!("\n## {}\n\n```text\n{text}\n```\n", holders.join(", ")));
    }
    told.push_str("\n## Without a text of their own\n\n");
    for Part { name, version, licence, .. } in parts.iter().filter(|part| part.texts.is_empty()) {
        let taken = ["Apache-2.0", "0BSD", "CC0-1.0", "Unlicense"].into_iter().find(|one| licence.contains(one));
        let Some(taken) = taken else { bail!("{name} {version} brings no text of its licence, {licence}") };
        let where_it_is = if taken == "Apache-2.0" { "its text is in LICENSE" } else { "which asks for no notice" };
        told.push_str(&format!("- {name} {version}: {taken}, {where_it_is}\n"));
    }
    Ok(told)
}

/// The bill of materials, as CycloneDX 1.6 in JSON.
pub fn bill(program: &str, version: &str, parts: &[Part]) -> Result<String> {
    let component = |part: &Part| {
        let address = format!("pkg:cargo/{}@{}", part.name, part.version);
        json!({
            "type": "library", "bom-ref": address, "name": part.name, "version": part.version, "purl": address,
            "licenses": [{"expression": part.licence.replace('/', " OR ")}],
        })
    };
    let components: Vec<Value> = parts.iter().map(component).collect();
    let bill = json!({
        "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
        "metadata": {"component": {"type": "application", "name": program, "version": version}},
        "components": components,
    });
    Ok(serde_json::to_string_pretty(&bill)? + "\n")
}
