//! A naive interpreter: SQL's tree, one row at a time, exact fractions, two values.

use sqlparser::ast::{BinaryOperator, Expr, FunctionArg, FunctionArgExpr, FunctionArguments, UnaryOperator, Value};
use values::{Bounds, Day, Month, Window};

#[derive(Clone, Debug, PartialEq)]
pub(super) enum V {
    Number(i128, i128),
    Flag(bool),
    Code(String),
}

#[derive(Clone, Debug)]
pub(super) enum Known {
    Within(Bounds),
    Flag(Option<bool>),
    Code(Option<&'static str>),
    Area(Option<i64>),
}

pub(super) struct World<'w> {
    pub as_of: Day,
    pub households: Vec<Vec<(String, V)>>,
    pub persons: Vec<Vec<(String, V)>>,
    pub of: &'w [u32],
    pub known: [&'w [Vec<(String, Known)>]; 2],
    /// What the parameter that nobody set might be.
    pub absent: i64,
}

/// Where an expression is read: a household's row, and a person's inside one.
#[derive(Clone, Copy)]
struct At {
    household: usize,
    person: Option<usize>,
}

impl World<'_> {
    /// `None` where it asks for the largest of nobody.
    pub fn condition(&self, text: &str, entity: char, row: usize) -> Option<bool> {
        let sql = crate::read::parse_sql(text).unwrap();
        let at = match entity {
            'h' => At { household: row, person: None },
            _ => At { household: self.of[row] as usize, person: Some(row) },
        };
        match self.value(&sql, at)? {
            V::Flag(flag) => Some(flag),
            other => panic!("{text} is {other:?}"),
        }
    }

    fn value(&self, sql: &Expr, at: At) -> Option<V> {
        Some(match sql {
            Expr::Nested(inner) => self.value(inner, at)?,
            Expr::Identifier(name) => self.name(&name.value, at),
            Expr::Value(value) => match &value.value {
                Value::Number(text, _) => decimal(text),
                Value::SingleQuotedString(text) => V::Code(text.clone()),
                other => panic!("{other}"),
            },
            Expr::TypedString(date) => match &date.value.value {
                Value::SingleQuotedString(text) => day(Day::parse_iso(text).unwrap()),
                other => panic!("{other}"),
            },
            Expr::UnaryOp { op, expr } => match (op, self.value(expr, at)?) {
                (UnaryOperator::Not, V::Flag(flag)) => V::Flag(!flag),
                (UnaryOperator::Minus, V::Number(n, d)) => V::Number(-n, d),
                other => panic!("{other:?}"),
            },
            // Both sides are asked, as short cuts might hide a question without an answer.
            Expr::BinaryOp { left, op, right } => binary(op, &self.value(left, at)?, &self.value(right, at)?),
            Expr::Between { expr, low, high, .. } => {
                let (x, low, high) = (self.value(expr, at)?, self.value(low, at)?, self.value(high, at)?);
                V::Flag(order(&low, &x).is_le() && order(&x, &high).is_le())
            }
            Expr::InList { expr, list, .. } => {
                let x = self.value(expr, at)?;
                let list: Option<Vec<V>> = list.iter().map(|item| self.value(item, at)).collect();
                V::Flag(list?.iter().any(|item| order(&x, item).is_eq()))
            }
            Expr::IsNull(name) => V::Flag(self.is_unknown(&name.to_string(), at)),
            Expr::Case { conditions, else_result, .. } => {
                let otherwise = self.value(else_result.as_ref().unwrap(), at)?;
                let mut chosen = None;
                for when in conditions {
                    let (condition, value) = (self.value(&when.condition, at)?, self.value(&when.result, at)?);
                    if condition == V::Flag(true) && chosen.is_none() {
                        chosen = Some(value);
                    }
                }
                chosen.unwrap_or(otherwise)
            }
            Expr::Function(function) => {
                let FunctionArguments::List(list) = &function.args else { panic!("{function}") };
                let args: Vec<Option<&Expr>> = list
                    .args
                    .iter()
                    .map(|arg| match arg {
                        FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => Some(expr),
                        _ => None,
                    })
                    .collect();
                self.call(&function.name.to_string(), &args, at)?
            }
            other => panic!("{other}"),
        })
    }

    fn name(&self, name: &str, at: At) -> V {
        let window = Window::before(self.as_of);
        match name {
            "as_of" => return day(self.as_of),
            "window_start" => return day(window.first_day()),
            "year_start" => return day(Day::from_ymd(self.as_of.year(), 1, 1).unwrap()),
            _ => {}
        }
        let row = match at.person {
            Some(person) if name.starts_with('p') => &self.persons[person],
            _ => &self.households[at.household],
        };
        row.iter().find(|(known, _)| known == name).unwrap().1.clone()
    }

    fn is_unknown(&self, name: &str, at: At) -> bool {
        let row = match at.person {
            Some(person) if name.starts_with('p') => &self.known[1][person],
            _ => &self.known[0][at.household],
        };
        match &row.iter().find(|(known, _)| known == name).unwrap().1 {
            Known::Within(bounds) => !bounds.is_exact(),
            other => panic!("{other:?}"),
        }
    }

