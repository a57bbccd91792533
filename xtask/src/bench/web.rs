//! The pages under load: real HTTP on loopback, signed-in users, random families; stops by itself.

mod client;

use anyhow::{Context, Result, bail};
use client::Client;
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

#[derive(clap::Args)]
pub struct Web {
    /// The program, built for release.
    #[arg(long, default_value = "target/release/fuzhi")]
    program: String,
    /// A store that `fuzhi demo` made; PostgreSQL's takes its key by FUZHI_KEY_FILE.
    #[arg(long)]
    store: String,
    /// Sessions, shared among the demo's township and county accounts.
    #[arg(long, default_value_t = 100)]
    users: usize,
    /// Connections at a time.
    #[arg(long, default_value_t = 16)]
    connections: usize,
    /// Seconds for each kind of page.
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// Requests a second; as many as it can where none is said.
    #[arg(long)]
    rate: Option<u64>,
}

impl Web {
    pub fn run(&self, home: &Path) -> Result<()> {
        // Everybody signs in from one address here: no limit on that.
        std::fs::write(home.join("limits.toml"), "status = \"example\"\n")?;
        let served = Served::start(self, home)?;
        let sessions = self.sign_in(&served.address)?;
        let families = self.families(&served.address, &sessions)?;
        println!("{} sessions, {} families, {} connections", sessions.len(), families.len(), self.connections);
        for (what, paths) in [("household page", families), ("findings list", vec!["/findings".to_owned()])] {
            let mut seen = self.load(&served.address, &sessions, &paths)?;
            seen.sort_unstable();
            let at = |share: f64| {
                let place = ((seen.len() as f64 * share) as usize).min(seen.len().saturating_sub(1));
                seen.get(place).map_or(0.0, |time| time.as_secs_f64() * 1_000.0)
            };
            let rate = seen.len() as f64 / self.seconds as f64;
            println!("{what}: {rate:.0}/s, p50 {:.1} ms, p99 {:.1} ms, slowest {:.1} ms", at(0.5), at(0.99), at(1.0));
        }
        Ok(())
    }

    fn sign_in(&self, address: &str) -> Result<Vec<String>> {
        let mut sessions = Vec::new();
        for user in 0..self.users {
            let mut client = Client::connect(address)?;
            let page = client.get("/signin", "")?;
            let csrf = page.body.split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
            let csrf = csrf.context("the sign-in page has no form")?;
            let account = if user % 2 == 0 { "township" } else { "county" };
            let form = format!("csrf={csrf}&account={account}&password=jiuyuan-2026&then=/account");
            let entered = client.post("/session", &page.cookies, &form)?;
            if !entered.cookies.contains("fuzhi=") {
                bail!("{account} can't sign in: {}", entered.status);
            }
            sessions.push(entered.cookies);
        }
        Ok(sessions)
    }

    /// Some families of each account, as its list names them.
    fn families(&self, address: &str, sessions: &[String]) -> Result<Vec<String>> {
        let mut client = Client::connect(address)?;
        let mut found = BTreeSet::new();
        // The township's families are the county's too, so everybody may open them.
        let mut path = "/households".to_owned();
        for _ in 0..40 {
            let page = client.get(&path, &sessions[0])?;
            let links = page.body.split("href=\"/households").skip(1).filter_map(|rest| rest.split('"').next());
            let links: Vec<&str> = links.collect();
            found.extend(links.iter().filter(|rest| rest.starts_with('/')).map(|rest| format!("/households{rest}")));
            let next = links.iter().find(|rest| rest.starts_with("?after="));
            let Some(next) = next else { break };
            path = format!("/households{}", next.replace("&#38;", "&").replace("&amp;", "&"));
        }
        if found.is_empty() {
            bail!("the store has no families: make one by `fuzhi demo --no-serve`");
        }
        Ok(found.into_iter().collect())
    }

    /// How long each request took, of those that began while the time ran.
    fn load(&self, address: &str, sessions: &[String], paths: &[String]) -> Result<Vec<Duration>> {
        let (turn, begin) = (AtomicUsize::new(0), Instant::now());
        let end = begin + Duration::from_secs(self.seconds);
        let worker = || -> Result<Vec<Duration>> {
            let mut client = Client::connect(address)?;
            let mut seen = Vec::new();
            loop {
                let turn = turn.fetch_add(1, Ordering::Relaxed);
                let due = self.rate.map_or_else(Instant::now, |rate| {
                    let due = begin + Duration::from_micros(turn as u64 * 1_000_000 / rate.max(1));
                    std::thread::sleep(due.saturating_duration_since(Instant::now()));
                    due
                });
                if due >= end {
                    return Ok(seen);
                }
                // A stride that shares no factor with most counts wanders over all of them.
                let path = &paths[turn.wrapping_mul(7_919) % paths.len()];
                let answer = client.get(path, &sessions[turn % sessions.len()])?;
                if answer.status != 200 {
                    bail!("{path} answers {}", answer.status);
                }
                seen.push(due.elapsed());
            }
        };
        std::thread::scope(|scope| {
            let workers: Vec<_> = (0..self.connections).map(|_| scope.spawn(worker)).collect();
            let mut all = Vec::new();
            for worker in workers {
                all.extend(worker.join().map_err(|_| anyhow::anyhow!("a connection broke"))??);
            }
            Ok(all)
        })
    }
}

/// The program at work; ends with this.
struct Served {
    child: Child,
    address: String,
}

impl Served {
    fn start(web: &Web, home: &Path) -> Result<Self> {
        let policy = home.display().to_string();
        let serving = ["serve", "--store", &web.store, "--demo", "--listen", "127.0.0.1:0", "--policy", &policy];
        let started = Command::new(&web.program).args(serving).stdout(Stdio::piped()).spawn();
        let mut child = started.with_context(|| format!("{} can't be started", web.program))?;
        let mut said = BufReader::new(child.stdout.take().context("it has no voice")?);
        let mut line = String::new();
        while said.read_line(&mut line)? > 0 && !line.contains("http://") {
            line.clear();
        }
        let address = line.split("http://").nth(1).and_then(|rest| rest.split_whitespace().next());
        let address = address.context("it doesn't say where it listens")?.to_owned();
        Ok(Self { child, address })
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // It may have ended by itself; either way it is gone.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
