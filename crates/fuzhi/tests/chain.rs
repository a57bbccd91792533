//! The whole chain through the command line, on the small fictional county.

use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Instant;

fn fuzhi(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_fuzhi")).args(arguments).output().expect("the program starts")
}

fn ok(arguments: &[&str]) -> String {
    let output = fuzhi(arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("it speaks UTF-8")
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a plain path")
}

#[test]
fn a_county_is_planted_run_scored_run_again_and_purged() {
    let home = tempfile::tempdir().unwrap();
    let demo = home.path().join("demo");
    ok(&["demo", "--no-serve", "--seed", "5", "--out", text(&demo)]);
    let (county, out, truth) = (demo.join("county"), demo.join("out"), demo.join("county/truth"));
    let findings = fs::read(out.join("findings.json")).unwrap();
    the_store_keeps_its_secrets(&demo);

    let score: Value = serde_json::from_str(&ok(&["evaluate", text(&out), "--truth", text(&truth), "--json"])).unwrap();
    let figure = |part: &str, name: &str| score[part][name].as_f64().unwrap();
    assert!(figure("links", "f1") >= 0.99, "{score}");
    assert!(figure("risk", "recall_knowable") >= 0.90 && figure("risk", "precision") >= 0.75, "{score}");
    assert!(figure("risk", "f1") >= figure("risk", "baseline_f1") + 0.10, "{score}");

    // Another place, and the same place once more: the same bytes.
    let other = home.path().join("other");
    for out in [&other, &other, &out] {
        ok(&["run", text(&county), "--out", text(out), "--store", "none", "--json"]);
        assert!(fs::read(out.join("findings.json")).unwrap() == findings, "{} differs", out.display());
    }
    // A truth that can't be read changes nothing: a run never opens it.
    fs::remove_dir_all(&truth).unwrap();
    ok(&["run", text(&county), "--out", text(&other), "--store", "none", "--json"]);
    ok(&["purge", text(&other)]);
    assert!(!other.exists());
}

/// Starts a run and kills it after that many seconds; `true` if it was still at work.
fn killed_after(arguments: &[&str], seconds: f64) -> bool {
    let mut run = Command::new(env!("CARGO_BIN_EXE_fuzhi"))
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    let started = Instant::now();
    while started.elapsed().as_secs_f64() < seconds {
        if run.try_wait().expect("its end is seen").is_some() {
            return false;
        }
        std::thread::yield_now();
    }
    run.kill().expect("it is killed");
    run.wait().expect("its end is seen");
    true
}

#[test]
fn a_run_killed_at_any_moment_leaves_nothing_half_written_and_ends_the_same_when_started_again() {
    let home = tempfile::tempdir().unwrap();
    let demo = home.path().join("demo");
    ok(&["demo", "--no-serve", "--seed", "6", "--out", text(&demo)]);
    let (county, history, whole) = (demo.join("county"), demo.join("out"), home.path().join("whole"));
    // A second round over the same history, a department's file short: identities and findings build on the first.
    fs::remove_dir_all(county.join("civil_affairs")).unwrap();
    copy(&history, &whole).unwrap();
    let before = fs::read(history.join("findings.json")).unwrap();
    let started = Instant::now();
    ok(&["run", text(&county), "--out", text(&whole), "--json"]);
    // The quickest seen, since a machine may have other work for a while.
    let mut whole_takes = started.elapsed().as_secs_f64();
    let after = fs::read(whole.join("findings.json")).unwrap();
    assert!(before != after, "the second round says something new");

    let mut killed = 0;
    for moment in 1..=5 {
        let out = home.path().join(format!("killed-{moment}"));
        copy(&history, &out).unwrap();
        let run = ["run", text(&county), "--out", text(&out), "--json"];
        killed += i32::from(killed_after(&run, whole_takes * f64::from(moment) / 5.5));
        let left = fs::read(out.join("findings.json")).unwrap_or_default();
        assert!(left.is_empty() || left == before || left == after, "half-written at moment {moment}");
        let started = Instant::now();
        ok(&run);
        whole_takes = whole_takes.min(started.elapsed().as_secs_f64());
        assert!(fs::read(out.join("findings.json")).unwrap() == after, "other findings after moment {moment}");
        assert!(fs::read(out.join("members.parquet")).unwrap() == fs::read(whole.join("members.parquet")).unwrap());
        fs::remove_dir_all(&out).unwrap();
    }
    assert!(killed >= 3, "only {killed} runs were still at work when they were killed");
}

fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?.path();
        let target = to.join(entry.strip_prefix(from).expect("it lies in the folder"));
        if entry.is_dir() {
            copy(&entry, &target)?;
        } else {
            fs::copy(&entry, &target)?;
        }
    }
    Ok(())
}

/// The store of a demo: no ID number in clear, a trail that is whole, a key that can be changed.
fn the_store_keeps_its_secrets(demo: &Path) {
    use std::os::unix::fs::PermissionsExt;
    let store = format!("sqlite:{}", demo.join("fuzhi.db").display());
    let raw = fs::read(demo.join("fuzhi.db")).expect("the demo wrote it");
    let clear = raw.windows(18).filter(|window| is_id_number(window)).count();
    assert_eq!(clear, 0, "ID numbers in clear in the database file");
    assert!(ok(&["audit", "verify", "--store", &store]).contains("none changed"));
    let heads = demo.join("heads.json");
    fs::write(&heads, ok(&["audit", "heads", "--store", &store])).expect("the demo wrote it");
    let before = ok(&["keys", "show", "--store", &store]);
    assert!(before.contains("the store is wrapped by it"), "{before}");
    let rotated = ok(&["keys", "rotate", "--store", &store]);
    assert!(rotated.contains("keys wrapped anew"), "{rotated}");
    let after = ok(&["keys", "show", "--store", &store]);
    assert!(after.contains("the store is wrapped by it") && after != before, "{after}");
    let mode = fs::metadata(demo.join("fuzhi.key")).expect("the demo wrote it").permissions().mode() & 0o777;
    assert_eq!(mode, 0o600, "the key is its owner's alone");
    ok(&["audit", "verify", "--store", &store, "--heads", text(&heads)]);
}

