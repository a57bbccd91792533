//! A specification made ready to run: where each field lies in a record, what is compared, what blocks.

use crate::level::Level;
use crate::record::NAME;
use crate::spec::{ComparisonSpec, Role, Spec, SpecError};
use crate::successors::Successors;

/// Fields, comparisons and blocking rules of one job.
#[derive(Clone, Debug, PartialEq)]
pub struct Scheme {
    pub(crate) fields: Vec<Field>,
    /// Words of 64 bits a record takes.
    pub(crate) width: usize,
    pub(crate) comparisons: Vec<Comparison>,
    pub(crate) rules: Vec<Rule>,
    pub(crate) successors: Successors,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Field {
    pub name: String,
    pub role: Role,
    /// Its first word in a packed record.
    pub at: usize,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Comparison {
    pub field: usize,
    pub with: Option<usize>,
    pub levels: Vec<Level>,
    pub term_frequency: bool,
}

/// Parts that two records must all agree on to be compared.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Rule {
    pub parts: Vec<Part>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Part {
    pub field: usize,
    pub of: PartOf,
}

/// What of a value two records must have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum PartOf {
    Whole,
    /// Characters or digits from the first to before the second.
    Range(u8, u8),
    /// How a name sounds: its syllables in Chinese, its consonants in Latin letters.
    Sounds,
    Year,
    /// The day of the year.
    MonthDay,
    /// An e-mail address up to the @.
    Mailbox,
}

impl Part {
    /// Whether records that agree on this part agree on the other one too.
    pub(crate) fn implies(self, other: Self) -> bool {
        let wider = match (self.of, other.of) {
            (PartOf::Whole, _) => true,
            (PartOf::Range(from, to), PartOf::Range(least, most)) => from <= least && most <= to,
            (a, b) => a == b,
        };
        self.field == other.field && wider
    }
}

impl Rule {
    /// Whether records that agree on these parts share this rule's block.
    pub(crate) fn follows_from(&self, parts: &[Part]) -> bool {
        self.parts.iter().all(|needed| parts.iter().any(|part| part.implies(*needed)))
    }
}

/// Words of a packed record that a role takes.
const fn width(role: Role) -> usize {
    match role {
        Role::Name | Role::Surname | Role::GivenName => NAME,
        Role::Address => 3,
        Role::IdNumber | Role::Text | Role::Email | Role::Postcode => 2,
        Role::Ignore => 0,
        _ => 1,
    }
}

impl Scheme {
    /// # Errors
    /// [`SpecError`] when comparisons or rules name what isn't there or doesn't fit.
    pub fn new(spec: &Spec) -> Result<Self, SpecError> {
        let mut fields = Vec::new();
        let mut at = 0;
        for (name, role) in spec.columns() {
            fields.push(Field { name: name.to_owned(), role, at });
            at += width(role);
        }
        let successors = Successors::new(&spec.successors);
        let mut scheme = Self { fields, width: at, comparisons: Vec::new(), rules: Vec::new(), successors };
        if scheme.fields.is_empty() {
            return Err(SpecError::NoField);
        }
        let comparisons =
            if spec.comparison.is_empty() { scheme.default_comparisons() } else { spec.comparison.clone() };
        for comparison in &comparisons {
            let comparison = scheme.comparison(comparison)?;
            scheme.comparisons.push(comparison);
        }
        if scheme.comparisons.len() > 16 {
            return Err(SpecError::Comparisons);
        }
        for blocking in &spec.blocking {
            let rule = scheme.rule(&blocking.on)?;
            scheme.rules.push(rule);
        }
        Ok(scheme)
    }

    fn field(&self, name: &str, place: &'static str) -> Result<usize, SpecError> {
        let found = self.fields.iter().position(|field| field.name == name);
        found.ok_or_else(|| SpecError::UnknownField { field: name.to_owned(), place })
    }

    fn comparison(&self, spec: &ComparisonSpec) -> Result<Comparison, SpecError> {
        let field = self.field(&spec.field, "comparison")?;
        let with = spec.with.as_ref().map(|name| self.field(name, "comparison")).transpose()?;
        let role = self.fields[field].role;
        let mut levels = if spec.levels.is_empty() { Level::defaults(role) } else { spec.levels.clone() };
        if spec.levels.is_empty() && role == Role::AreaCode && !self.successors.is_empty() {
            levels.insert(1, Level::Successor);
        }
        if let Some(level) = levels.iter().find(|level| !level.suits(role)) {
            return Err(SpecError::LevelOfRole { field: spec.field.clone(), level: level.to_string() });
        }
        let beside = levels.iter().any(|level| matches!(level, Level::Address(_)));
        if beside && with.is_none_or(|with| self.fields[with].role != Role::Address) {
            return Err(SpecError::UnknownField { field: "with = \"…\", an address".into(), place: "comparison" });
        }
        if levels.len() > 14 {
            return Err(SpecError::Levels(spec.field.clone()));
        }
        Ok(Comparison { field, with, levels, term_frequency: spec.term_frequency })
    }

