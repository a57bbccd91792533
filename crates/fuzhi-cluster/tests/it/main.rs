//! A cluster of real processes gives what one process gives, whoever of it is killed meanwhile.

mod objects;
mod processes;

use objects::Objects;
use processes::{Cluster, Process, run, scheduler, succeed, succeed_in};
use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use tempfile::TempDir;

/// A small fictional county, and what one process finds in it.
struct Planted {
    _home: TempDir,
    county: PathBuf,
    out: PathBuf,
}

fn planted() -> &'static Planted {
    static PLANTED: OnceLock<Planted> = OnceLock::new();
    PLANTED.get_or_init(|| {
        let home = tempfile::tempdir().unwrap();
        let demo = home.path().join("demo");
        succeed(&["demo", "--no-serve", "--seed", "5", "--out", text(&demo)]);
        Planted { county: demo.join("county"), out: demo.join("out"), _home: home }
    })
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// A run in little memory: villages go to the machines in many buckets.
fn words<'a>(out: &'a Path, url: &'a str) -> Vec<&'a str> {
    let county = text(&planted().county);
    vec!["run", county, "--out", text(out), "--store", "none", "--json", "--memory", "4MB", "--cluster", url]
}

/// What a run gives back, but for `run.json`, which tells what it cost.
const FILES: [&str; 13] = [
    "links.parquet",
    "members.parquet",
    "identities.parquet",
    "facts.parquet",
    "measures.parquet",
    "findings.parquet",
    "findings.json",
    "findings.xlsx",
    "report.html",
    "quality.json",
    "state/people.parquet",
    "state/households.parquet",
    "rejects",
];

/// Every byte of a file, or of all files of a folder. A workbook says when it was made: that part is left out.
fn content(path: &Path) -> BTreeMap<String, Vec<u8>> {
    if path.is_dir() {
        let files = fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path());
        return files.flat_map(|file| content(&file)).collect();
    }
    if path.extension().is_none_or(|extension| extension != "xlsx") {
        return BTreeMap::from([(path.file_name().unwrap().display().to_string(), fs::read(path).unwrap())]);
    }
    let mut workbook = zip::ZipArchive::new(fs::File::open(path).unwrap()).unwrap();
    let parts = 0..workbook.len();
    let part = |at: usize| {
        let mut part = workbook.by_index(at).unwrap();
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).unwrap();
        (part.name().unwrap().into_owned(), bytes)
    };
    parts.map(part).filter(|(name, _)| name != "docProps/core.xml").collect()
}

fn same_as_in_one_process(out: &Path) {
    for file in FILES {
        let (alone, together) = (content(&planted().out.join(file)), content(&out.join(file)));
        assert!(!alone.is_empty() && alone == together, "{file} differs");
    }
}

#[test]
fn two_executors_find_what_one_process_finds() {
    let (mut cluster, home) = (Cluster::of(2), tempfile::tempdir().unwrap());
    let (out, shared) = (home.path().join("out"), home.path().join("shared"));
    succeed(&[&words(&out, &cluster.url())[..], &["--shared", text(&shared)]].concat());
    same_as_in_one_process(&out);
    for executor in &mut cluster.executors {
        assert!(executor.said("done ") > 10, "one executor did next to nothing");
    }
    for stage in ["done intake/", "done tallies/", "done facts/", "done findings/"] {
        let done: usize = cluster.executors.iter_mut().map(|executor| executor.said(stage)).sum();
        assert!(done > 5, "{stage} {done}");
    }
    // What was shared is gone, and nobody else could have read it.
    assert_eq!(fs::read_dir(&shared).unwrap().count(), 0);
    assert_eq!(fs::metadata(&shared).unwrap().permissions().mode() & 0o777, 0o700);
}

/// Two lists of made-up people; every fifth name has a slip in the second.
fn lists(folder: &Path) -> PathBuf {
    let (mut register, mut visits) = (String::from("no,name,born\n"), String::from("no,name,born\n"));
    let pick = |list: &str, at: usize| list.chars().nth(at % list.chars().count()).unwrap();
    for n in 0..4_000 {
        let spread = n * 2_654_435_761 % 1_000_003;
        let given = pick("建明志文春海永成新德", spread / 13);
        let name =
            format!("{}{given}{}", pick("王李张刘陈杨黄吴赵周徐孙", spread), pick("伟强军勇杰涛辉平", spread / 131));
        let born = format!("{}-{:02}-{:02}", 1940 + spread % 70, spread / 7 % 12 + 1, spread / 91 % 28 + 1);
        register += &format!("{n},{name},{born}\n");
        visits += &format!("v{n},{},{born}\n", if n % 5 == 0 { name.replace(given, "某") } else { name });
    }
    fs::write(folder.join("register.csv"), register).unwrap();
    fs::write(folder.join("visits.csv"), visits).unwrap();
    let input = |name: &str| format!("[[input]]\nname = \"{name}\"\npath = \"{name}.csv\"\nid = \"no\"\n");
    let fields = "[fields]\nname = \"name\"\nborn = \"birth_date\"\n[link]\none_to_one = true\n";
    let spec = folder.join("spec.toml");
    fs::write(&spec, format!("{}{}{fields}", input("register"), input("visits"))).unwrap();
    spec
}

