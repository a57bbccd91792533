//! `fuzhi link` as somebody meets it who has two lists and a text file.

#![expect(clippy::unwrap_used, reason = "a surprise ends the test with its place")]

use serde_json::Value;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

fn fuzhi(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_fuzhi")).args(arguments).output().expect("the program starts")
}

fn ok(arguments: &[&str]) -> Value {
    let output = fuzhi(arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// What is said of wrong usage, whose exit is 2.
fn refused(arguments: &[&str]) -> String {
    let output = fuzhi(arguments);
    assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    String::from_utf8(output.stderr).unwrap()
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a plain path")
}

const PEOPLE: usize = 600;

/// Number, name, birth and place of made-up people; every seventh name has a slip in the second list.
fn lists(folder: &Path) {
    let (mut register, mut visits) = (String::from("编号,name,born,area\n"), String::from("no;姓名;born;area\n"));
    let pick = |list: &str, at: usize| list.chars().nth(at % list.chars().count()).unwrap();
    for n in 0..PEOPLE {
        let spread = n * 2_654_435_761 % 1_000_003;
        let name: String = [
            pick("王李张刘陈杨黄吴赵周徐孙", spread),
            pick("建明志文春海永成新德", spread / 13),
            pick("伟强军勇杰涛辉平", spread / 131),
        ]
        .iter()
        .collect();
        let born = format!("{}-{:02}-{:02}", 1940 + spread % 70, spread / 7 % 12 + 1, spread / 91 % 28 + 1);
        writeln!(register, "{n},{name},{born},53990100{:04}", 1001 + n % 3).unwrap();
        let slip = if n % 7 == 0 { name.replace(pick("伟强军勇杰涛辉平", spread / 131), "某") } else { name };
        writeln!(visits, "v{n};{slip};{born};53990100{:04}", 1101 + n % 3).unwrap();
    }
    fs::write(folder.join("register.csv"), register).unwrap();
    let (visits, _, _) = encoding_rs::GB18030.encode(&visits);
    fs::write(folder.join("visits.csv"), visits).unwrap();
    let places = "code,name,successors\n539901001001,河口,539901001101\n539901001002,岭上,539901001102\n539901001003,坝子,539901001103\n";
    fs::write(folder.join("places.csv"), places).unwrap();
}

const SPEC: &str = r#"
[[input]]
name = "register"
path = "register.csv"
id = "编号"
[[input]]
name = "visits"
path = "visits.csv"
id = "no"
columns = { name = "姓名" }
[fields]
name = "name"
born = "birth_date"
area = "area_code"
[link]
one_to_one = true
places = "places.csv"
"#;

#[test]
fn two_lists_in_two_encodings_are_linked_within_little_memory_too() {
    let home = tempfile::tempdir().unwrap();
    lists(home.path());
    let spec = home.path().join("people.toml");
    fs::write(&spec, SPEC).unwrap();
    let counted = ok(&["link", text(&spec), "--count", "--json"]);
    assert!(counted["rules"].as_array().is_some_and(|rules| !rules.is_empty()), "{counted}");
    assert!(!home.path().join("out").exists());

    let (out, small) = (home.path().join("out"), home.path().join("small"));
    let linked = ok(&["link", text(&spec), "--out", text(&out), "--json"]);
    assert_eq!(linked["records"], 2 * PEOPLE);
    // Nearly everybody is found again; a name may be shared.
    let clusters = linked["clusters"].as_u64().unwrap() as usize;
    assert!((PEOPLE..PEOPLE + PEOPLE / 50).contains(&clusters), "{linked}");
    ok(&["link", text(&spec), "--out", text(&small), "--memory", "161MB", "--json"]);
    for file in ["pairs.parquet", "clusters.parquet", "model.json"] {
        assert!(fs::read(out.join(file)).unwrap() == fs::read(small.join(file)).unwrap(), "{file} differs");
    }
    // Old places are read as today's: the same place, and not one of the same township.
    let model = fs::read_to_string(out.join("model.json")).unwrap();
    assert!(model.contains("\"successor\""), "{model}");
    assert!(
        refused(&["link", text(&spec), "--out", text(&small), "--memory", "160MB"]).contains("--memory is too little")
    );
}

#[test]
fn one_record_is_found_among_those_that_stand() {
    let home = tempfile::tempdir().unwrap();
    lists(home.path());
    fs::write(home.path().join("spec.toml"), SPEC).unwrap();
    let (spec, out) = (home.path().join("spec.toml"), home.path().join("out"));
    ok(&["link", text(&spec), "--out", text(&out), "--json"]);
    let register = fs::read_to_string(home.path().join("register.csv")).unwrap();
    let mut row = register.lines().nth(15).unwrap().split(',');
    let (id, name, born) = (row.next().unwrap(), row.next().unwrap(), row.next().unwrap());
    let model = out.join("model.json");
    let ask = |lines: &str| {
        let arguments = ["link", text(&spec), "--find", "--model", text(&model)];
        let mut asked = Command::new(env!("CARGO_BIN_EXE_fuzhi"));
        asked.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut asked = asked.spawn().unwrap();
        asked.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
        asked.wait_with_output().unwrap()
    };
    let asked = ask(&format!("{{\"name\":\"{name}\",\"born\":\"{born}\"}}\n\n{{\"name\":\"欧阳无名\"}}\n"));
    let said = String::from_utf8(asked.stdout).unwrap();
    let answers: Vec<Value> = said.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(answers.len(), 2);
    let found: Vec<&str> =
        answers[0]["found"].as_array().unwrap().iter().map(|hit| hit["id"].as_str().unwrap()).collect();
    assert!(found.contains(&id), "{said}");
    assert!(answers[1]["found"].as_array().unwrap().is_empty(), "{said}");
    let wrong = ask("{\"shoe\":1}\n");
    assert_eq!(wrong.status.code(), Some(2));
    assert!(String::from_utf8(wrong.stderr).unwrap().contains("line 1: shoe has no role"));
    assert!(refused(&["link", text(&spec), "--find"]).contains("needs a model"));
}

#[test]
fn what_is_wrong_with_a_job_is_said_before_it_runs() {
    let home = tempfile::tempdir().unwrap();
    lists(home.path());
    let said = |spec: &str| {
        let path = home.path().join("wrong.toml");
        fs::write(&path, spec).unwrap();
        refused(&["link", text(&path), "--out", text(&home.path().join("out"))])
    };
    assert!(said(&SPEC.replace("visits.csv", "visit.csv")).contains("visit.csv: there is no such file"));
    assert!(said(&SPEC.replace("visits.csv", "visits.doc")).contains("visits.doc"));
    assert!(
        said(&SPEC.replace("born = \"birth_date\"", "birth = \"birth_date\""))
            .contains("no input has the column birth")
    );
    assert!(said(&SPEC.replace("one_to_one", "one_two_one")).contains("one_two_one"));
    assert!(refused(&["link", text(&home.path().join("none.toml"))]).contains("--out"));

    // One list lacks a column, and ids stand twice: the job runs, and says so.
    let register = fs::read_to_string(home.path().join("register.csv")).unwrap();
    fs::write(home.path().join("register.csv"), register.replacen("\n1,", "\n0,", 1).replace("area", "place")).unwrap();
    let path = home.path().join("odd.toml");
    fs::write(&path, SPEC).unwrap();
    let linked = ok(&["link", text(&path), "--out", text(&home.path().join("out")), "--json"]);
    let warnings = linked["warnings"].to_string();
    assert!(warnings.contains("register.csv (area): no such column"), "{warnings}");
    assert!(warnings.contains("1 ids stand more than once, such as 0"), "{warnings}");
}