    pub(crate) fn rule(&self, on: &[String]) -> Result<Rule, SpecError> {
        let parts = on.iter().map(|part| self.part(part)).collect::<Result<_, _>>()?;
        Ok(Rule { parts })
    }

    /// A rule as a specification writes it; one without parts compares all with all.
    pub(crate) fn written(&self, rule: &Rule) -> Vec<String> {
        let part = |part: &Part| {
            let name = &self.fields[part.field].name;
            match part.of {
                PartOf::Whole => name.clone(),
                PartOf::Range(from, to) if from + 1 == to => format!("{name}[{from}]"),
                PartOf::Range(from, to) => format!("{name}[{from}:{to}]"),
                PartOf::Sounds => format!("sounds({name})"),
                PartOf::Year => format!("year({name})"),
                PartOf::MonthDay => format!("month_day({name})"),
                PartOf::Mailbox => format!("mailbox({name})"),
            }
        };
        rule.parts.iter().map(part).collect()
    }

    fn part(&self, text: &str) -> Result<Part, SpecError> {
        let wrong = || SpecError::Part(text.to_owned());
        let (name, of) = match text.split_once('(') {
            Some((function, name)) => {
                let of = match function.trim() {
                    // In Chinese the two are the same.
                    "sounds" | "pinyin" => PartOf::Sounds,
                    "year" => PartOf::Year,
                    "month_day" => PartOf::MonthDay,
                    "mailbox" => PartOf::Mailbox,
                    _ => return Err(wrong()),
                };
                (name.strip_suffix(')').ok_or_else(wrong)?, of)
            }
            None => match text.strip_suffix(']').and_then(|text| text.split_once('[')) {
                Some((name, range)) => (name, written_range(range).ok_or_else(wrong)?),
                None => (text, PartOf::Whole),
            },
        };
        let field = self.field(name.trim(), "blocking")?;
        let role = self.fields[field].role;
        let fits = match of {
            PartOf::Whole => true,
            PartOf::Range(..) => !matches!(role, Role::Address | Role::Number | Role::HouseholdNo),
            PartOf::Sounds => matches!(role, Role::Name | Role::Surname | Role::GivenName),
            PartOf::Year | PartOf::MonthDay => role == Role::BirthDate,
            PartOf::Mailbox => role == Role::Email,
        };
        if fits { Ok(Part { field, of }) } else { Err(wrong()) }
    }

    /// The name of what a comparison compares.
    pub(crate) fn field_of(&self, comparison: usize) -> &str {
        &self.fields[self.comparisons[comparison].field].name
    }

    fn of_role(&self, role: Role) -> impl Iterator<Item = &str> {
        self.fields.iter().filter(move |field| field.role == role).map(|field| field.name.as_str())
    }

    /// One comparison a field; an address is judged together with the area code, because it says the same again.
    fn default_comparisons(&self) -> Vec<ComparisonSpec> {
        let address = self.of_role(Role::Address).next();
        let place = self.of_role(Role::AreaCode).next();
        let mut all = Vec::new();
        for field in &self.fields {
            let mut comparison = ComparisonSpec {
                field: field.name.clone(),
                with: None,
                levels: Vec::new(),
                term_frequency: matches!(
                    field.role,
                    Role::Name | Role::Surname | Role::GivenName | Role::Text | Role::Postcode
                ),
            };
            if place == Some(&field.name) && address.is_some() {
                comparison.with = address.map(str::to_owned);
                comparison.levels = vec![Level::Address(0.7), Level::Exact, Level::Prefix(9), Level::Prefix(6)];
                if !self.successors.is_empty() {
                    comparison.levels.insert(2, Level::Successor);
                }
            } else if place.is_some() && address == Some(&field.name) {
                continue;
            }
            all.push(comparison);
        }
        all
    }
}

/// `3` is the fourth character, `0:3` the first three, `:3` too.
fn written_range(range: &str) -> Option<PartOf> {
    let number = |text: &str| text.trim().parse::<u8>().ok();
    let (from, to) = match range.split_once(':') {
        Some(("", to)) => (0, number(to)?),
        Some((from, to)) => (number(from)?, number(to)?),
        None => (number(range)?, number(range)?.saturating_add(1)),
    };
    (from < to).then_some(PartOf::Range(from, to))
}
