//! Operators: what may be compared, added and multiplied with what.

use super::expr::{Comparison, Expr, Level, Typed};
use super::{Typer, negated};
use crate::Kind;
use crate::policy::ParameterKind;
use crate::unit::kind_words;
use sqlparser::ast::{self, BinaryOperator, UnaryOperator};

impl Typer<'_, '_> {
    pub(super) fn unary(&mut self, op: UnaryOperator, expr: &ast::Expr) -> Option<Typed> {
        let typed = self.expr(expr)?;
        match op {
            UnaryOperator::Not => {
                self.must_be(&typed, Kind::Flag, &expr.to_string())?;
                Some(negated(typed))
            }
            UnaryOperator::Minus if typed.is_number() || typed.kind == Kind::Money => {
                Some(Typed { expr: Expr::Negate(Box::new(typed.expr)), ..typed })
            }
            UnaryOperator::Plus => Some(typed),
            _ => self.say(format!("{op} 不能用在“{expr}”前面。"), format!("{op} can't stand before `{expr}`.")),
        }
    }

    pub(super) fn binary(&mut self, left: &ast::Expr, op: &BinaryOperator, right: &ast::Expr) -> Option<Typed> {
        let (a, b) = (self.expr(left), self.expr(right));
        let (a, b) = (a?, b?);
        match op {
            BinaryOperator::And | BinaryOperator::Or => {
                self.must_be(&a, Kind::Flag, &left.to_string())?;
                self.must_be(&b, Kind::Flag, &right.to_string())?;
                let build = if matches!(op, BinaryOperator::And) { Expr::And } else { Expr::Or };
                Some(merge(&a, &b, Kind::Flag, build(vec![a.expr.clone(), b.expr.clone()])))
            }
            BinaryOperator::Lt => self.compare(Comparison::Less, a, b),
            BinaryOperator::LtEq => self.compare(Comparison::AtMost, a, b),
            BinaryOperator::Gt => self.compare(Comparison::Less, b, a),
            BinaryOperator::GtEq => self.compare(Comparison::AtMost, b, a),
            BinaryOperator::Eq => self.compare(Comparison::Equal, a, b),
            BinaryOperator::NotEq => self.compare(Comparison::Equal, a, b).map(negated),
            BinaryOperator::Plus => self.add(a, b),
            BinaryOperator::Minus => self.subtract(a, b),
            BinaryOperator::Multiply => self.multiply(a, b),
            BinaryOperator::Divide => self.divide(a, b),
            _ => self.say(format!("规则里不能用 {op}。"), format!("{op} can't be used in a rule.")),
        }
    }

    pub(super) fn compare(&mut self, how: Comparison, a: Typed, b: Typed) -> Option<Typed> {
        let ordered = how != Comparison::Equal;
        if a.kind == Kind::Area || b.kind == Kind::Area {
            return self.compare_area(how, a, b);
        }
        if ordered && matches!(a.kind, Kind::Code | Kind::Text | Kind::Flag) {
            let kind = kind_words(a.kind);
            return self.say(
                format!("{}没有大小，只能用 = 和 <>。", kind.zh),
                format!("{} has no order; only = and <> make sense.", kind.en),
            );
        }
        if let (Kind::Flag, Kind::Flag) = (a.kind, b.kind) {
            return match (&a.expr, &b.expr) {
                (_, Expr::Truth(true)) => Some(a),
                (_, Expr::Truth(false)) => Some(negated(a)),
                (Expr::Truth(true), _) => Some(b),
                (Expr::Truth(false), _) => Some(negated(b)),
                _ => self.say(
                    "两个是否项不能用 = 比较，请用 and、or、not 写。".into(),
                    "Two yes-or-no facts can't be compared with =; write it with and, or, not.".into(),
                ),
            };
        }
        self.check_code(&a, &b)?;
        self.check_code(&b, &a)?;
        self.agree(&a, &b)?;
        if a.kind == Kind::Text && b.kind == Kind::Text {
            return self.say(
                "两段文字不能互相比较，只能和写定的文字比较。".into(),
                "Free texts can't be compared with each other, only with a literal.".into(),
            );
        }
        let expr = Expr::Compare(how, Box::new(a.expr.clone()), Box::new(b.expr.clone()));
        Some(merge(&a, &b, Kind::Flag, expr))
    }

