//! Real processes on the loopback interface: whatever a test starts ends with it.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::OnceLock;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// Longer than anything here takes on a busy machine: a test that waits for it has failed.
const PATIENCE: Duration = Duration::from_secs(300);

/// `fuzhi`, which stands beside its companion: the gate builds it before, and here it is built when it is missing.
pub fn fuzhi() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let program = Path::new(env!("CARGO_BIN_EXE_fuzhi-cluster")).with_file_name("fuzhi");
        if !program.exists() {
            let built = Command::new(env!("CARGO")).args(["build", "--package", "fuzhi"]).status().unwrap();
            assert!(built.success());
        }
        program
    })
}

/// What a process is told beside its words.
pub type Environment<'a> = &'a [(&'a str, &'a str)];

pub fn run(arguments: &[&str]) -> Output {
    run_in(&[], arguments)
}

fn run_in(environment: Environment<'_>, arguments: &[&str]) -> Output {
    Command::new(fuzhi()).args(arguments).envs(environment.iter().copied()).output().unwrap()
}

pub fn succeed(arguments: &[&str]) -> Output {
    succeed_in(&[], arguments)
}

pub fn succeed_in(environment: Environment<'_>, arguments: &[&str]) -> Output {
    let output = run_in(environment, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    output
}

/// A process that is killed when the test ends, however it does.
pub struct Process {
    child: Child,
    lines: Receiver<String>,
    heard: Vec<String>,
}

impl Process {
    pub fn start(arguments: &[&str]) -> Self {
        Self::start_in(&[], arguments)
    }

    fn start_in(environment: Environment<'_>, arguments: &[&str]) -> Self {
        let mut command = Command::new(fuzhi());
        command.args(arguments).envs(environment.iter().copied());
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
        let (say, lines) = channel();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        std::thread::spawn(move || stdout.lines().map_while(Result::ok).try_for_each(|line| say.send(line)));
        Self { child, lines, heard: Vec::new() }
    }

    /// Waits until it says a line that begins so, and gives back the rest of it.
    pub fn wait_for(&mut self, beginning: &str) -> String {
        loop {
            let line = self.lines.recv_timeout(PATIENCE);
            let line = line.unwrap_or_else(|_| panic!("never said {beginning:?}, but {:?}", self.heard));
            self.heard.push(line.clone());
            if let Some(rest) = line.strip_prefix(beginning) {
                return rest.to_owned();
            }
        }
    }

    /// What it has said so far that begins so.
    pub fn said(&mut self, beginning: &str) -> usize {
        self.heard.extend(self.lines.try_iter());
        self.heard.iter().filter(|line| line.starts_with(beginning)).count()
    }

    /// At once, as a machine without power ends.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Whether it succeeded.
    pub fn ended_well(mut self) -> bool {
        self.child.wait().unwrap().success()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub struct Cluster {
    pub scheduler: Process,
    pub address: String,
    pub executors: Vec<Process>,
}

impl Cluster {
    /// A scheduler that loses patience soon, and executors that do one task at a time.
    pub fn of(executors: usize) -> Self {
        Self::of_in(&[], executors)
    }

    pub fn of_in(environment: Environment<'_>, executors: usize) -> Self {
        let (scheduler, address) = scheduler("127.0.0.1:0");
        let executors = (0..executors).map(|_| executor(environment, &address)).collect();
        Self { scheduler, address, executors }
    }

    pub fn url(&self) -> String {
        format!("df://{}", self.address)
    }
}

pub fn scheduler(listen: &str) -> (Process, String) {
    let mut scheduler = Process::start(&["cluster", "scheduler", "--listen", listen, "--patience", "12"]);
    let address = scheduler.wait_for("listening at ");
    (scheduler, address)
}

fn executor(environment: Environment<'_>, scheduler: &str) -> Process {
    let words = ["cluster", "executor", "--scheduler", scheduler, "--tasks", "1"];
    let mut executor = Process::start_in(environment, &words);
    executor.wait_for("working for ");
    executor
}
