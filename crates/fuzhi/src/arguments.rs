//! The command line (contract §6 and §7).

use crate::cluster;
use crate::link;
use clap::{Parser, Subcommand, ValueEnum};
use std::path::PathBuf;
use values::Day;

#[derive(Parser)]
#[command(name = "fuzhi", version, about = "扶智 · joins what departments know, screens it, and says why")]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand)]
pub enum Command {
    /// Plants a fictional county, runs the whole chain over it, prints what it found and serves it.
    Demo {
        #[arg(long, value_enum, default_value = "small")]
        size: Size,
        #[arg(long, default_value_t = 1)]
        seed: u64,
        #[arg(long, default_value = "fuzhi-demo")]
        out: PathBuf,
        /// Ends after the run instead of serving the pages.
        #[arg(long)]
        no_serve: bool,
        /// Plants departments' errors this many times as often as usual.
        #[arg(long, default_value_t = 1.0, hide = true)]
        errors: f64,
        /// So many townships of 36 villages instead of the size's own: 47 are a million persons.
        #[arg(long, hide = true)]
        townships: Option<usize>,
    },
    /// Runs the chain over a county's folder.
    Run(Run),
    /// Holds a run against a generated county's truth.
    Evaluate {
        out: PathBuf,
        #[arg(long)]
        truth: PathBuf,
        #[arg(long)]
        json: bool,
    },
    /// Says what a run would reject, before delivery.
    Check {
        /// A file of a package, a package's folder, or a county's folder.
        path: PathBuf,
        #[arg(long)]
        json: bool,
    },
    /// Writes an empty package for a department to fill.
    Template {
        /// A department such as `medical_insurance`, or a record such as `medical_cost`.
        department: String,
        #[arg(long, default_value = ".")]
        out: PathBuf,
    },
    /// Links any two or more files by a specification.
    Link(link::Arguments),
    /// Opens a cluster for work that outgrows one machine, on a closed network.
    #[command(subcommand)]
    Cluster(cluster::Command),
    /// Checks rules, or applies them to tables.
    #[command(subcommand)]
    Rules(Rules),
    /// Serves the pages of a store.
    Serve {
        #[arg(long, default_value = "127.0.0.1:8080")]
        listen: String,
        #[arg(long, default_value = "sqlite:fuzhi-demo/fuzhi.db")]
        store: String,
        /// Shows demo accounts on the sign-in page; for a store that a demo made.
        #[arg(long)]
        demo: bool,
        /// Reads every photo and paper that is handed in on stdin and ends with 0 when it may be kept, such as
        /// `clamdscan --no-summary -`.
        #[arg(long, env = "FUZHI_SCAN", value_name = "COMMAND")]
        scan: Option<String>,
        /// A proxy that speaks https stands before it, and says in X-Forwarded-For where people come from.
        #[arg(long)]
        behind_proxy: bool,
        /// What is particular to this installation: its address, whom it may call, its identity provider.
        #[arg(long, env = "FUZHI_CONFIG", value_name = "FILE")]
        config: Option<PathBuf>,
        /// A folder with a limits.toml and a retention.toml; the ones built in by default.
        #[arg(long)]
        policy: Option<PathBuf>,
        /// The font that documents are printed in, or a folder to look for one in; where the system keeps fonts by default.
        #[arg(long, env = "FUZHI_FONTS")]
        fonts: Option<PathBuf>,
        /// Whose signature the folder must bear, as `fuzhi rules key` printed it; several with commas between.
        #[arg(long, env = "FUZHI_POLICY_SIGNER")]
        policy_signer: Option<String>,
    },
    /// Opens the three administrators' accounts of a new store, and prints their first passwords once.
    Begin {
        #[arg(long)]
        store: String,
        /// The county's code, six digits.
        #[arg(long)]
        county: String,
    },
    /// The audit trail of a store.
    #[command(subcommand)]
    Audit(Audit),
    /// The county's key, by which every household's key is wrapped.
    #[command(subcommand)]
    Keys(Keys),
    /// Labels on doors: the keys that sign them, and whether one is genuine.
    #[command(subcommand)]
    Labels(Labels),
    /// Says what is wrong with an installation and the remedy; changes nothing. Exit code 1 when something is.
    Doctor {
        #[arg(long)]
        store: String,
        /// The file that `serve` is given.
        #[arg(long, env = "FUZHI_CONFIG", value_name = "FILE")]
        config: Option<PathBuf>,
        /// As for `serve`.
        #[arg(long, env = "FUZHI_FONTS")]
        fonts: Option<PathBuf>,
        #[arg(long)]
        json: bool,
    },
    /// Removes from a store what is over its time, as every night; with --dry-run only counts it.
    Retention {
        #[arg(long)]
        store: String,
        /// A folder with a retention.toml; the one built in by default.
        #[arg(long)]
        policy: Option<PathBuf>,
        #[arg(long)]
        dry_run: bool,
        #[arg(long)]
        json: bool,
    },
    /// Writes everything a store holds into a folder, while it is being served. The county's key is not in it.
    Backup {
        #[arg(long)]
        store: String,
        /// A folder that isn't there yet.
        #[arg(long)]
        out: PathBuf,
    },
    /// Puts a backup into an empty store, of either database, after checking every byte of it.
    Restore {
        backup: PathBuf,
        #[arg(long)]
        store: String,
    },
    /// Removes what runs wrote into a folder.
    Purge { out: PathBuf },
}

