//! A PostgreSQL to test against: the one `DATABASE_URL` names, or one started for this test binary alone from
//! Debian's binaries and gone with it.

use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

static SERVER: OnceLock<Server> = OnceLock::new();
static DATABASES: AtomicU32 = AtomicU32::new(0);

struct Server {
    url: String,
    /// Closing this, as the end of the process does, lets the watcher stop the server and remove its folder.
    _lifeline: Option<ChildStdin>,
}

/// The address of a new, empty database.
pub async fn new_database() -> String {
    let server = tokio::task::spawn_blocking(|| SERVER.get_or_init(start)).await.unwrap();
    let name = format!("t{}_{}", std::process::id(), DATABASES.fetch_add(1, Ordering::Relaxed));
    let mut admin = <sqlx::PgConnection as sqlx::Connection>::connect(&server.url).await.unwrap();
    for sql in [format!("drop database if exists {name}"), format!("create database {name} encoding 'UTF8'")] {
        sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut admin).await.unwrap();
    }
    let (before, parameters) = server.url.split_once('?').map_or((server.url.as_str(), ""), |(url, rest)| (url, rest));
    let (host, _) = before.rsplit_once('/').unwrap();
    format!("{host}/{name}?{parameters}")
}

fn start() -> Server {
    #[expect(clippy::disallowed_methods, reason = "the one setting a test run takes from outside")]
    let given = std::env::var("DATABASE_URL").ok().filter(|url| url.starts_with("postgres"));
    if let Some(url) = given {
        return Server { url, _lifeline: None };
    }
    let binaries = newest_binaries();
    let folder = tempfile::Builder::new().prefix("fuzhi-postgres-").tempdir().unwrap().keep();
    let root = Path::new("/proc/self").metadata().is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0);
    if root {
        run(Command::new("chown").arg("postgres:postgres").arg(&folder));
    }
    let place = folder.display();
    let tool = |name: &str| {
        let program = binaries.join(name);
        if !root {
            return Command::new(program);
        }
        let mut command = Command::new("setpriv");
        command.args(["--reuid=postgres", "--regid=postgres", "--init-groups"]).arg(program).current_dir("/");
        command
    };
    run(tool("initdb")
        .args(["-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync", "-D"])
        .arg(folder.join("cluster")));
    let options = format!(
        "-c listen_addresses= -k {place} -c fsync=off -c full_page_writes=off -c synchronous_commit=off -c max_connections=300"
    );
    // Without -l the server keeps our pipe open, and waiting for pg_ctl would wait for the server.
    run(tool("pg_ctl")
        .args(["-w", "-o", &options, "-l"])
        .arg(folder.join("log"))
        .arg("-D")
        .arg(folder.join("cluster"))
        .arg("start"));
    let lifeline = watch(&folder);
    Server { url: format!("postgres://postgres@localhost/postgres?host={place}"), _lifeline: lifeline }
}

/// Waits for the end of our side of a pipe, then stops the server: also when the test is killed.
fn watch(folder: &Path) -> Option<ChildStdin> {
    let stop = format!(
        "cat > /dev/null; kill -QUIT $(head -n 1 {0}/cluster/postmaster.pid); sleep 0.2; rm -rf {0}",
        folder.display()
    );
    let watcher = Command::new("sh")
        .arg("-c")
        .arg(stop)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    watcher.ok().and_then(|mut child: Child| child.stdin.take())
}

fn newest_binaries() -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let newest = versions.map(|version| version.path().join("bin")).filter(|bin| bin.join("initdb").exists()).max();
    newest.expect("tests on PostgreSQL need its server: apt-get install postgresql, or DATABASE_URL=postgres://…")
}

fn run(command: &mut Command) {
    let output = command.stdin(Stdio::null()).output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}