    fn compare_area(&mut self, how: Comparison, a: Typed, b: Typed) -> Option<Typed> {
        let code = |typed: &Typed| match &typed.expr {
            Expr::Code(text) if text.len() == 12 => text.parse::<i64>().ok(),
            _ => None,
        };
        let (area, other) = if a.kind == Kind::Area { (a, b) } else { (b, a) };
        let other = match (code(&other), other.kind) {
            (Some(code), _) => Typed { expr: Expr::Amount(code, 1), kind: Kind::Area, ..other },
            (None, Kind::Area) => other,
            _ => {
                return self.say(
                    "地区只能和 12 位代码或另一个地区比较；问在不在某地，请用 within(地区, '前缀')。".into(),
                    "A place compares with a 12-digit code or another place; for lying within one write within(place, 'prefix').".into(),
                );
            }
        };
        if how != Comparison::Equal {
            return self.say("地区没有大小。".into(), "Places have no order.".into());
        }
        let expr = Expr::Compare(how, Box::new(area.expr.clone()), Box::new(other.expr.clone()));
        Some(merge(&area, &other, Kind::Flag, expr))
    }

    /// A literal must be one of the values that the fact can have.
    pub(super) fn check_code(&mut self, fact: &Typed, literal: &Typed) -> Option<()> {
        let (Expr::Fact(i), Expr::Code(text)) = (&fact.expr, &literal.expr) else { return Some(()) };
        let fact = self.model.facts[*i];
        if fact.codes.is_empty() || fact.codes.contains(text) {
            return Some(());
        }
        self.say(
            format!("{} 没有“{text}”这个取值，只有：{}。", fact.name, fact.codes.join("、")),
            format!("{} is never '{text}'; its values are: {}.", fact.name, fact.codes.join(", ")),
        )
    }

    /// Same kind and same unit, or a plain 0.
    pub(super) fn agree(&mut self, a: &Typed, b: &Typed) -> Option<()> {
        let text = |typed: &Typed| matches!(typed.kind, Kind::Code | Kind::Text);
        let amount = |typed: &Typed| typed.is_number() || typed.kind == Kind::Money;
        let kinds = a.kind == b.kind
            || (a.is_number() && b.is_number())
            || (text(a) && text(b))
            || (a.zero && amount(b))
            || (b.zero && amount(a));
        if !kinds {
            let (x, y) = (kind_words(a.kind), kind_words(b.kind));
            let hint = if a.kind == Kind::Money || b.kind == Kind::Money {
                ("写成 yuan(…) 或用带单位的参数。", " Write yuan(…) or take a parameter with a unit.")
            } else {
                ("请改成同一类。", " Make them the same.")
            };
            return self.say(
                format!("一边是{}，一边是{}，不能放在一起。{}", x.zh, y.zh, hint.0),
                format!("One side is {}, the other {}; they don't go together.{}", x.en, y.en, hint.1),
            );
        }
        let plain = |unit: &str| unit.is_empty() || matches!(unit, "count" | "number");
        if a.is_number() && !plain(&a.unit) && !plain(&b.unit) && a.unit != b.unit && !both_shares(&a.unit, &b.unit) {
            return self.say(
                format!("单位不同：一边是 {}，一边是 {}。", a.unit, b.unit),
                format!("The units differ: {} and {}.", a.unit, b.unit),
            );
        }
        Some(())
    }

    fn add(&mut self, a: Typed, b: Typed) -> Option<Typed> {
        let expr = Expr::Add(Box::new(a.expr.clone()), Box::new(b.expr.clone()));
        match (a.kind, b.kind) {
            (Kind::Day, Kind::Count) => self.days(&b).map(|()| merge(&a, &b, Kind::Day, expr)),
            (Kind::Money | Kind::Number | Kind::Count, Kind::Money | Kind::Number | Kind::Count) => {
                self.agree(&a, &b)?;
                Some(merge(&a, &b, wider(&a, &b), expr).with_unit(joint_unit(&a, &b)))
            }
            _ => self.no_arithmetic(&a, &b),
        }
    }

