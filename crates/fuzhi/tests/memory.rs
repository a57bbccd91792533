//! A run within little memory: the county is cut into buckets, what doesn't fit is laid aside, and every file is the same.

#![expect(clippy::unwrap_used, reason = "a surprise ends the test with its place")]

use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn fuzhi(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_fuzhi")).args(arguments).output().expect("the program starts")
}

fn ok(arguments: &[&str]) -> Output {
    let output = fuzhi(arguments);
    assert!(output.status.success(), "{arguments:?}: {}", said(&output));
    output
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a plain path")
}

fn run<'a>(county: &'a Path, out: &'a Path, memory: &'a str) -> [&'a str; 9] {
    ["run", text(county), "--out", text(out), "--store", "none", "--json", "--memory", memory]
}

/// What a run gives back, but for `run.json`, which tells what it cost.
const FILES: [&str; 12] = [
    "links.parquet",
    "members.parquet",
    "identities.parquet",
    "facts.parquet",
    "measures.parquet",
    "findings.parquet",
    "findings.json",
    "report.html",
    "quality.json",
    "state/people.parquet",
    "state/households.parquet",
    "rejects",
];

fn content(path: &Path) -> Vec<u8> {
    if !path.is_dir() {
        return fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }
    let mut files: Vec<_> = fs::read_dir(path).expect("a folder").map(|entry| entry.expect("a file").path()).collect();
    files.sort();
    files.into_iter().flat_map(|file| content(&file)).collect()
}

fn same(a: &Path, b: &Path) {
    for file in FILES {
        assert!(content(&a.join(file)) == content(&b.join(file)), "{file} differs");
    }
}

/// A small county planted, and run with as much memory as it wants.
fn planted(home: &Path, seed: &str) {
    ok(&["demo", "--no-serve", "--seed", seed, "--out", text(&home.join("demo"))]);
}

#[test]
fn a_county_in_many_buckets_gives_the_same_bytes_and_says_what_it_took() {
    let home = tempfile::tempdir().unwrap();
    planted(home.path(), "8");
    let (county, whole) = (home.path().join("demo/county"), home.path().join("demo/out"));
    let out = home.path().join("out");
    // What a killed run laid aside lies there still.
    fs::create_dir_all(out.join(".aside")).unwrap();
    fs::write(out.join(".aside/rows"), "half of a row").unwrap();
    let output = ok(&run(&county, &out, "2MB"));
    let summary: Value = serde_json::from_slice(&output.stdout).unwrap();
    // Villages stay whole, so that the least memory leads to a bucket for each.
    let villages = villages(&county);
    assert_eq!(buckets(&output), villages, "{summary}");
    assert!(summary["spilled"].as_u64().unwrap() > 1_000_000, "{summary}");
    assert!(said(&output).contains("It took more than the"), "{}", said(&output));
    same(&out, &whole);
    assert!(!out.join(".aside").exists());
    // Once more, over its own history, and in a few buckets.
    let few = buckets(&ok(&run(&county, &out, "16MB")));
    assert!(1 < few && few < villages, "{few} buckets of {villages} villages");
    same(&out, &whole);
    assert_eq!(buckets(&ok(&run(&county, &out, "2GB"))), 1, "what fits is one bucket");
}

/// How many villages the county has now; those that were merged or split have an end.
fn villages(county: &Path) -> u64 {
    let places = fs::read_to_string(county.join("places.csv")).unwrap();
    let rows = places.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let villages = rows.filter(|row| row[2] == "village" && row[5].is_empty()).count();
    assert!(villages > 5, "{places}");
    villages as u64
}

/// In how many buckets a run took the county.
fn buckets(run: &Output) -> u64 {
    let summary: Value = serde_json::from_slice(&run.stdout).unwrap();
    summary["buckets"].as_u64().unwrap()
}

/// Needs the right to mount; elsewhere nothing is tried.
#[test]
fn a_disk_that_is_full_while_rows_are_laid_aside_leaves_out_whole() {
    let home = tempfile::tempdir().unwrap();
    planted(home.path(), "9");
    let county = home.path().join("demo/county");
    let disk = home.path().join("disk");
    fs::create_dir(&disk).unwrap();
    let mount = Command::new("mount").args(["-t", "tmpfs", "-o", "size=96m", "tmpfs", text(&disk)]).status();
    if !mount.is_ok_and(|status| status.success()) {
        return;
    }
    let out = disk.join("out");
    let first = fuzhi(&run(&county, &out, "2GB"));
    let before = fs::read(out.join("findings.json"));
    // Whatever is free but a megabyte.
    let free = Command::new("df").args(["--output=avail", "-B1", text(&disk)]).output().unwrap();
    let free: u64 = String::from_utf8_lossy(&free.stdout).lines().last().unwrap().trim().parse().unwrap();
    let filled = fs::write(disk.join("full"), vec![0; free as usize - (1 << 20)]);
    let full = fuzhi(&run(&county, &out, "2MB"));
    let left = fs::read(out.join("findings.json"));
    let laid_aside = out.join(".aside").exists();
    fs::remove_file(disk.join("full")).unwrap();
    let again = fuzhi(&run(&county, &out, "2MB"));
    let after = fs::read(out.join("findings.json"));
    Command::new("umount").arg(&disk).status().unwrap();
    assert!(first.status.success() && filled.is_ok(), "{}", said(&first));
    assert_eq!(full.status.code(), Some(1), "{}", said(&full));
    assert!(said(&full).contains("the disk is full"), "{}", said(&full));
    assert!(left.unwrap() == *before.as_ref().unwrap() && !laid_aside);
    assert!(again.status.success(), "{}", said(&again));
    assert!(after.unwrap() == before.unwrap());
}
