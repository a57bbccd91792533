//! A new domain with the same rooms as every other (ARCHITECTURE.md, "A domain").

use anyhow::{Result, bail};
use std::fs;
use std::path::Path;

pub fn run(name: &str) -> Result<()> {
    if name.is_empty() || !name.chars().all(|c| c.is_ascii_lowercase()) {
        bail!("a domain's name is one lower-case word, a noun of the field: `casework`, `grid`");
    }
    let home = Path::new("crates").join(name);
    if home.exists() {
        bail!("{} is there already", home.display());
    }
    for folder in ["migrations", "locales", "src/pages"] {
        fs::create_dir_all(home.join(folder))?;
    }
    for (file, text) in rooms(name) {
        fs::write(home.join(file), text)?;
    }
    println!("{} has its rooms. Now: its layer in xtask/src/tidy.rs, its line in crates/platform.", home.display());
    Ok(())
}

fn rooms(name: &str) -> [(&'static str, String); 10] {
    let manifest = format!(
        "[package]\nname = \"{name}\"\nversion.workspace = true\nedition.workspace = true\nrust-version.workspace = true\n\
         license.workspace = true\npublish.workspace = true\n\n[lints]\nworkspace = true\n\n[dependencies]\n\
         askama.workspace = true\naxum.workspace = true\nkernel.workspace = true\nserde.workspace = true\n\
         ui.workspace = true\nvalues.workspace = true\n\n[dev-dependencies]\ntestkit.workspace = true\ntokio.workspace = true\n"
    );
    let door = format!(
        "//! What {name} is for, in five sentences.\n\nmod actions;\nmod model;\nmod pages;\nmod store;\n#[cfg(test)]\nmod tests;\n"
    );
    [
        ("Cargo.toml", manifest),
        ("migrations/0001_first.sql", format!("-- What {name} keeps, and why, as an essay.\n")),
        ("locales/zh.ftl", String::new()),
        ("locales/en.ftl", String::new()),
        ("src/lib.rs", door),
        ("src/model.rs", "//! Types that can't be wrong, and the questions `can_…` one may ask of them. No database, no web, no clock.\n".into()),
        ("src/store.rs", "//! The only SQL: `find_` may be empty, `get_` promises, `list_` is bounded.\n".into()),
        ("src/actions.rs", "//! The field's verbs: the only writers.\n".into()),
        ("src/pages.rs", "//! Routes, forms and page structs: the only web.\n".into()),
        ("src/tests.rs", "//! Stories through the web door.\n".into()),
    ]
}
