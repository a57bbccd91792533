//! `fuzhi demo`: a fictional county, the whole chain over it, what it found, and cases people work on.

mod cases;

pub use cases::plant as plant_cases;

use crate::arguments::{Run, Size};
use crate::cluster::Reach;
use crate::out::OutFolder;
use crate::plant::plant;
use crate::run::{self, Summary};
use crate::stages::Stages;
use crate::store;
use crate::wrong_usage::WrongUsage;
use anyhow::{Context, Result};
use county::County;
use std::path::Path;

/// A township's villages and a village's households, where a county of a size of its own is asked for.
const VILLAGES: usize = 36;
const HOUSEHOLDS: u32 = 167;

/// Plants `folder/county` and runs it into `folder/out` and the store `folder/fuzhi.db`.
///
/// # Errors
/// [`WrongUsage`] when the folder holds something else; what the run says otherwise.
pub fn demo(size: Size, townships: Option<usize>, seed: u64, errors: f64, folder: &Path) -> Result<Summary> {
    let home = folder.join("county");
    make_room(folder)?;
    let size = match size {
        Size::Small => county::Size::Small,
        Size::County => county::Size::County,
        Size::City => county::Size::City,
    };
    let planted = match townships {
        Some(townships) => County::of(townships, VILLAGES, HOUSEHOLDS, seed),
        None => County::new(size, seed),
    };
    let planted = planted.with_rates_factor(errors);
    let mut stages = Stages::new(false);
    let progress = stages.begin_counted("plant", planted.chunks() as u64, "villages");
    plant(&planted, &home, &progress)?;
    stages.end();
    let url = format!("sqlite:{}", folder.join("fuzhi.db").display());
    let summary = run::run(&Run {
        cluster: Reach::default(),
        county: home,
        out: folder.join("out"),
        as_of: None,
        policy: None,
        policy_signer: None,
        memory: None,
        store: Some(url.clone()),
        json: false,
        demo: true,
    })?;
    if townships.is_some() {
        store::plant_everywhere(&url, &county::COUNTY.to_string())?;
    }
    Ok(summary)
}

/// Clears what an earlier demo planted; anything else in the folder is somebody's.
fn make_room(folder: &Path) -> Result<()> {
    if folder.is_dir() {
        for entry in std::fs::read_dir(folder)? {
            let name = entry?.file_name().to_string_lossy().into_owned();
            if !["county", "out", "fuzhi.db", "fuzhi.db-wal", "fuzhi.db-shm", "fuzhi.key"].contains(&name.as_str()) {
                let sentence = format!("{} holds {name}, which no demo made; choose another --out", folder.display());
                return Err(WrongUsage::new(sentence).into());
            }
        }
        let planted = folder.join("county");
        if planted.join("county.toml").exists() {
            std::fs::remove_dir_all(&planted).with_context(|| format!("{} can't be cleared", planted.display()))?;
        }
        let out = folder.join("out");
        if out.is_dir() {
            drop(OutFolder::open(&out)?);
            crate::out::purge(&out)?;
        }
    }
    Ok(())
}
