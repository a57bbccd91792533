//! Pages about findings, rules and runs, and the page everybody starts from.

mod bulk;
mod finding;
mod findings;
mod home;
mod paper;
mod rules;
mod runs;

use crate::store::{self, Run};
use kernel::{Cx, MenuEntry, MenuGroup, Panel, Permission, Result, Role, Routes, SIGNED_IN};
use ui::{Shell, Speaker, numbers};
use values::Precision;

/// Sees findings of families within the post's places, in a case pack or by warrant.
pub const READ_FINDINGS: Permission = Permission::of(
    "findings.read",
    &[Role::Village, Role::Township, Role::County, Role::LeadingGroup, Role::City, Role::ExternalAuditor],
);
/// Decides what happens with a finding.
pub const TRIAGE_FINDINGS: Permission = Permission::of("findings.triage", Role::OF_PLACES);
/// Takes a list of findings out of the program.
pub const EXPORT_FINDINGS: Permission = Permission::of("findings.export", Role::OF_PLACES);
/// Rules and runs say nothing about any family.
pub const READ_RULES: Permission = SIGNED_IN;

pub fn routes() -> Routes {
    Routes::new()
        .page("/home", home::show, SIGNED_IN)
        .page("/findings", findings::list, READ_FINDINGS)
        .page("/findings.xlsx", findings::export, EXPORT_FINDINGS)
        .page("/findings/{id}", finding::show, READ_FINDINGS)
        .page("/findings/{id}/pdf", paper::pdf, READ_FINDINGS)
        .page("/findings/of-household/{id}", finding::of_household, READ_FINDINGS)
        .form("/findings/triage", bulk::triage, TRIAGE_FINDINGS)
        .form("/findings/{id}/triage", finding::triage, TRIAGE_FINDINGS)
        .page("/rules", rules::list, READ_RULES)
        .page("/rules/{id}", rules::show, READ_RULES)
        .page("/runs", runs::list, READ_RULES)
        .page("/runs/{id}", runs::show, READ_RULES)
}

pub fn menu() -> Vec<MenuEntry> {
    let entry = |group, rank, text, path, permission| MenuEntry { group, rank, text, path, permission };
    vec![
        entry(MenuGroup::Work, 10, "menu-home", "/home", SIGNED_IN),
        entry(MenuGroup::Work, 20, "menu-findings", "/findings", READ_FINDINGS),
        entry(MenuGroup::Records, 30, "menu-runs", "/runs", READ_RULES),
        entry(MenuGroup::Records, 40, "menu-rules", "/rules", READ_RULES),
    ]
}

pub fn panels() -> Vec<Panel> {
    let holds = "select 1 from screening_findings where household = $1 and superseded_at is null /* unscoped: only whether there is a row */";
    vec![Panel::household("/findings/of-household/{id}", READ_FINDINGS).holding(holds)]
}

/// The frame of a page, its footer saying what data and rules it rests on.
fn shell(cx: &Cx, title: impl Into<String>, run: Option<&Run>) -> Shell {
    let w = Speaker::new(cx.language);
    let lines = run.into_iter().flat_map(|run| {
        let day = numbers::long_date(w.language, run.as_of, Precision::Day);
        [w.a("footer-data", day), w.a("footer-policy", &run.policy)]
    });
    Shell::new(cx, title).with_footer(lines)
}

/// The newest run and the frame of a page about it.
///
/// # Errors
/// The database's.
pub async fn shell_of_latest(cx: &mut Cx, title: impl Into<String>) -> Result<(Shell, Option<Run>)> {
    let run = store::find_latest_run(cx).await?;
    Ok((shell(cx, title, run.as_ref()), run))
}
