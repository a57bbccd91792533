//! What processor time was spent, and by whom, as Linux counts it.

use anyhow::{Context, Result};
use std::fs::read_to_string;

/// Linux tells processor time in hundredths of a second.
const TICKS: f64 = 100.0;

/// Seconds of processor time spent so far.
#[derive(Clone, Copy)]
pub struct Spent {
    server: f64,
    client: f64,
    machine: f64,
}

/// Milliseconds a request.
pub struct Share {
    pub server: f64,
    pub client: f64,
    /// Everything else on the machine, a database in a process of its own among it.
    pub rest: f64,
}

impl Spent {
    pub fn now(server: u32) -> Result<Self> {
        Ok(Self { server: process(&server.to_string())?, client: process("self")?, machine: machine()? })
    }

    pub fn since(self, before: Self, requests: usize) -> Share {
        let each = |seconds: f64| seconds * 1_000.0 / requests.max(1) as f64;
        let (server, client) = (self.server - before.server, self.client - before.client);
        let rest = self.machine - before.machine - server - client;
        Share { server: each(server), client: each(client), rest: each(rest) }
    }
}

fn process(id: &str) -> Result<f64> {
    let text = read_to_string(format!("/proc/{id}/stat"))?;
    // The name stands in brackets and may hold anything.
    let (_, rest) = text.rsplit_once(')').context("/proc tells nothing of the process")?;
    let of = |at: usize| rest.split_whitespace().nth(at).and_then(|ticks| ticks.parse::<f64>().ok());
    let (user, system) = (of(11).context("no user time")?, of(12).context("no system time")?);
    Ok((user + system) / TICKS)
}

fn machine() -> Result<f64> {
    let text = read_to_string("/proc/stat")?;
    let line = text.lines().next().context("/proc/stat is empty")?;
    let ticks: Vec<f64> = line.split_whitespace().skip(1).filter_map(|ticks| ticks.parse().ok()).collect();
    let idle: f64 = ticks.iter().skip(3).take(2).sum();
    // The guests' time, at the end, is in the user's already.
    Ok((ticks.iter().take(8).sum::<f64>() - idle) / TICKS)
}
