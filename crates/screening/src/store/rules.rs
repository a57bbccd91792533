use crate::model::RuleCard;
use kernel::{Cx, Result};

kernel::record! {
    /// A rule as the latest run used it. `card` is JSON of [`RuleCard`].
    #[derive(Clone, Debug)]
    pub struct RuleRow {
        pub rule: String,
        pub version: String,
        pub rule_set: String,
        pub programme: String,
        pub found: i64,
        pub undetermined: i64,
        pub card: String,
    }
}

impl RuleRow {
    /// # Errors
    /// When the card was written by another program.
    pub fn card(&self) -> Result<RuleCard> {
        Ok(serde_json::from_str(&self.card)?)
    }
}

/// The rules of a run, by set and name.
///
/// # Errors
/// The database's.
pub async fn list_rules(cx: &mut Cx, run: &str) -> Result<Vec<RuleRow>> {
    let county = cx.county().to_owned();
    cx.sql(
        "select rule, version, rule_set, programme, found, undetermined, card from screening_rules
         where county_id = $1 and run = $2 order by rule_set, rule limit 1000",
    )
    .bind(county)
    .bind(run)
    .list()
    .await
}

/// One rule of a run.
///
/// # Errors
/// `NotFound` when that run had no such rule.
pub async fn get_rule(cx: &mut Cx, run: &str, rule: &str) -> Result<RuleRow> {
    let county = cx.county().to_owned();
    cx.sql(
        "select rule, version, rule_set, programme, found, undetermined, card from screening_rules
         where county_id = $1 and run = $2 and rule = $3",
    )
    .bind(county)
    .bind(run)
    .bind(rule)
    .get()
    .await
}
