//! A store kept elsewhere and brought back, on both databases.

#![expect(clippy::unwrap_used, reason = "a surprise ends the test with its place")]

use serde_json::Value;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Output, Stdio};

fn fuzhi(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_fuzhi")).args(arguments).output().expect("the program starts")
}

fn ok(arguments: &[&str]) -> String {
    let output = fuzhi(arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("it speaks UTF-8")
}

/// What the program says when it refuses.
fn refused(arguments: &[&str]) -> String {
    let output = fuzhi(arguments);
    assert_eq!(output.status.code(), Some(1), "{arguments:?} went well");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a plain path")
}

/// Rows and digest of each table but the audit trail's, which grows by every backup and restoration.
fn tables(backup: &Path) -> Vec<(String, u64, String)> {
    let sealed: Value = serde_json::from_slice(&fs::read(backup.join("manifest.json")).unwrap()).unwrap();
    let manifest: Value = serde_json::from_str(sealed["manifest"].as_str().unwrap()).unwrap();
    let table = |kept: &Value| {
        let word = |name: &str| kept[name].as_str().unwrap().to_owned();
        (word("name"), kept["rows"].as_u64().unwrap(), word("sha256"))
    };
    let all = manifest["tables"].as_array().unwrap().iter().map(table);
    all.filter(|(name, ..)| name != "audit_entries").collect()
}

#[test]
fn a_store_goes_from_sqlite_to_postgresql_and_back_without_losing_a_byte() {
    let home = tempfile::tempdir().unwrap();
    let demo = home.path().join("demo");
    ok(&["demo", "--no-serve", "--seed", "7", "--out", text(&demo)]);
    let first = format!("sqlite:{}", demo.join("fuzhi.db").display());
    let kept = home.path().join("kept");
    let said = ok(&["backup", "--store", &first, "--out", text(&kept)]);
    assert!(said.contains("which is not in it"), "{said}");
    the_key_is_not_inside(&demo, &kept);
    let before = tables(&kept);
    let rows = |name: &str| before.iter().find(|(table, ..)| table == name).unwrap().1;
    assert!(rows("household_documents") > 1_000 && rows("screening_findings") > 100 && rows("accounts") == 5);

    the_doctor_finds_what_is_wrong(&demo, &first);
    let key = demo.join("fuzhi.key");
    let with_key = |arguments: &[&str]| {
        Command::new(env!("CARGO_BIN_EXE_fuzhi")).args(arguments).env("FUZHI_KEY_FILE", &key).output().unwrap()
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let postgres = runtime.block_on(testkit::postgres::new_database());
    let sqlite = format!("sqlite:{}", home.path().join("back.db").display());
    for (from, to, next) in [(&kept, &postgres, "second"), (&home.path().join("second"), &sqlite, "third")] {
        let restored = with_key(&["restore", text(from), "--store", to]);
        let said = String::from_utf8_lossy(&restored.stdout).into_owned();
        assert!(restored.status.success(), "{}", String::from_utf8_lossy(&restored.stderr));
        assert!(said.contains("none changed, removed or moved"), "{said}");
        let again = with_key(&["restore", text(from), "--store", to]);
        assert!(!again.status.success(), "a store that isn't empty takes no backup");
        let next = home.path().join(next);
        assert!(with_key(&["backup", "--store", to, "--out", text(&next)]).status.success());
        assert_eq!(tables(&next), before, "{to}");
        assert!(with_key(&["audit", "verify", "--store", to]).status.success());
        let shown = with_key(&["keys", "show", "--store", to]);
        assert!(String::from_utf8_lossy(&shown.stdout).contains("the store is wrapped by it"));
    }
    what_was_touched_is_refused(home.path(), &kept, &key);
}

fn the_doctor_finds_what_is_wrong(demo: &Path, store: &str) {
    use std::os::unix::fs::PermissionsExt;
    let said = |store: &str| {
        let output = fuzhi(&["doctor", "--store", store]);
        (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let (code, well) = said(store);
    assert_eq!(code, Some(0), "{well}");
    assert!(well.contains("none touched") && well.contains("the last on"), "{well}");

    let key = demo.join("fuzhi.key");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
    let (code, open) = said(store);
    assert!(code == Some(1) && open.contains("chmod 600"), "{open}");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
    let away = demo.join("fuzhi.away");
    fs::rename(&key, &away).unwrap();
    let (code, lost) = said(store);
    assert!(code == Some(1) && lost.contains("the store takes the key"), "{lost}");
    assert!(!key.exists(), "it made nothing");
    fs::rename(&away, &key).unwrap();

    let (code, nowhere) = said("sqlite:/nowhere/fuzhi.db");
    assert!(code == Some(1) && nowhere.contains("isn't there") && nowhere.contains("fuzhi restore"), "{nowhere}");
    let (code, silent) = said("postgres://127.0.0.1:1/fuzhi");
    assert!(code == Some(1) && silent.contains("start the database"), "{silent}");
}

fn the_key_is_not_inside(demo: &Path, kept: &Path) {
    use std::os::unix::fs::PermissionsExt;
    let key = fs::read_to_string(demo.join("fuzhi.key")).unwrap();
    let (key, mode) = (key.lines().next().unwrap().as_bytes(), |path: &Path| {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    });
    assert_eq!(mode(kept), 0o700);
    for file in fs::read_dir(kept).unwrap() {
        let file = file.unwrap().path();
        assert_eq!(mode(&file), 0o600, "{}", file.display());
        assert!(!fs::read(&file).unwrap().windows(key.len()).any(|window| window == key), "{}", file.display());
    }
}

/// A byte of a table, a figure of the manifest, another key, no key: each is found before anything is put in.
fn what_was_touched_is_refused(home: &Path, kept: &Path, key: &Path) {
    let store = home.join("touched.db");
    let url = format!("sqlite:{}", store.display());
    let here = home.join("fuzhi.key");
    let restore = ["restore", text(kept), "--store", &url];
    assert!(refused(&restore).contains("the county's key isn't here"));
    fs::write(&here, "ab".repeat(32)).unwrap();
    assert!(refused(&restore).contains("the backup takes the key"));
    fs::copy(key, &here).unwrap();

    let posts = kept.join("posts.rows.zst");
    let whole = fs::read(&posts).unwrap();
    let mut touched = whole.clone();
    *touched.last_mut().unwrap() ^= 1;
    fs::write(&posts, &touched).unwrap();
    assert!(refused(&restore).contains("posts.rows.zst"));
    fs::write(&posts, whole).unwrap();

    let manifest = kept.join("manifest.json");
    let whole = fs::read_to_string(&manifest).unwrap();
    fs::write(&manifest, whole.replacen("\\\"rows\\\":5", "\\\"rows\\\":4", 1)).unwrap();
    assert!(refused(&restore).contains("the manifest was changed"));
    fs::write(&manifest, whole).unwrap();
    assert!(!store.exists(), "nothing was put in");
    ok(&restore);
}

/// What fails is in the log by the number its page shows, and never what was asked for: that may be a family's name.
#[test]
fn a_page_that_fails_is_in_the_log_by_its_number() {
    let home = tempfile::tempdir().unwrap();
    let store = format!("sqlite:{}", home.path().join("fuzhi.db").display());
    ok(&["begin", "--store", &store, "--county", "539901"]);
    let mut serve = Command::new(env!("CARGO_BIN_EXE_fuzhi"));
    serve.args(["serve", "--store", &store, "--listen", "127.0.0.1:0"]);
    let mut child = serve.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut said = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let address = said.find_map(|line| Some(line.split_once("http://")?.1.to_owned())).unwrap();
    let address = address.split_whitespace().next().unwrap().to_owned();
    let ask = || {
        let mut stream = TcpStream::connect(&address).unwrap();
        write!(stream, "GET /health?q=%E5%91%A8 HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    };
    assert!(ask().starts_with("HTTP/1.1 200"));
    tokio::runtime::Runtime::new().unwrap().block_on(lose_a_table(&store));
    let failed = ask();
    assert!(failed.starts_with("HTTP/1.1 500"), "{failed}");
    child.kill().unwrap();
    let log = String::from_utf8(child.wait_with_output().unwrap().stderr).unwrap();
    let line = log.lines().find(|line| line.contains("/health")).unwrap_or_else(|| panic!("{log}"));
    let number = line.split("number=\"").nth(1).unwrap().split('"').next().unwrap();
    assert!(failed.contains(number), "{number} in {failed}");
    assert!(line.contains("migrations") && !line.contains("%E5%91%A8"), "{line}");
}

/// The store breaks under the program that serves it.
async fn lose_a_table(store: &str) {
    let db = kernel::Db::open(store).await.unwrap();
    let world =
        kernel::World::new(kernel::Clock::fixed(kernel::Moment(0)), [7; 32], kernel::crypto::Keys::new([1; 32]));
    let lose = |mut cx: kernel::Cx| async move { cx.sql("alter table migrations rename to lost").run().await };
    db.write(&world, &kernel::Who::Nobody, lose).await.unwrap();
    db.close().await;
}
