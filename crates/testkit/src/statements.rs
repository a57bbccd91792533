//! Every SQL text of a crate, prepared on both databases: a misspelt column is found before any page asks for it.

use crate::{Engine, Setup, Village};
use kernel::migrations;
use std::path::{Path, PathBuf};

/// A text found in a source file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    pub file: PathBuf,
    pub line: usize,
    pub sql: String,
}

impl Statement {
    /// What only one database understands stands in a file named for it, such as `search_postgres.rs`.
    fn is_for(&self, engine: Engine) -> bool {
        let name = self.file.file_stem().unwrap_or_default().to_string_lossy();
        match engine {
            Engine::Sqlite => !name.ends_with("_postgres"),
            Engine::Postgres => !name.ends_with("_sqlite"),
        }
    }
}

const VERBS: [&str; 5] = ["select ", "insert into ", "update ", "delete from ", "with "];

/// The statements in the sources of a crate (`env!("CARGO_MANIFEST_DIR")`).
#[must_use]
pub fn of_crate(manifest: &str) -> Vec<Statement> {
    let mut files = Vec::new();
    sources(&Path::new(manifest).join("src"), &mut files);
    files.sort();
    let mut found = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        found.extend(literals(&text).into_iter().filter(|(_, sql)| is_sql(sql)).map(|(line, sql)| Statement {
            file: file.clone(),
            line,
            sql,
        }));
    }
    found
}

/// Prepares them on both databases; gives how many there were.
///
/// # Panics
/// With the place and the database's words when one isn't understood, or when one reads a table of families without
/// `{scope}` or `{page}`. A statement that must, says why in itself: `/* unscoped: counts for the whole county */`.
pub async fn prepare_all(setup: Setup, manifests: &[&str]) -> usize {
    let all: Vec<Statement> = manifests.iter().flat_map(|manifest| of_crate(manifest)).collect();
    let scoped: Vec<&str> = (setup.domains)().iter().flat_map(|domain| domain.scoped_tables.to_vec()).collect();
    let mut wrong = Vec::new();
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let village = Village::raise(engine, setup).await;
        for Statement { file, line, sql } in all.iter().filter(|statement| statement.is_for(engine)) {
            if let Err(cause) = migrations::prepare(&village.db, &filled(sql)).await {
                wrong.push(format!("{}:{line} on {engine:?}: {cause}\n  {sql}", file.display()));
            }
        }
    }
    for Statement { file, line, sql } in &all {
        if let Some(table) = scoped.iter().find(|table| forgets_scope(sql, table)) {
            wrong.push(format!("{}:{line} reads {table} without {{scope}}:\n  {sql}", file.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    all.len()
}

fn sources(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// A text that begins as a statement. One with other braces is put together by a program, not by a person.
fn is_sql(text: &str) -> bool {
    let text = text.trim_start();
    VERBS.iter().any(|verb| text.starts_with(verb)) && text.contains(' ') && !filled(text).contains(['{', '}'])
}

fn filled(sql: &str) -> String {
    let mut text = sql.replace("{scope}", "1 = 1").replace("{page}", "1 = 1 limit 1").replace("{also}", "1 = 1");
    while let Some(at) = text.find("{known") {
        let Some(length) = text[at..].find('}') else { break };
        let alias = text[at + "{known".len()..at + length].trim().to_owned();
        let dot = if alias.is_empty() { "" } else { "." };
        text.replace_range(at..=at + length, &format!("{alias}{dot}superseded_at is null"));
    }
    text
}

fn forgets_scope(sql: &str, table: &str) -> bool {
    let words: Vec<&str> = sql.split(|c: char| c.is_whitespace() || c == ',' || c == '(' || c == ')').collect();
    let reads = words.windows(2).any(|pair| matches!(pair[0], "from" | "join" | "update") && pair[1] == table);
    reads && !sql.contains("{scope}") && !sql.contains("{page}") && !sql.contains("/* unscoped: ")
}

/// The string literals of a source, with the line they begin on.
fn literals(source: &str) -> Vec<(usize, String)> {
    let (mut found, mut line) = (Vec::new(), 1);
    let mut chars = source.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\n' => line += 1,
            '/' if chars.peek() == Some(&'/') => {
                while chars.peek().is_some_and(|next| *next != '\n') {
                    chars.next();
                }
            }
            // A quote as a character, not as the begin of a text.
            '\'' if chars.peek() == Some(&'"') => drop(chars.next()),
            '"' => {
                let (begin, mut text) = (line, String::new());
                while let Some(c) = chars.next() {
                    match c {
                        '"' => break,
                        '\\' => match chars.next() {
                            Some('\n') => {
                                line += 1;
                                while chars.peek().is_some_and(|next| next.is_whitespace()) {
                                    line += usize::from(chars.next() == Some('\n'));
                                }
                            }
                            Some('n') => text.push('\n'),
                            Some(other) => text.push(other),
                            None => break,
                        },
                        c => {
                            line += usize::from(c == '\n');
                            text.push(c);
                        }
                    }
                }
                found.push((begin, text));
            }
            _ => {}
        }
    }
    found
}