#[test]
fn two_executors_link_what_one_process_links() {
    let (mut cluster, home) = (Cluster::of(2), tempfile::tempdir().unwrap());
    let spec = lists(home.path());
    let (url, model) = (cluster.url(), home.path().join("0 on a cluster/model.json"));
    // Once a model is learned; once it is given, and the machines weigh by themselves.
    let ways: [&[&str]; 2] = [&[], &["--model", text(&model)]];
    for (at, way) in ways.iter().enumerate() {
        let (alone, together) = (home.path().join(format!("{at}")), home.path().join(format!("{at} on a cluster")));
        succeed(&[&["link", text(&spec), "--out", text(&alone)], *way].concat());
        succeed(&[&["link", text(&spec), "--out", text(&together), "--cluster", &url], *way].concat());
        for file in ["pairs.parquet", "clusters.parquet", "model.json"] {
            assert!(content(&alone.join(file)) == content(&together.join(file)), "{file} differs, {way:?}");
        }
        assert_eq!(fs::read_dir(&together).unwrap().count(), fs::read_dir(&alone).unwrap().count());
    }
    let mut done =
        |beginning: &str| cluster.executors.iter_mut().map(|executor| executor.said(beginning)).sum::<usize>();
    assert_eq!((done("done pairs-0/"), done("done pairs-1/")), (16, 0));
}

#[test]
fn an_executor_is_killed_in_mid_job_and_the_others_finish_it() {
    let (mut cluster, home) = (Cluster::of(2), tempfile::tempdir().unwrap());
    let (out, url) = (home.path().join("out"), cluster.url());
    let job = Process::start(&words(&out, &url));
    cluster.executors[0].wait_for("begun ");
    cluster.executors[0].kill();
    assert!(job.ended_well());
    assert!(cluster.executors[1].said("done ") > 0);
    same_as_in_one_process(&out);
}

#[test]
fn a_lost_scheduler_is_told_plainly_and_a_new_start_finishes() {
    let (mut cluster, home) = (Cluster::of(1), tempfile::tempdir().unwrap());
    let (out, url) = (home.path().join("out"), cluster.url());
    // Nobody asks for the second task before the first is done: the scheduler is lost in between.
    std::thread::scope(|scope| {
        let job = scope.spawn(|| run(&words(&out, &url)));
        cluster.executors[0].wait_for("begun ");
        cluster.scheduler.kill();
        let output = job.join().unwrap();
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{told}");
        assert!(told.contains(&url) && told.contains("no scheduler answers") && told.contains("run again"), "{told}");
    });
    assert!(!out.join("findings.json").exists());
    // Its executor has waited for it.
    let (_again, _) = scheduler(&cluster.address);
    succeed(&words(&out, &url));
    same_as_in_one_process(&out);
}

#[test]
fn machines_that_share_no_folder_pass_files_through_a_store_of_objects() {
    let (objects, home) = (Objects::serve(), tempfile::tempdir().unwrap());
    let environment = objects.environment();
    let environment: Vec<(&str, &str)> = environment.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let mut cluster = Cluster::of_in(&environment, 2);
    let (out, url) = (home.path().join("out"), cluster.url());
    let words = [&words(&out, &url)[..], &["--shared", "s3://county/jobs"]].concat();
    let output = succeed_in(&environment, &words);
    same_as_in_one_process(&out);
    assert!(cluster.executors.iter_mut().all(|executor| executor.said("done ") > 0));
    // All of it went through the store, and nothing of it is left there.
    assert!(objects.most() > 50, "{}", objects.most());
    assert_eq!(objects.now(), 0, "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn without_a_scheduler_one_sentence_says_what_to_do() {
    let home = tempfile::tempdir().unwrap();
    // Nothing listens at a port that was just given back.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let output = run(&words(&home.path().join("out"), &format!("df://{free}")));
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && told.contains("fuzhi cluster scheduler --listen"), "{told}");
    assert!(!told.contains("panicked"), "{told}");
}

#[test]
fn without_the_companion_one_sentence_says_how_to_install_it() {
    let home = tempfile::tempdir().unwrap();
    let alone = home.path().join("fuzhi");
    fs::copy(processes::fuzhi(), &alone).unwrap();
    let started = std::process::Command::new(&alone).args(["cluster", "scheduler"]).output().unwrap();
    let told = String::from_utf8_lossy(&started.stderr);
    assert_eq!(started.status.code(), Some(2), "{told}");
    assert!(told.contains("cargo build --release -p fuzhi-cluster") && told.lines().count() == 1, "{told}");
}
