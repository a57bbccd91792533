//! Whole tables through a policy: persons and households in, decisions out.

use crate::problem::Place;

/// What `[apply]` says: the key column, and what to write.
#[derive(Clone, Debug)]
pub struct Layout {
    pub household: String,
    pub output: Vec<Output>,
    pub(crate) place: Place,
}

/// One column of the answer.
#[derive(Clone, Debug)]
pub struct Output {
    pub name: String,
    /// A fact or derived fact of the household.
    pub value: String,
    /// Printed as value ÷ this, rounded to two decimals; never computed with.
    pub per: Option<String>,
}

pub(crate) fn layout(mut entry: crate::entry::Entry) -> Option<Layout> {
    let household = entry.text("household");
    let mut output = Vec::new();
    for table in entry.tables("output") {
        let text = |key: &str| table.get(key).and_then(toml::Value::as_str).map(str::to_owned);
        match (text("name"), text("value")) {
            (Some(name), Some(value)) => output.push(Output { name, value, per: text("per") }),
            _ => entry.problem(
                "output 的每一列都要有 name 和 value。".into(),
                "Each output column needs a name and a value.".into(),
            ),
        }
    }
    let place = entry.place.clone();
    entry.finish();
    Some(Layout { household: household?, output, place })
}