impl Command {
    /// The bound on memory that was asked for.
    #[must_use]
    pub fn memory(&self) -> Option<u64> {
        match self {
            Self::Run(run) => run.memory,
            Self::Link(link) => link.memory,
            _ => None,
        }
    }
}

#[derive(clap::Args)]
pub struct Run {
    /// The county's folder: county.toml, places.csv and a folder a delivery.
    pub county: PathBuf,
    #[arg(long)]
    pub out: PathBuf,
    /// The day the run speaks of; county.toml's by default.
    #[arg(long, value_parser = day)]
    pub as_of: Option<Day>,
    /// A folder of rules and parameters; the ones built in by default.
    #[arg(long)]
    pub policy: Option<PathBuf>,
    /// Whose signature that folder must bear, as `fuzhi rules key` printed it; several with commas between.
    #[arg(long, env = "FUZHI_POLICY_SIGNER")]
    pub policy_signer: Option<String>,
    /// How much memory to use, such as 4GB: what doesn't fit is laid aside in OUT. Half the machine's by default.
    #[arg(long, value_parser = bytes)]
    pub memory: Option<u64>,
    /// `sqlite:PATH` or `postgres://…`; `sqlite:OUT/fuzhi.db` by default, `none` to load nothing.
    #[arg(long)]
    pub store: Option<String>,
    #[command(flatten)]
    pub cluster: cluster::Reach,
    #[arg(long)]
    pub json: bool,
    /// The county is a fictional one: demo accounts are planted, and the sign-in page shows them.
    #[arg(skip)]
    pub demo: bool,
}

#[derive(Subcommand)]
pub enum Rules {
    /// Says everything that is wrong with a policy; the one built in by default.
    Check { policy: Option<PathBuf> },
    /// Makes a publisher's key, and prints its public half.
    Key {
        #[arg(long)]
        out: PathBuf,
    },
    /// Signs a folder of rules that `check` finds nothing wrong with.
    Sign {
        policy: PathBuf,
        #[arg(long)]
        key: PathBuf,
    },
    /// Says whether a folder of rules is as one of these signed it.
    Verify {
        policy: PathBuf,
        #[arg(long, env = "FUZHI_POLICY_SIGNER")]
        signer: String,
    },
    /// Counts for every rule how often it was true, right and undetermined in a run of a generated county.
    Tally {
        out: PathBuf,
        #[arg(long)]
        truth: PathBuf,
        /// The rules it was run with; the ones built in by default.
        #[arg(long)]
        policy: Option<PathBuf>,
        #[arg(long)]
        json: bool,
    },
    /// Applies a policy to persons and households in CSV.
    Apply {
        policy: PathBuf,
        #[arg(long)]
        persons: PathBuf,
        #[arg(long)]
        households: PathBuf,
        #[arg(long)]
        out: PathBuf,
        /// Moves a parameter: `line=2000..6750/250`.
        #[arg(long)]
        sweep: Option<String>,
    },
}