    fn subtract(&mut self, a: Typed, b: Typed) -> Option<Typed> {
        let minus = Expr::Negate(Box::new(b.expr.clone()));
        let expr = Expr::Add(Box::new(a.expr.clone()), Box::new(minus));
        match (a.kind, b.kind) {
            (Kind::Day, Kind::Day) => Some(merge(&a, &b, Kind::Count, expr).with_unit("days")),
            (Kind::Day, Kind::Count) => self.days(&b).map(|()| merge(&a, &b, Kind::Day, expr)),
            (Kind::Money | Kind::Number | Kind::Count, Kind::Money | Kind::Number | Kind::Count) => {
                self.agree(&a, &b)?;
                Some(merge(&a, &b, wider(&a, &b), expr).with_unit(joint_unit(&a, &b)))
            }
            _ => self.no_arithmetic(&a, &b),
        }
    }

    fn days(&mut self, typed: &Typed) -> Option<()> {
        if matches!(typed.unit.as_str(), "" | "days" | "count") {
            return Some(());
        }
        self.say(
            format!("日期只能加减天数，这里是 {}；月和年请用 plus_months、plus_years。", typed.unit),
            format!(
                "Only days are added to a day, not {}; for months and years there are plus_months and plus_years.",
                typed.unit
            ),
        )
    }

    fn multiply(&mut self, a: Typed, b: Typed) -> Option<Typed> {
        let expr = Expr::Multiply(Box::new(a.expr.clone()), Box::new(b.expr.clone()));
        match (a.kind, b.kind) {
            (Kind::Money, Kind::Money) => {
                self.say("钱不能乘以钱。".into(), "Money can't be multiplied by money.".into())
            }
            (Kind::Money, Kind::Number | Kind::Count) | (Kind::Number | Kind::Count, Kind::Money) => {
                Some(merge(&a, &b, Kind::Money, expr))
            }
            (Kind::Number | Kind::Count, Kind::Number | Kind::Count) => {
                let (x, y) = (neutral(&a.unit), neutral(&b.unit));
                let unit = if x {
                    &b.unit
                } else if y {
                    &a.unit
                } else {
                    ""
                };
                Some(merge(&a, &b, wider(&a, &b), expr).with_unit(unit))
            }
            _ => self.no_arithmetic(&a, &b),
        }
    }

    fn divide(&mut self, a: Typed, b: Typed) -> Option<Typed> {
        if !b.is_number() || !(a.is_number() || a.kind == Kind::Money) {
            return self.say(
                "只有钱和数可以除，而且只能除以数；钱除以钱请改成乘法来比较。".into(),
                "Only money and numbers are divided, and only by numbers; instead of dividing money by money compare products.".into(),
            );
        }
        if b.level != Level::Constant || b.zero {
            return self.say(
                "只能除以不为零的常数或参数。要按人头比，请写成“收入 < 标准 * 人数”，不要用收入除以人数。".into(),
                "Only a constant or parameter other than 0 may divide. For an amount a head write `income < line * members`, never income / members.".into(),
            );
        }
        let kind = if a.kind == Kind::Money { Kind::Money } else { Kind::Number };
        let unit = a.unit.clone();
        let expr = Expr::Divide(Box::new(a.expr.clone()), Box::new(b.expr.clone()));
        Some(merge(&a, &b, kind, expr).with_unit(&unit))
    }

    fn no_arithmetic<T>(&mut self, a: &Typed, b: &Typed) -> Option<T> {
        let (x, y) = (kind_words(a.kind), kind_words(b.kind));
        self.say(
            format!("{}和{}不能这样算。", x.zh, y.zh),
            format!("{} and {} can't be reckoned together like this.", x.en, y.en),
        )
    }

    pub(super) fn between(
        &mut self,
        expr: &ast::Expr,
        negate: bool,
        low: &ast::Expr,
        high: &ast::Expr,
    ) -> Option<Typed> {
        let (x, low, high) = (self.expr(expr), self.expr(low), self.expr(high));
        let (x, low, high) = (x?, low?, high?);
        let above = self.compare(Comparison::AtMost, low, x.clone())?;
        let below = self.compare(Comparison::AtMost, x, high)?;
        let both = merge(&above, &below, Kind::Flag, Expr::And(vec![above.expr.clone(), below.expr.clone()]));
        Some(if negate { negated(both) } else { both })
    }

