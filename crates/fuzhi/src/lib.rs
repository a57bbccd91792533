//! `fuzhi`: from departments' files to explained findings, and the pages that show them.
//!
//! Two programs are made of it: `fuzhi` itself, and its companion `fuzhi-cluster`, which does on other machines what
//! [`cluster::Task`] says, by the same stages.
//!
//! Exit codes: 0 finished, 1 failed, 2 wrong usage, 130 interrupted.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line speaks on stdout and stderr")]

mod arguments;
mod aside;
mod attached;
mod backup;
mod buckets;
mod check;
pub mod cluster;
mod demo;
mod doctor;
mod evaluate;
mod heard;
mod intake;
mod keys;
mod labels;
mod link;
mod load;
pub mod log;
mod memory;
mod out;
mod plant;
mod policy;
mod press;
mod publish;
mod restore;
mod retain;
mod rules;
mod run;
mod scan;
mod screened;
mod signing;
mod stages;
mod state;
mod store;
mod template;
mod wrong_usage;

use anyhow::Result;
use arguments::{Arguments, Audit, Command, Keys, Labels, Rules};
use clap::Parser;
use std::process::ExitCode;
use wrong_usage::WrongUsage;

/// What `fuzhi` does when it is started.
#[must_use]
pub fn command_line() -> ExitCode {
    let arguments = Arguments::parse();
    memory::give_back(arguments.command.memory());
    stop_on_interrupt();
    match dispatch(arguments.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            if error.downcast_ref::<WrongUsage>().is_some() { ExitCode::from(2) } else { ExitCode::FAILURE }
        }
    }
}

fn dispatch(command: Command) -> Result<()> {
    match command {
        Command::Check { path, json } => {
            let report = check::check(&path).map_err(|problem| anyhow::anyhow!("{problem}"))?;
            print(&report, json, ToString::to_string)
        }
        Command::Template { department, out } => {
            let files = template::write_template(&department, &out).map_err(|problem| anyhow::anyhow!("{problem}"))?;
            files.iter().for_each(|file| println!("{}", file.display()));
            Ok(())
        }
        Command::Evaluate { out, truth, json } => {
            let evaluation = evaluate::evaluate(&out, &truth, &policy::load(None)?)?;
            print(&evaluation, json, evaluate::report)
        }
        Command::Link(arguments) => of_link(&arguments),
        Command::Rules(asked) => of_rules(asked),
        Command::Demo { size, seed, out, no_serve, errors, townships } => {
            let summary = demo::demo(size, townships, seed, errors, &out)?;
            print!("{}", run::report(&summary));
            if no_serve {
                return Ok(());
            }
            let url = format!("sqlite:{}", out.join("fuzhi.db").display());
            let served = store::Served { demo: true, ..store::Served::default() };
            store::serve(&url, "127.0.0.1:8080", &served, say_where)
        }
        Command::Serve { listen, store, demo, scan, behind_proxy, config, policy, policy_signer, fonts } => {
            scan::scan_with(scan);
            signing::demand(policy.as_deref(), policy_signer.as_deref())?;
            store::serve(&store, &listen, &store::Served { demo, behind_proxy, config, policy, fonts }, say_where)
        }
        Command::Begin { store, county } => store::begin(&store, &county).map(|sentence| print!("{sentence}")),
        Command::Run(arguments) => {
            let summary = run::run(&arguments)?;
            if arguments.json {
                memory::beyond(&summary).iter().for_each(|sentence| eprint!("{sentence}"));
            }
            print(&summary, arguments.json, run::report)
        }
        Command::Cluster(_) => cluster::start(),
        Command::Doctor { store, config, fonts, json } => examine(&store, config.as_deref(), fonts, json),
        Command::Retention { store, policy, dry_run, json } => {
            let told = retain::retain(&store, policy.as_deref(), dry_run)?;
            print(&told, json, ToString::to_string)
        }
        Command::Backup { store, out } => backup::backup(&store, &out).map(|sentence| println!("{sentence}")),
        Command::Restore { backup, store } => restore::restore(&backup, &store).map(|sentence| println!("{sentence}")),
        Command::Purge { out } => out::purge(&out),
        Command::Audit(asked) => of_audit(asked).map(|said| println!("{said}")),
        Command::Labels(command) => of_labels(command).map(|said| println!("{said}")),
        Command::Keys(Keys::Rotate { store }) => keys::rotate(&store).map(|sentence| println!("{sentence}")),
        Command::Keys(Keys::Show { store }) => keys::show(&store).map(|sentence| println!("{sentence}")),
    }
}

fn of_link(arguments: &link::Arguments) -> Result<()> {
    if arguments.count {
        return print(&link::count(arguments)?, arguments.json, link::Counted::report);
    }
    if arguments.find {
        return link::find(arguments, &mut std::io::stdin().lock(), &mut std::io::stdout().lock());
    }
    print(&link::link(arguments)?, arguments.json, link::Summary::report)
}

fn of_rules(asked: Rules) -> Result<()> {
    match asked {
        Rules::Check { policy } => {
            println!("{}", rules::check(policy.as_deref())?);
            Ok(())
        }
        Rules::Key { out } => signing::make_key(&out).map(|sentence| println!("{sentence}")),
        Rules::Sign { policy, key } => signing::sign(&policy, &key).map(|sentence| println!("{sentence}")),
        Rules::Verify { policy, signer } => signing::verify(&policy, &signer).map(|sentence| println!("{sentence}")),
        Rules::Tally { out, truth, policy, json } => {
            let tally = evaluate::tally::tally(&out, &truth, &policy::load(policy.as_deref())?)?;
            print(&tally, json, evaluate::tally::report)
        }
        Rules::Apply { policy, persons, households, out, sweep } => {
            let applied = rules::apply(&policy, &persons, &households, &out, sweep.as_deref())?;
            println!("{} persons, {} households, {} rows", applied.persons, applied.households, applied.rows);
            Ok(())
        }
    }
}

fn of_audit(asked: Audit) -> Result<String> {
    match asked {
        Audit::Verify { store, heads } => store::verify_audit(&store, heads.as_deref()),
        Audit::Heads { store } => store::audit_heads(&store),
    }
}

fn of_labels(command: Labels) -> Result<String> {
    match command {
        Labels::Keys { store } => labels::keys(&store),
        Labels::Verify { address, key } => labels::verify(&address, &key),
    }
}

fn examine(store: &str, config: Option<&std::path::Path>, fonts: Option<std::path::PathBuf>, json: bool) -> Result<()> {
    let report = doctor::examine(store, config, fonts)?;
    print(&report, json, ToString::to_string)?;
    if report.is_well() { Ok(()) } else { Err(anyhow::anyhow!("something is wrong: see above")) }
}

/// One JSON object on stdout, or the same for people.
fn print<T: serde::Serialize>(answer: &T, json: bool, people: impl Fn(&T) -> String) -> Result<()> {
    if json {
        println!("{}", serde_json::to_string(answer)?);
    } else {
        print!("{}", people(answer));
    }
    Ok(())
}

fn say_where(address: std::net::SocketAddr) {
    println!("\nhttp://{address}   (Ctrl-C ends it)");
}

/// Ctrl-C ends the process at once: outputs are whole or not there, and a lock left behind is taken over.
fn stop_on_interrupt() {
    std::thread::spawn(|| {
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
        if runtime.block_on(tokio::signal::ctrl_c()).is_ok() {
            std::process::exit(130);
        }
    });
}
