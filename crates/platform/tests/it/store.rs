//! The store: every table has a domain, every statement is understood by both databases.

use crate::village::SETUP;
use std::path::{Path, PathBuf};
use testkit::{Engine, Village, statements};

fn crates() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

#[tokio::test]
async fn every_statement_is_understood_by_both_databases() {
    let domains = platform::domains();
    let names = std::iter::once("kernel").chain(domains.iter().map(|domain| domain.name));
    let manifests: Vec<String> = names.map(|name| crates().join(name).display().to_string()).collect();
    let manifests: Vec<&str> = manifests.iter().map(String::as_str).collect();
    let prepared = statements::prepare_all(SETUP, &manifests).await;
    assert!(prepared >= 40, "only {prepared} statements were found: has the way of writing them changed?");
}

#[tokio::test]
async fn every_table_has_a_domain() {
    let mut declared = vec!["migrations".to_owned()];
    let all = platform::domains();
    let texts = all.iter().flat_map(|domain| domain.migrations).chain(kernel::migrations::KERNEL);
    for migration in texts {
        declared.extend(
            migration
                .sql
                .split("create table ")
                .skip(1)
                .map(|rest| rest.split(|c: char| c.is_whitespace() || c == '(').next().unwrap().to_owned()),
        );
    }
    declared.sort_unstable();
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let village = Village::raise(engine, SETUP).await;
        assert_eq!(kernel::migrations::tables(&village.db).await.unwrap(), declared, "{engine:?}");
    }
}

#[tokio::test]
async fn every_table_names_its_county() {
    let without: &[&str] = &["migrations", "sign_in_failures", "event_deliveries"];
    for domain in platform::domains() {
        for migration in domain.migrations {
            for table in migration.sql.split("create table ").skip(1) {
                let name = table.split(|c: char| c.is_whitespace() || c == '(').next().unwrap();
                let body = table.split(");").next().unwrap();
                assert!(without.contains(&name) || body.contains("county_id"), "{name} has no county_id");
            }
        }
    }
}