    fn call(&self, name: &str, args: &[Option<&Expr>], at: At) -> Option<V> {
        let text = |i: usize| args[i].map(ToString::to_string).unwrap_or_default();
        let argument = |i: usize| self.value(args[i].unwrap(), at);
        Some(match name {
            "param" => match text(0).as_str() {
                "'m'" => V::Number(7, 1),
                "'r'" => V::Number(3, 2),
                _ => V::Number(self.absent.into(), 1),
            },
            "fen" => decimal(&text(0)),
            "yuan" => binary(&BinaryOperator::Multiply, &decimal(&text(0)), &V::Number(100, 1)),
            "band" => {
                let x = argument(1)?;
                let steps = [(-9, 3), (1, 8), (3, 2)];
                let found = steps.iter().rfind(|(from, _)| order(&V::Number(*from, 1), &x).is_le());
                V::Number(found?.1, 1)
            }
            "abs" => match argument(0)? {
                V::Number(n, d) => V::Number(n.abs(), d.abs()),
                other => panic!("{other:?}"),
            },
            "greatest" | "least" => {
                let all: Option<Vec<V>> = (0..args.len()).map(argument).collect();
                let all = all?.into_iter();
                let by = |a: &V, b: &V| order(a, b);
                if name == "greatest" { all.max_by(by)? } else { all.min_by(by)? }
            }
            "within" => match argument(0)? {
                V::Number(n, _) => V::Flag(n.to_string().starts_with("5399")),
                other => panic!("{other:?}"),
            },
            "any" | "every" | "count" | "sum" | "max" | "min" => self.members(name, args[0], at)?,
            _ => self.calendar(name, args, at)?,
        })
    }

    fn members(&self, name: &str, arg: Option<&Expr>, at: At) -> Option<V> {
        let rows = (0..self.of.len()).filter(|row| self.of[*row] as usize == at.household);
        let values: Option<Vec<V>> = rows
            .map(|row| match arg {
                Some(arg) => self.value(arg, At { person: Some(row), ..at }),
                None => Some(V::Flag(true)),
            })
            .collect();
        let values = values?;
        let yes = values.iter().filter(|v| **v == V::Flag(true)).count();
        Some(match name {
            "any" => V::Flag(yes > 0),
            "every" => V::Flag(yes == values.len()),
            "count" => V::Number(yes as i128, 1),
            "sum" => values.iter().fold(V::Number(0, 1), |sum, v| binary(&BinaryOperator::Plus, &sum, v)),
            "max" => values.into_iter().max_by(order)?,
            _ => values.into_iter().min_by(order)?,
        })
    }

    fn calendar(&self, name: &str, args: &[Option<&Expr>], at: At) -> Option<V> {
        let whole = |i: usize| match self.value(args[i].unwrap(), at)? {
            V::Number(n, d) => Some(i32::try_from(n / d).unwrap()),
            other => panic!("{other:?}"),
        };
        let first = whole(0)?;
        let months = |count: i32| {
            let target = Month(Day(first).month().0 + count);
            let date = Day(first).ymd().2;
            // The last day of a shorter month.
            (0..4).find_map(|back| Day::from_ymd((target.0 / 12) as i16, (target.0 % 12) as i8 + 1, date - back))
        };
        Some(match name {
            "age" => V::Number(self.as_of.age_from(Day(first)).into(), 1),
            "months_between" => V::Number((Day(whole(1)?).month().0 - Day(first).month().0).into(), 1),
            "year" => V::Number(Day(first).year().into(), 1),
            "month" => V::Number(Day(first).ymd().1.into(), 1),
            "plus_months" => day(months(whole(1)?)?),
            "plus_years" => day(months(whole(1)? * 12)?),
            "last_date" => day(Day::from_ymd(2026, 9, 1).unwrap()),
            other => panic!("{other}"),
        })
    }
}

fn day(day: Day) -> V {
    V::Number(day.0.into(), 1)
}

fn decimal(text: &str) -> V {
    let decimals = text.split_once('.').map_or(0, |(_, rest)| rest.len() as u32);
    V::Number(text.replace('.', "").parse().unwrap(), 10i128.pow(decimals))
}

fn order(a: &V, b: &V) -> std::cmp::Ordering {
    match (a, b) {
        (V::Number(n, d), V::Number(m, e)) => (n * e * d.signum() * e.signum()).cmp(&(m * d * d.signum() * e.signum())),
        (V::Code(a), V::Code(b)) => a.cmp(b),
        other => panic!("{other:?}"),
    }
}

fn binary(op: &BinaryOperator, a: &V, b: &V) -> V {
    match (op, a, b) {
        (BinaryOperator::And, V::Flag(a), V::Flag(b)) => V::Flag(*a && *b),
        (BinaryOperator::Or, V::Flag(a), V::Flag(b)) => V::Flag(*a || *b),
        (BinaryOperator::Lt, ..) => V::Flag(order(a, b).is_lt()),
        (BinaryOperator::LtEq, ..) => V::Flag(order(a, b).is_le()),
        (BinaryOperator::Gt, ..) => V::Flag(order(a, b).is_gt()),
        (BinaryOperator::GtEq, ..) => V::Flag(order(a, b).is_ge()),
        (BinaryOperator::Eq, ..) => V::Flag(order(a, b).is_eq()),
        (BinaryOperator::NotEq, ..) => V::Flag(order(a, b).is_ne()),
        (BinaryOperator::Plus, V::Number(n, d), V::Number(m, e)) => V::Number(n * e + m * d, d * e),
        (BinaryOperator::Minus, V::Number(n, d), V::Number(m, e)) => V::Number(n * e - m * d, d * e),
        (BinaryOperator::Multiply, V::Number(n, d), V::Number(m, e)) => V::Number(n * m, d * e),
        (BinaryOperator::Divide, V::Number(n, d), V::Number(m, e)) => V::Number(n * e, d * m),
        other => panic!("{other:?}"),
    }
}