    pub(super) fn in_list(&mut self, expr: &ast::Expr, list: &[ast::Expr], negate: bool) -> Option<Typed> {
        let x = self.expr(expr)?;
        let mut whole = x.clone();
        let mut items = Vec::with_capacity(list.len());
        for item in list {
            let item = match self.list_parameter(item) {
                Some(list) => list,
                None => self.expr(item)?,
            };
            if item.level != Level::Constant {
                return self.say(
                    format!("in (…) 里只能写常数和参数，“{expr}”这里不是。"),
                    format!("in (…) lists constants and parameters only; that of `{expr}` has something else."),
                );
            }
            self.check_code(&x, &item)?;
            self.agree(&x, &item)?;
            whole.from_query_answer |= item.from_query_answer;
            items.push(item.expr);
        }
        let typed = Typed {
            expr: Expr::In(Box::new(x.expr), items),
            kind: Kind::Flag,
            unit: String::new(),
            zero: false,
            ..whole
        };
        Some(if negate { negated(typed) } else { typed })
    }

    /// `param('…')` of a list of values: only inside `in (…)`.
    fn list_parameter(&self, sql: &ast::Expr) -> Option<Typed> {
        let name = super::functions::parameter_name(sql)?;
        let i = self.model.find_parameter(name)?;
        match self.model.policy.parameters[i].kind {
            ParameterKind::List(kind) => Some(Typed::new(Expr::Parameter(i), kind, Level::Constant)),
            _ => None,
        }
    }

    pub(super) fn is_unknown(&mut self, expr: &ast::Expr) -> Option<Typed> {
        let typed = self.expr(expr)?;
        Some(Typed {
            expr: Expr::IsUnknown(Box::new(typed.expr)),
            kind: Kind::Flag,
            unit: String::new(),
            zero: false,
            ..typed
        })
    }

    pub(super) fn case(&mut self, whens: &[ast::CaseWhen], otherwise: Option<&ast::Expr>) -> Option<Typed> {
        let Some(otherwise) = otherwise else {
            return self.say(
                "case 要有 else：不写就等于“不知道”。".into(),
                "case needs an else: without it the rest would be unknown.".into(),
            );
        };
        let mut result = self.expr(otherwise)?;
        for when in whens.iter().rev() {
            let (condition, value) = (self.expr(&when.condition), self.expr(&when.result));
            let (condition, value) = (condition?, value?);
            self.must_be(&condition, Kind::Flag, &when.condition.to_string())?;
            self.agree(&value, &result)?;
            let kind = match (value.kind, result.kind) {
                (Kind::Text, Kind::Code) | (Kind::Code, Kind::Text) => Kind::Text,
                (a, b) if a == b => a,
                _ => wider(&value, &result),
            };
            let unit = joint_unit(&value, &result).to_owned();
            let expr =
                Expr::If(Box::new(condition.expr.clone()), Box::new(value.expr.clone()), Box::new(result.expr.clone()));
            let both = merge(&value, &result, kind, expr.clone()).with_unit(&unit);
            let all = merge(&both, &condition, kind, expr).with_unit(&unit);
            result = Typed { zero: value.zero && result.zero, ..all };
        }
        Some(result)
    }
}

/// A value made of two: its rows are those of the finer one, and it stems from whatever either stems from.
pub(super) fn merge(a: &Typed, b: &Typed, kind: Kind, expr: Expr) -> Typed {
    let mut typed = Typed::new(expr, kind, a.level.max(b.level));
    typed.from_query_answer = a.from_query_answer || b.from_query_answer;
    typed
}

/// The kind of a sum or a choice of two amounts.
pub(super) fn wider(a: &Typed, b: &Typed) -> Kind {
    match (a.kind, b.kind) {
        (Kind::Money, _) | (_, Kind::Money) => Kind::Money,
        (Kind::Count, Kind::Count) => Kind::Count,
        _ => Kind::Number,
    }
}

pub(super) fn joint_unit<'t>(a: &'t Typed, b: &'t Typed) -> &'t str {
    if a.unit.is_empty() || a.zero { &b.unit } else { &a.unit }
}

fn both_shares(a: &str, b: &str) -> bool {
    matches!((a, b), ("ratio", "percent") | ("percent", "ratio"))
}

/// Units that leave the other factor's unit as it is: an amount a head times persons.
fn neutral(unit: &str) -> bool {
    matches!(unit, "" | "count" | "number" | "ratio" | "percent" | "persons" | "times")
}