/// 17 digits and a check digit (GB 11643), a day that could be somebody's birth in the middle.
fn is_id_number(window: &[u8]) -> bool {
    const CHECK: &[u8; 11] = b"10X98765432";
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    if !window[..17].iter().all(u8::is_ascii_digit) {
        return false;
    }
    let number = |range: std::ops::Range<usize>| {
        window[range].iter().fold(0, |value, digit| value * 10 + u32::from(digit - b'0'))
    };
    let born = (1900..=2026).contains(&number(6..10))
        && (1..=12).contains(&number(10..12))
        && (1..=31).contains(&number(12..14));
    let sum: u32 = window[..17].iter().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    born && CHECK[(sum % 11) as usize] == window[17]
}

#[test]
fn wrong_usage_is_told_apart_from_failure() {
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("letters.txt"), "dear").unwrap();
    let foreign = fuzhi(&["run", text(home.path()), "--out", text(home.path())]);
    assert_eq!(foreign.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&foreign.stderr).contains("letters.txt"));
    assert_eq!(fuzhi(&["run", "nowhere", "--out", "anywhere"]).status.code(), Some(2));
    assert_eq!(fuzhi(&["serve", "--listen", "somewhere"]).status.code(), Some(2));
    let empty = home.path().join("empty");
    fs::create_dir(&empty).unwrap();
    let out = home.path().join("out");
    let no_county = fuzhi(&["run", text(&empty), "--out", text(&out)]);
    assert_eq!(no_county.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&no_county.stderr).contains("county.toml"));
}

#[test]
fn the_policy_built_in_has_nothing_wrong() {
    assert!(ok(&["rules", "check"]).contains("nothing wrong"));
}

#[test]
fn two_files_are_linked_by_their_roles_alone() {
    let home = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(home.path().join(name), text).unwrap();
    let people: Vec<String> =
        (0..200).map(|n| format!("{n},first{n} last{},19{:02}-0{}-11", n % 50, 20 + n % 70, 1 + n % 9)).collect();
    write("a.csv", &format!("id,name,dob\n{}\n", people.join("\n")));
    write("b.csv", &format!("id,name,dob\n{}\n", people[..120].join("\n")));
    let spec = "[[input]]\nname = \"a\"\npath = \"a.csv\"\nid = \"id\"\n[[input]]\nname = \"b\"\npath = \"b.csv\"\nid = \"id\"\n\
                [fields]\nname = \"name\"\ndob = \"birth_date\"\n[link]\none_to_one = true\n";
    write("spec.toml", spec);
    let out = home.path().join("out");
    let told: Value =
        serde_json::from_str(&ok(&["link", text(&home.path().join("spec.toml")), "--out", text(&out), "--json"]))
            .unwrap();
    assert_eq!(told["records"], 320);
    assert_eq!(told["clusters"], 200, "{told}");
    for file in ["pairs.parquet", "clusters.parquet", "model.json", "report.html"] {
        assert!(out.join(file).is_file(), "{file}");
    }
}

#[test]
fn a_later_delivery_is_linked_to_what_stands_as_if_all_were_linked_again() {
    let home = tempfile::tempdir().unwrap();
    let path = |name: &str| home.path().join(name);
    let person = |n: usize| format!("{n},first{n} last{},19{:02}-0{}-11", n % 50, 20 + n % 70, 1 + n % 9);
    let people: Vec<String> = (0..300).map(|n| person(n * 7 % 200)).collect();
    let deliver =
        |rows: usize| fs::write(path("a.csv"), format!("id,name,dob\n{}\n", people[..rows].join("\n"))).unwrap();
    let spec =
        "[[input]]\nname = \"a\"\npath = \"a.csv\"\nid = \"id\"\n[fields]\nname = \"name\"\ndob = \"birth_date\"\n";
    fs::write(path("spec.toml"), spec).unwrap();
    let link = |out: &str, more: &[&str]| -> Value {
        let (spec, out) = (path("spec.toml"), path(out));
        serde_json::from_str(&ok(&[&["link", text(&spec), "--out", text(&out), "--json"], more].concat())).unwrap()
    };
    let index = path("index");
    deliver(250);
    assert_eq!(link("first", &["--index", text(&index)])["standing"], 0);
    deliver(300);
    assert_eq!(link("second", &["--index", text(&index)])["standing"], 250);
    link("anew", &["--model", text(&path("first/model.json"))]);
    for file in ["pairs.parquet", "clusters.parquet"] {
        assert_eq!(fs::read(path("second").join(file)).unwrap(), fs::read(path("anew").join(file)).unwrap(), "{file}");
    }
    // A record that stands has changed: its pairs would be wrong.
    fs::write(path("a.csv"), format!("id,name,dob\n{}\n", people[1..].join("\n"))).unwrap();
    let told = fuzhi(&["link", text(&path("spec.toml")), "--out", text(&path("third")), "--index", text(&index)]);
    assert_eq!(told.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&told.stderr).contains("link everything anew"));
}
