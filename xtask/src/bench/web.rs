//! The pages under load: real HTTP on loopback, signed-in users, random families; stops by itself.

mod client;
mod clock;
mod people;

use anyhow::{Context, Result, bail};
use client::Client;
use clock::Spent;
use people::Person;
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
    /// How many people have signed in.
    #[arg(long, default_value_t = 1_000)]
    users: usize,
    /// Connections at a time.
    #[arg(long, default_value_t = 16)]
    connections: usize,
    /// Seconds for each kind of page and way of asking.
    #[arg(long, default_value_t = 8)]
    seconds: u64,
    /// Requests a second, asked for whether the ones before were answered or not.
    #[arg(long, default_value_t = 1_000)]
    rate: u64,
    /// Only these kinds of pages.
    #[arg(long, value_delimiter = ',', default_value = "household,findings,home,search,indicators")]
    pages: Vec<String>,
    /// Pages come uncompressed, as no browser asks for them.
    #[arg(long)]
    plain: bool,
    /// Has the system forget its file cache before the cold pages; takes root.
    #[arg(long)]
    drop_caches: bool,
}

/// How a kind of page is asked for.
#[derive(Clone, Copy)]
enum Way {
    /// The first so many after the program was started.
    Cold(usize),
    /// So many a second: what somebody waits counts from when it was due.
    Rate(u64),
    /// As many as it can.
    Most,
}

/// One answer: how long it took, how many bytes it had, whether it was the page.
type Seen = (Duration, usize, bool);

impl Web {
    pub fn run(&self, home: &Path) -> Result<()> {
        // Everybody signs in from one address here, and searches without a rest: no rates, and terms as they are.
        let limits = std::fs::read_to_string("policy/limits.toml")?;
        let (terms, _) = limits.split_once("[rate.").context("policy/limits.toml names no rates")?;
        std::fs::write(home.join("limits.toml"), format!("{terms}[rate]\n"))?;
        let mut served = Served::start(self, home)?;
        let people = people::sign_in(&served.address, self.users)?;
        let families: usize = people.iter().map(|person| person.families.len()).sum();
        let at = |level| people.iter().filter(|person| person.level == level).count();
        println!(
            "{} sessions ({} at villages, {} at townships, {} at the county), {families} random families, {} connections, {}",
            people.len(),
            at("village"),
            at("township"),
            at("county"),
            self.connections,
            if self.plain { "uncompressed" } else { "compressed" },
        );
        println!(
            "{:<12} {:<10} {:>8} {:>8} {:>8} {:>8} {:>7}   CPU ms: server client rest   bytes",
            "page", "asked", "a second", "p50 ms", "p99 ms", "slowest", "errors"
        );
        let mut errors = 0;
        for kind in &self.pages {
            drop(served);
            if self.drop_caches {
                std::fs::write("/proc/sys/vm/drop_caches", "3\n").context("the file cache can't be dropped")?;
            }
            served = Served::start(self, home)?;
            for way in [Way::Cold(1_000), Way::Rate(self.rate), Way::Most] {
                errors += self.measure(&served, &people, kind, way)?;
            }
        }
        if errors > 0 {
            bail!("{errors} requests weren't answered by their page");
        }
        Ok(())
    }

    /// Asks for one kind of page in one way and prints what was seen; gives the number of errors.
    fn measure(&self, served: &Served, people: &[Person], kind: &str, way: Way) -> Result<usize> {
        let (begin, before) = (Instant::now(), Spent::now(served.child.id())?);
        let mut seen = self.load(&served.address, people, kind, way)?;
        let (took, after) = (begin.elapsed().as_secs_f64(), Spent::now(served.child.id())?);
        seen.sort_unstable();
        let at = |share: f64| {
            let place = ((seen.len() as f64 * share) as usize).min(seen.len().saturating_sub(1));
            seen.get(place).map_or(0.0, |(time, ..)| time.as_secs_f64() * 1_000.0)
        };
        let errors = seen.iter().filter(|(.., good)| !good).count();
        let bytes = seen.iter().map(|(_, bytes, _)| bytes).sum::<usize>() / seen.len().max(1);
        let share = after.since(before, seen.len());
        let asked = match way {
            Way::Cold(_) => "cold".to_owned(),
            Way::Rate(rate) => format!("{rate}/s"),
            Way::Most => "most".to_owned(),
        };
        println!(
            "{kind:<12} {asked:<10} {:>8.0} {:>8.1} {:>8.1} {:>8.1} {errors:>7} {:>15.2} {:>6.2} {:>5.2} {bytes:>9}",
            seen.len() as f64 / took,
            at(0.5),
            at(0.99),
            at(1.0),
            share.server,
            share.client,
            share.rest,
        );
        Ok(errors)
    }

    /// What each request came to, of those that began while the time ran.
    fn load(&self, address: &str, people: &[Person], kind: &str, way: Way) -> Result<Vec<Seen>> {
        let (turn, begin) = (AtomicUsize::new(0), Instant::now());
        let end = begin + Duration::from_secs(self.seconds);
        let worker = || -> Result<Vec<Seen>> {
            let mut client = Client::connect(address, !self.plain)?;
            let mut seen = Vec::new();
            loop {
                let turn = turn.fetch_add(1, Ordering::Relaxed);
                let due = match way {
                    Way::Cold(most) if turn >= most => return Ok(seen),
                    Way::Cold(_) | Way::Most => Instant::now(),
                    Way::Rate(rate) => {
                        let due = begin + Duration::from_micros(turn as u64 * 1_000_000 / rate.max(1));
                        std::thread::sleep(due.saturating_duration_since(Instant::now()));
                        due
                    }
                };
                // Whoever can't keep up isn't asked for ever.
                if due >= end || begin.elapsed() >= 2 * (end - begin) {
                    return Ok(seen);
                }
                let person = &people[mixed(turn) % people.len()];
                let (status, bytes) = client.fetch(&page(person, kind, mixed(turn + (1 << 40))), &person.cookies)?;
                seen.push((due.elapsed(), bytes, status == 200));
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

/// The address of a page of that kind that this person may open.
fn page(person: &Person, kind: &str, chance: usize) -> String {
    let one = |of: &[String]| of.get(chance % of.len().max(1)).cloned().unwrap_or_default();
    match kind {
        "household" => one(&person.families),
        "search" => format!("/households?q={}", one(&person.words)),
        "indicators" => {
            ["/indicators", "/indicators/omission_rate", "/indicators/wrong_inclusion_rate"][chance % 3].to_owned()
        }
        other => format!("/{other}"),
    }
}

/// Numbers that look like chance and are the same every time.
const fn mixed(n: usize) -> usize {
    let mut x = (n as u64).wrapping_add(0x9E37_79B9_7F4A_7C15);
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    ((x ^ (x >> 31)) >> 1) as usize
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
