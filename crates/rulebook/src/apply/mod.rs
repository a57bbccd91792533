//! Whole tables through a policy: persons and households in, decisions out.

mod csv;
mod run;
mod write;

pub use run::apply;

use crate::entry::Entry;
use crate::problem::Place;
use crate::{Policy, Problem, Words, unit};
use values::Day;

/// What `[apply]` says: the key column, the day, and what to write.
#[derive(Clone, Debug)]
pub struct Layout {
    /// The column, in both files, that says which household a row is or belongs to.
    pub household: String,
    pub as_of: Day,
    /// Whose parameters hold; empty = those of `*`.
    pub region: String,
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

/// One parameter moved in even steps, both ends included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sweep {
    pub parameter: String,
    from: String,
    to: String,
    step: String,
}

/// Rows read and written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    pub persons: u64,
    pub households: u64,
    pub rows: u64,
}

#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// The policy, or a table, as it stands can't be used.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Problems(Vec<Problem>),
    #[error(transparent)]
    Write(#[from] std::io::Error),
}

impl ApplyError {
    pub(crate) fn at(file: &str, subject: String, zh: String, en: String) -> Self {
        Self::Problems(vec![Problem::new(&Place { file: file.to_owned(), subject }, Words { zh, en })])
    }
}

impl Sweep {
    /// Reads `line=2000..6750/250`, in the parameter's own unit.
    ///
    /// # Errors
    /// When it has another form.
    pub fn parse(text: &str) -> Result<Self, ApplyError> {
        let parts = || {
            let (parameter, range) = text.split_once('=')?;
            let (from, rest) = range.split_once("..")?;
            let (to, step) = rest.split_once('/')?;
            let [parameter, from, to, step] = [parameter, from, to, step].map(|part| part.trim().to_owned());
            Some(Self { parameter, from, to, step })
        };
        parts().ok_or_else(|| wrong_sweep(text))
    }

    /// The values in the smallest parts of the parameter's unit.
    fn values(&self, unit: &str) -> Result<Vec<i64>, ApplyError> {
        const MOST: i64 = 10_000;
        let figure = |text: &str| unit::amount(text, unit);
        let (Some(from), Some(to), Some(step)) = (figure(&self.from), figure(&self.to), figure(&self.step)) else {
            return Err(wrong_sweep(&self.parameter));
        };
        if step <= 0 || to < from || (to - from) / step >= MOST {
            return Err(wrong_sweep(&self.parameter));
        }
        Ok((0..=(to - from) / step).map(|i| from + i * step).collect())
    }
}

fn wrong_sweep(text: &str) -> ApplyError {
    ApplyError::at(
        "--sweep",
        text.to_owned(),
        "写成 参数=从..到/步长，例如 line=2000..6750/250，最多一万个值。".into(),
        "Write parameter=from..to/step, such as line=2000..6750/250, with at most ten thousand values.".into(),
    )
}

impl Policy {
    /// What the policy says about whole tables.
    #[must_use]
    pub fn layout(&self) -> Option<&Layout> {
        self.apply.as_ref()
    }
}

pub(crate) fn layout(mut entry: Entry) -> Option<Layout> {
    let household = entry.text("household");
    let as_of = entry.needed_day("as_of");
    let region = entry.find_text("region").unwrap_or_default();
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
    Some(Layout { household: household?, as_of: as_of?, region, output, place })
}
