//! From SQL to checked expressions: names, kinds, units, codes.

pub(crate) mod expr;
mod functions;
mod operators;

use crate::policy::{Policy, Source};
use crate::problem::Place;
use crate::unit::{self, kind_words};
use crate::{Entity, Fact, Kind, Problem, Words};
use expr::{Date, Expr, Level, Typed};
use rustc_hash::FxHashMap;
use sqlparser::ast::{self, Value};
use values::Day;

/// What names mean: the facts, the derived facts and the parameters of one policy.
pub(crate) struct Model<'a> {
    pub policy: &'a Policy,
    pub facts: Vec<&'a Fact>,
    names: FxHashMap<(Entity, &'a str), Name>,
    parameters: FxHashMap<&'a str, usize>,
    /// By number in the policy; `None` where it couldn't be understood.
    pub derived: Vec<Option<Typed>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Name {
    Fact(usize),
    Derived(usize),
}

impl<'a> Model<'a> {
    pub fn new(policy: &'a Policy, facts: &'a [Fact], problems: &mut Vec<Problem>) -> Self {
        // A policy that names its own facts speaks of other tables than the dictionary's.
        let facts: Vec<&Fact> = if policy.facts.is_empty() { facts.iter() } else { policy.facts.iter() }.collect();
        let mut names = FxHashMap::default();
        for (i, fact) in facts.iter().enumerate() {
            names.entry((fact.entity, fact.name.as_str())).or_insert(Name::Fact(i));
        }
        for (i, derived) in policy.derived.iter().enumerate() {
            if names.insert((derived.entity, derived.name.as_str()), Name::Derived(i)).is_some() {
                let what = Words::new(
                    format!("“{}”这个名字已经有了，请换一个。", derived.name),
                    format!("The name {} is taken; choose another.", derived.name),
                );
                problems.push(Problem::new(&derived.place, what));
            }
        }
        let parameters = policy.parameters.iter().enumerate().map(|(i, p)| (p.name.as_str(), i)).collect();
        let mut model = Self { policy, facts, names, parameters, derived: vec![None; policy.derived.len()] };
        model.type_derived(problems);
        model
    }

    /// Types the derived facts, each after those it reads.
    fn type_derived(&mut self, problems: &mut Vec<Problem>) {
        let mut open: Vec<usize> = (0..self.policy.derived.len()).collect();
        loop {
            let before = open.len();
            let mut waiting = Vec::new();
            for &i in &open {
                let derived = &self.policy.derived[i];
                let mut found = Vec::new();
                let mut typer = Typer::new(self, derived.entity.into(), &derived.place, "expression", &mut found);
                let typed = typer.source(&derived.expression);
                if typer.waits {
                    waiting.push(i);
                    continue;
                }
                problems.append(&mut found);
                self.derived[i] = typed.map(|t| if derived.unit.is_empty() { t } else { t.with_unit(&derived.unit) });
            }
            if waiting.len() == before || waiting.is_empty() {
                open = waiting;
                break;
            }
            open = waiting;
        }
        for i in open {
            let what = Words::new(
                "它和别的推算项互相引用，绕成了圈，或引用了写错的推算项；请改正。",
                "It reads itself in a circle, or a derived fact that is wrong; correct that.",
            );
            problems.push(Problem::new(&self.policy.derived[i].place, what));
        }
    }

    pub fn find(&self, entity: Entity, name: &str) -> Option<Name> {
        self.names.get(&(entity, name)).copied()
    }

    pub fn find_parameter(&self, name: &str) -> Option<usize> {
        self.parameters.get(name).copied()
    }
}

/// Types one expression.
pub(crate) struct Typer<'m, 'p> {
    model: &'m Model<'m>,
    /// Whose rows the expression is about; inside an aggregate the persons.
    level: Level,
    place: &'m Place,
    key: &'static str,
    problems: &'p mut Vec<Problem>,
    /// It reads a derived fact that isn't typed yet.
    waits: bool,
}

impl<'m, 'p> Typer<'m, 'p> {
    pub fn new(
        model: &'m Model<'m>,
        level: Level,
        place: &'m Place,
        key: &'static str,
        problems: &'p mut Vec<Problem>,
    ) -> Self {
        Self { model, level, place, key, problems, waits: false }
    }

    pub fn source(&mut self, source: &Source) -> Option<Typed> {
        self.expr(&source.sql)
    }

    /// A whole condition: must be a yes or no.
    pub fn condition(&mut self, source: &Source) -> Option<Typed> {
        let typed = self.source(source)?;
        self.must_be(&typed, Kind::Flag, &source.text)?;
        Some(typed)
    }

    fn say<T>(&mut self, zh: String, en: String) -> Option<T> {
        let words = Words { zh: format!("{}：{zh}", self.key), en: format!("{}: {en}", self.key) };
        self.problems.push(Problem::new(self.place, words));
        None
    }

    fn must_be(&mut self, typed: &Typed, kind: Kind, what: &str) -> Option<()> {
        if typed.kind == kind {
            return Some(());
        }
        let (want, is) = (kind_words(kind), kind_words(typed.kind));
        self.say(
            format!("“{what}”是{}，这里要的是{}。", is.zh, want.zh),
            format!("`{what}` is {}; {} is wanted here.", is.en, want.en),
        )
    }

    fn expr(&mut self, sql: &ast::Expr) -> Option<Typed> {
        match sql {
            ast::Expr::Nested(inner) => self.expr(inner),
            ast::Expr::Identifier(name) => self.name(&name.value),
            ast::Expr::CompoundIdentifier(parts) => self.qualified(parts),
            ast::Expr::Value(value) => self.literal(&value.value),
            ast::Expr::TypedString(typed) => self.typed_string(typed),
            ast::Expr::UnaryOp { op, expr } => self.unary(*op, expr),
            ast::Expr::BinaryOp { left, op, right } => self.binary(left, op, right),
            ast::Expr::Between { expr, negated, low, high } => self.between(expr, *negated, low, high),
            ast::Expr::InList { expr, list, negated } => self.in_list(expr, list, *negated),
            ast::Expr::IsNull(expr) => self.is_unknown(expr),
            ast::Expr::IsNotNull(expr) => self.is_unknown(expr).map(negated),
            ast::Expr::Case { operand: None, conditions, else_result, .. } => {
                self.case(conditions, else_result.as_deref())
            }
            ast::Expr::Function(function) => self.function(function),
            other => self.say(
                format!("规则里不能用“{other}”这种写法，可用的写法见规则格式说明。"),
                format!("`{other}` can't be used in a rule; the format's description lists what can."),
            ),
        }
    }

    fn name(&mut self, name: &str) -> Option<Typed> {
        let dates = [
            ("as_of", Date::AsOf),
            ("window_start", Date::WindowStart),
            ("window_end", Date::WindowEnd),
            ("year_start", Date::YearStart),
        ];
        if let Some((_, date)) = dates.iter().find(|(known, _)| *known == name) {
            return Some(Typed::new(Expr::Date(*date), Kind::Day, Level::Constant));
        }
        let own = if self.level == Level::Person { self.model.find(Entity::Person, name) } else { None };
        match own.or_else(|| self.model.find(Entity::Household, name)) {
            Some(found) => self.symbol(found),
            None if self.model.find(Entity::Person, name).is_some() => self.say(
                format!("{name} 是每个人的，户的规则里要写成 any(…)、count(…)、sum(…) 等。"),
                format!("{name} is a person's: a household reads it through any(…), count(…), sum(…) and the like."),
            ),
            None if self.model.find_parameter(name).is_some() => self.say(
                format!("{name} 是参数，请写成 param('{name}')。"),
                format!("{name} is a parameter; write param('{name}')."),
            ),
            None => {
                let near = self.nearest(name);
                self.say(format!("没有叫 {name} 的事实。{}", near.zh), format!("There is no fact {name}.{}", near.en))
            }
        }
    }

    fn nearest(&self, name: &str) -> Words {
        let names = self.model.names.keys().map(|(_, known)| *known);
        match names.map(|known| (distance(known, name), known)).min() {
            Some((distance, known)) if distance <= 1 + name.len() / 4 => {
                Words::new(format!("是不是 {known}？"), format!(" Is it {known}?"))
            }
            _ => Words::new("请对照事实字典。", " See the dictionary of facts."),
        }
    }

    fn qualified(&mut self, parts: &[ast::Ident]) -> Option<Typed> {
        let names: Vec<&str> = parts.iter().map(|part| part.value.as_str()).collect();
        let found = match names[..] {
            ["household", name] => self.model.find(Entity::Household, name),
            ["person", name] if self.level == Level::Person => self.model.find(Entity::Person, name),
            _ => None,
        };
        match found {
            Some(found) => self.symbol(found),
            None => self.say(
                format!("没有叫 {} 的事实，请对照事实字典。", names.join(".")),
                format!("There is no fact {}; see the dictionary of facts.", names.join(".")),
            ),
        }
    }

    fn symbol(&mut self, name: Name) -> Option<Typed> {
        match name {
            Name::Fact(i) => {
                let fact = self.model.facts[i];
                let mut typed = Typed::new(Expr::Fact(i), fact.kind, fact.entity.into()).with_unit(&fact.unit);
                typed.from_query_answer = fact.from_query_answer;
                Some(typed)
            }
            Name::Derived(i) => {
                let Some(known) = &self.model.derived[i] else {
                    self.waits = true;
                    return None;
                };
                let entity = self.model.policy.derived[i].entity;
                let mut typed = Typed::new(Expr::Derived(i), known.kind, entity.into()).with_unit(&known.unit);
                typed.from_query_answer = known.from_query_answer;
                Some(typed)
            }
        }
    }

    fn literal(&mut self, value: &Value) -> Option<Typed> {
        match value {
            Value::Number(text, _) => {
                let Some((digits, scale)) = unit::decimal(text) else {
                    return self.say(format!("看不懂数 {text}。"), format!("{text} isn't a figure."));
                };
                let (Ok(digits), Ok(scale)) = (i64::try_from(digits), i64::try_from(scale)) else {
                    return self.say(format!("{text} 太大或太细。"), format!("{text} is too large or too fine."));
                };
                let kind = if scale == 1 { Kind::Count } else { Kind::Number };
                let mut typed = Typed::new(Expr::Amount(digits, scale), kind, Level::Constant);
                typed.zero = digits == 0;
                Some(typed)
            }
            Value::SingleQuotedString(text) => Some(Typed::new(Expr::Code(text.clone()), Kind::Code, Level::Constant)),
            Value::Boolean(value) => Some(Typed::new(Expr::Truth(*value), Kind::Flag, Level::Constant)),
            other => self.say(
                format!("不能写 {other}；要问“不知道”，请写 is null。"),
                format!("{other} can't be written; to ask for what isn't known write `is null`."),
            ),
        }
    }

    fn typed_string(&mut self, typed: &ast::TypedString) -> Option<Typed> {
        let text = match (&typed.data_type, &typed.value.value) {
            (ast::DataType::Date, Value::SingleQuotedString(text)) => text.as_str(),
            _ => "",
        };
        match Day::parse_iso(text) {
            Ok(day) => Some(Typed::new(Expr::Date(Date::Fixed(day.0)), Kind::Day, Level::Constant)),
            Err(_) => self.say(
                format!("{typed} 不是日期，请写成 date '2026-09-01'。"),
                format!("{typed} isn't a day; write date '2026-09-01'."),
            ),
        }
    }
}

fn negated(typed: Typed) -> Typed {
    Typed { expr: Expr::Not(Box::new(typed.expr)), ..typed }
}

/// How many letters have to change (Levenshtein), to guess at a misspelt name.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.bytes().enumerate() {
        let mut corner = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.bytes().enumerate() {
            let cost = corner + usize::from(x != y);
            corner = row[j + 1];
            row[j + 1] = cost.min(corner + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}