#[derive(Subcommand)]
pub enum Audit {
    /// Finds every entry that was changed, removed or moved; the program that serves the store need not run.
    Verify {
        #[arg(long)]
        store: String,
        /// Heads that were kept elsewhere: finds what was cut off the end too.
        #[arg(long)]
        heads: Option<PathBuf>,
    },
    /// Prints the last entry of every chain, to be kept where nobody who writes the store can write.
    Heads {
        #[arg(long)]
        store: String,
    },
}

#[derive(Subcommand)]
pub enum Keys {
    /// Makes a new county key, and wraps every household's key by it.
    Rotate {
        #[arg(long)]
        store: String,
    },
    /// Says which key the store is wrapped by, without showing it.
    Show {
        #[arg(long)]
        store: String,
    },
}

#[derive(Subcommand)]
pub enum Labels {
    /// Prints the public keys that a store's labels are signed by, as PEM.
    Keys {
        #[arg(long)]
        store: String,
    },
    /// Says whether a label is genuine, from the address in its code and a public key alone: no store, no network.
    Verify {
        address: String,
        /// A file with one or more public keys, as `fuzhi labels keys` prints them.
        #[arg(long)]
        key: PathBuf,
    },
}

#[derive(Clone, Copy, ValueEnum)]
pub enum Size {
    Small,
    County,
    City,
}

fn day(text: &str) -> Result<Day, String> {
    Day::parse_iso(text).map_err(|error| format!("{error}; write it as 2026-09-30"))
}

pub(crate) fn bytes(text: &str) -> Result<u64, String> {
    let wrong = || format!("{text} is no amount of memory; write 4GB or 800MB");
    let upper = text.trim().to_uppercase();
    let (figure, unit) = upper.split_at(upper.find(|c: char| !c.is_ascii_digit()).unwrap_or(upper.len()));
    let unit: u64 = match unit.trim() {
        "" | "B" => 1,
        "K" | "KB" | "KIB" => 1 << 10,
        "M" | "MB" | "MIB" => 1 << 20,
        "G" | "GB" | "GIB" => 1 << 30,
        _ => return Err(wrong()),
    };
    figure.parse::<u64>().ok().and_then(|n| n.checked_mul(unit)).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    /// The lines of a page's shell blocks that call the program, each as it would be typed.
    fn commands(page: &str) -> Vec<Vec<&str>> {
        let blocks = page.split("```sh\n").skip(1).filter_map(|block| block.split("```").next());
        let lines = blocks.flat_map(str::lines).map(|line| line.trim_start_matches("/opt/fuzhi/"));
        lines
            .filter(|line| line.starts_with("fuzhi ") && !line.contains("()"))
            .map(|line| line.split(' ').take_while(|word| !word.starts_with(['#', '>'])).collect::<Vec<_>>())
            .map(|words| words.into_iter().filter(|word| !word.is_empty() && *word != "…").collect())
            .collect()
    }

    #[test]
    fn every_command_of_the_guides_is_one_of_the_program() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let guides = std::fs::read_dir(root.join("docs/guides")).unwrap().map(|entry| entry.unwrap().path());
        let pages = guides.chain(["README.md", "README.zh.md"].map(|name| root.join(name)));
        let mut tried = 0;
        for page in pages.filter(|page| page.extension().is_some_and(|extension| extension == "md")) {
            let text = std::fs::read_to_string(&page).unwrap().replace("$(date +%F)", "2026-09-30");
            for command in commands(&text) {
                let known = Arguments::try_parse_from(&command);
                assert!(known.is_ok(), "{}: {command:?}: {}", page.display(), known.err().unwrap());
                tried += 1;
            }
        }
        assert!(tried > 30, "only {tried} commands were found");
    }
}
