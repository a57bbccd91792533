//! What an earlier release kept becomes this release's on both databases, with people's work in it (testdata/README.md).

#![expect(clippy::unwrap_used, reason = "a surprise ends the test with its place")]

use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fuzhi"));
    command.args(arguments).env("FUZHI_KEY", "01".repeat(32));
    command
}

fn ok(arguments: &[&str]) -> String {
    let Output { status, stdout, stderr } = program(arguments).output().unwrap();
    assert!(status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&stderr));
    String::from_utf8(stdout).unwrap()
}

/// How many rows each table of a backup holds.
fn rows(backup: &Path) -> BTreeMap<String, u64> {
    let sealed: Value = serde_json::from_slice(&fs::read(backup.join("manifest.json")).unwrap()).unwrap();
    let manifest: Value = serde_json::from_str(sealed["manifest"].as_str().unwrap()).unwrap();
    let table = |kept: &Value| (kept["name"].as_str().unwrap().to_owned(), kept["rows"].as_u64().unwrap());
    manifest["tables"].as_array().unwrap().iter().map(table).collect()
}

fn releases() -> Vec<PathBuf> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../testdata");
    let all = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    all.filter(|path| path.file_name().unwrap().to_string_lossy().starts_with("release-")).collect()
}

#[test]
fn what_each_earlier_release_kept_is_brought_up_to_date_with_its_rows() {
    let home = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    assert!(!releases().is_empty());
    for (number, release) in releases().iter().enumerate() {
        let before = rows(release);
        let sqlite = format!("sqlite:{}", home.path().join(format!("{number}.db")).display());
        let postgres = runtime.block_on(testkit::postgres::new_database());
        for (store, next) in [(&sqlite, format!("{number}-sqlite")), (&postgres, format!("{number}-postgres"))] {
            let said = ok(&["restore", release.to_str().unwrap(), "--store", store]);
            assert!(said.contains("none changed, removed or moved"), "{said}");
            let doctor = program(&["doctor", "--store", store]).output().unwrap();
            let doctor = String::from_utf8_lossy(&doctor.stdout).into_owned();
            assert!(!doctor.contains("behind"), "{doctor}");
            people_find_their_work(store);
            let next = home.path().join(next);
            ok(&["backup", "--store", store, "--out", next.to_str().unwrap()]);
            let after = rows(&next);
            for (table, count) in before.iter().filter(|(table, _)| table.as_str() != "audit_waiting") {
                assert!(after.get(table) >= Some(count), "{table} in {store}: {:?} of {count}", after.get(table));
            }
            assert!(ok(&["audit", "verify", "--store", store]).contains("none"), "the trail is whole");
        }
    }
}

/// Somebody signs in to the store as it is now, and opens a family, a case and a finding of then.
fn people_find_their_work(store: &str) {
    let served = Served::start(store);
    let mut visitor = Visitor { address: served.address.clone(), cookies: BTreeMap::new() };
    let door = visitor.ask("GET", "/signin", "");
    let csrf = door.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    visitor.ask("POST", "/session", &format!("csrf={csrf}&account=township&password=jiuyuan-2026&then=%2Fhome"));
    for (list, prefix, sign) in [
        ("/households", "/households/", "53**********"),
        ("/cases?tab=open", "/cases/", "GA-2026"),
        ("/findings", "/findings/", "这不代表"),
    ] {
        let page = visitor.ask("GET", list, "");
        let rows = page.split("<th scope=\"row\">").nth(1).unwrap_or_else(|| panic!("{list} is empty: {page}"));
        let first = rows.split("href=\"").nth(1).unwrap().split('"').next().unwrap();
        assert!(first.starts_with(prefix), "{list}: {first}");
        let opened = visitor.ask("GET", first, "");
        assert!(opened.starts_with("HTTP/1.1 200") && opened.contains(sign), "{first}: {opened}");
    }
}

/// The program serving a store; ended with the test.
struct Served {
    child: Child,
    address: String,
}

impl Served {
    fn start(store: &str) -> Self {
        let mut serve = program(&["serve", "--demo", "--listen", "127.0.0.1:0", "--store", store]);
        let mut child = serve.stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let said = lines.map_while(Result::ok).find(|line| line.starts_with("http://")).unwrap();
        let address = said.trim_start_matches("http://").split(' ').next().unwrap().to_owned();
        Self { child, address }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

struct Visitor {
    address: String,
    cookies: BTreeMap<String, String>,
}

impl Visitor {
    fn ask(&mut self, method: &str, path: &str, form: &str) -> String {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\ncookie: {}\r\ncontent-type: application/x-www-form-urlencoded\r\n\
             content-length: {}\r\nconnection: close\r\n\r\n{form}",
            self.address,
            cookies.join("; "),
            form.len()
        );
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let head = answer.split("\r\n\r\n").next().unwrap();
        for line in head.lines().filter_map(|line| line.strip_prefix("set-cookie: ")) {
            let (name, value) = line.split(';').next().unwrap().split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        answer
    }
}
