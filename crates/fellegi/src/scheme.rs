//! A specification made ready to run: where each field lies in a record, what is compared, what blocks.

use crate::level::Level;
use crate::spec::{ComparisonSpec, Role, Spec, SpecError};

/// Fields, comparisons and blocking rules of one job.
#[derive(Clone, Debug, PartialEq)]
pub struct Scheme {
    pub(crate) fields: Vec<Field>,
    /// Words of 64 bits a record takes.
    pub(crate) width: usize,
    pub(crate) comparisons: Vec<Comparison>,
    pub(crate) rules: Vec<Rule>,
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
    pub text: String,
    pub parts: Vec<Part>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    pub field: usize,
    pub of: PartOf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PartOf {
    Whole,
    Range(u8, u8),
    Pinyin,
    Year,
}

/// Words of a packed record that a role takes.
const fn width(role: Role) -> usize {
    match role {
        Role::Name | Role::Surname | Role::GivenName => 5,
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
        let mut scheme = Self { fields, width: at, comparisons: Vec::new(), rules: Vec::new() };
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
        let rules = if spec.blocking.is_empty() {
            scheme.default_rules()
        } else {
            spec.blocking.iter().map(|rule| rule.on.clone()).collect()
        };
        for on in rules {
            let rule = scheme.rule(&on)?;
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
        let levels = if spec.levels.is_empty() { Level::defaults(role) } else { spec.levels.clone() };
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

    fn rule(&self, on: &[String]) -> Result<Rule, SpecError> {
        let parts = on.iter().map(|part| self.part(part)).collect::<Result<_, _>>()?;
        Ok(Rule { text: on.join(" & "), parts })
    }

    fn part(&self, text: &str) -> Result<Part, SpecError> {
        let wrong = || SpecError::Part(text.to_owned());
        let inner = |name: &str| text.strip_prefix(name)?.strip_prefix('(')?.strip_suffix(')');
        let (name, of) = if let Some(name) = inner("pinyin") {
            (name, PartOf::Pinyin)
        } else if let Some(name) = inner("year") {
            (name, PartOf::Year)
        } else if let Some((name, range)) = text.strip_suffix(']').and_then(|text| text.split_once('[')) {
            let number = |text: &str| text.trim().parse::<u8>().map_err(|_| wrong());
            let (from, to) = match range.split_once(':') {
                Some(("", to)) => (0, number(to)?),
                Some((from, to)) => (number(from)?, number(to)?),
                None => (number(range)?, number(range)?.saturating_add(1)),
            };
            if from >= to {
                return Err(wrong());
            }
            (name, PartOf::Range(from, to))
        } else {
            (text, PartOf::Whole)
        };
        let field = self.field(name.trim(), "blocking")?;
        let role = self.fields[field].role;
        let fits = match of {
            PartOf::Whole => true,
            PartOf::Range(..) => !matches!(role, Role::Address | Role::Number | Role::HouseholdNo),
            PartOf::Pinyin => matches!(role, Role::Name | Role::Surname | Role::GivenName),
            PartOf::Year => role == Role::BirthDate,
        };
        if fits { Ok(Part { field, of }) } else { Err(wrong()) }
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
            } else if place.is_some() && address == Some(&field.name) {
                continue;
            }
            all.push(comparison);
        }
        all
    }

    /// Rules that together find a pair though any one or two of its fields are wrong or missing.
    fn default_rules(&self) -> Vec<Vec<String>> {
        let one = |role| self.of_role(role).next();
        let mut rules: Vec<Vec<String>> = Vec::new();
        let mut add = |parts: &[Option<String>]| {
            let parts: Option<Vec<String>> = parts.iter().cloned().collect();
            rules.extend(parts.filter(|parts| !rules.contains(parts)));
        };
        let whole = |role| one(role).map(str::to_owned);
        let (birth, area, place) = (whole(Role::BirthDate), whole(Role::AreaCode), whole(Role::Postcode));
        let sounds = one(Role::Name).map(|name| format!("pinyin({name})"));
        let first = one(Role::Name).map(|name| format!("{name}[0]"));
        let (surname, given) = (whole(Role::Surname), whole(Role::GivenName));
        add(&[whole(Role::IdNumber)]);
        add(&[sounds.clone(), birth.clone()]);
        add(&[sounds.clone(), area.clone()]);
        add(&[birth.clone(), area.clone()]);
        add(&[whole(Role::Phone)]);
        add(&[first, birth.clone()]);
        add(&[whole(Role::Email)]);
        add(&[given.clone(), surname.clone()]);
        for name in [&given, &surname] {
            add(&[name.clone(), birth.clone()]);
            add(&[name.clone(), place.clone()]);
            add(&[name.clone(), area.clone()]);
        }
        add(&[birth.clone(), place]);
        if given.is_some() || surname.is_some() {
            add(std::slice::from_ref(&birth));
        }
        add(&[whole(Role::Address), sounds.clone().or(given).or(surname)]);
        if rules.is_empty() {
            rules.extend(self.fields.iter().map(|field| vec![field.name.clone()]));
        }
        if birth.is_none() && area.is_none() {
            rules.extend(sounds.map(|sounds| vec![sounds]));
        }
        rules
    }
}
