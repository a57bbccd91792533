//! Function calls: parameters, aggregates over members, the calendar.

use super::Typer;
use super::expr::{Calendar, Date, Expr, Fold, Level, Typed};
use super::operators::{joint_unit, merge, wider};
use crate::policy::ParameterKind;
use crate::{Kind, unit};
use sqlparser::ast::{self, FunctionArg, FunctionArgExpr, FunctionArguments, Value};

/// A call's arguments; `count(*)` has the one argument `None`.
fn arguments(function: &ast::Function) -> Option<Vec<Option<&ast::Expr>>> {
    let plain = function.filter.is_none()
        && function.over.is_none()
        && function.within_group.is_empty()
        && matches!(function.parameters, FunctionArguments::None);
    let FunctionArguments::List(list) = &function.args else { return None };
    if !plain || !list.clauses.is_empty() || list.duplicate_treatment.is_some() {
        return None;
    }
    list.args
        .iter()
        .map(|arg| match arg {
            FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => Some(Some(expr)),
            FunctionArg::Unnamed(FunctionArgExpr::Wildcard) => Some(None),
            _ => None,
        })
        .collect()
}

fn string(sql: &ast::Expr) -> Option<&str> {
    match sql {
        ast::Expr::Value(value) => match &value.value {
            Value::SingleQuotedString(text) => Some(text),
            _ => None,
        },
        _ => None,
    }
}

/// The name in `param('name')`.
pub(super) fn parameter_name(sql: &ast::Expr) -> Option<&str> {
    let ast::Expr::Function(function) = sql else { return None };
    match arguments(function)?[..] {
        [Some(name)] if function.name.to_string().eq_ignore_ascii_case("param") => string(name),
        _ => None,
    }
}

impl Typer<'_, '_> {
    pub(super) fn function(&mut self, function: &ast::Function) -> Option<Typed> {
        let name = function.name.to_string().to_ascii_lowercase();
        let Some(args) = arguments(function) else { return self.no_call(function) };
        if name == "count" && matches!(args[..], [None]) {
            return Some(self.fold_of(Fold::Count, Typed::new(Expr::Truth(true), Kind::Flag, Level::Person)));
        }
        let Some(args) = args.into_iter().collect::<Option<Vec<_>>>() else { return self.no_call(function) };
        match (name.as_str(), &args[..]) {
            ("param", [name]) => self.parameter(string(name).unwrap_or_default()),
            ("band", [name, x]) => self.band(string(name).unwrap_or_default(), x),
            ("yuan" | "fen", [figure]) => self.money(&name, figure),
            ("any", [x]) => self.fold(Fold::Any, x),
            ("every", [x]) => self.fold(Fold::Every, x),
            ("count", [x]) => self.fold(Fold::Count, x),
            ("sum", [x]) => self.fold(Fold::Sum, x),
            ("max", [x]) => self.fold(Fold::Max, x),
            ("min", [x]) => self.fold(Fold::Min, x),
            ("abs", [x]) => self.absolute(x),
            ("greatest", [_, _, ..]) => self.extreme(&args, true),
            ("least", [_, _, ..]) => self.extreme(&args, false),
            ("within", [place, prefix]) => self.within(place, string(prefix).unwrap_or_default()),
            ("last_date", [month, day]) => self.last_date(month, day),
            ("age", [birth]) => self.age(birth, None),
            ("age", [birth, on]) => self.age(birth, Some(on)),
            ("months_between", [a, b]) => self.calendar(Calendar::MonthsBetween, &[(a, Kind::Day), (b, Kind::Day)]),
            ("year", [day]) => self.calendar(Calendar::Year, &[(day, Kind::Day)]),
            ("month", [day]) => self.calendar(Calendar::Month, &[(day, Kind::Day)]),
            ("plus_months", [day, n]) => self.calendar(Calendar::PlusMonths, &[(day, Kind::Day), (n, Kind::Count)]),
            ("plus_years", [day, n]) => self.calendar(Calendar::PlusYears, &[(day, Kind::Day), (n, Kind::Count)]),
            _ => self.no_call(function),
        }
    }

    fn no_call<T>(&mut self, function: &ast::Function) -> Option<T> {
        self.say(
            format!("不认识“{function}”这种写法，可用的函数和参数个数见规则格式说明。"),
            format!("`{function}` isn't a call that rules know; the format's description lists them."),
        )
    }

    fn parameter(&mut self, name: &str) -> Option<Typed> {
        let Some(i) = self.model.find_parameter(name) else {
            return self.say(
                format!("没有叫 {name} 的参数，请检查拼写或补上这个参数。"),
                format!("There is no parameter {name}; check its spelling or add it."),
            );
        };
        let parameter = &self.model.policy.parameters[i];
        match parameter.kind {
            ParameterKind::Single(kind) => {
                Some(Typed::new(Expr::Parameter(i), kind, Level::Constant).with_unit(&parameter.unit))
            }
            ParameterKind::List(_) => self.say(
                format!("{name} 是一列取值，只能写在 in (param('{name}')) 里。"),
                format!("{name} is a list; it stands only in `in (param('{name}'))`."),
            ),
            ParameterKind::Band { .. } => self.say(
                format!("{name} 是分段表，请写成 band('{name}', …)。"),
                format!("{name} is a table of steps; write band('{name}', …)."),
            ),
            ParameterKind::Words => self.say(
                format!("{name} 是给人看的文字，不能用来计算。"),
                format!("{name} is text for people and can't be reckoned with."),
            ),
        }
    }

    fn band(&mut self, name: &str, x: &ast::Expr) -> Option<Typed> {
        let x = self.expr(x)?;
        let found = self.model.find_parameter(name).map(|i| (i, &self.model.policy.parameters[i]));
        let Some((i, parameter)) = found else { return self.parameter(name) };
        let ParameterKind::Band { from, to } = parameter.kind else {
            return self.say(
                format!("{name} 不是分段表，请写成 param('{name}')。"),
                format!("{name} isn't a table of steps; write param('{name}')."),
            );
        };
        let over = Typed::new(Expr::Truth(true), from, Level::Constant)
            .with_unit(parameter.over.as_deref().unwrap_or_default());
        self.agree(&x, &over)?;
        let mut typed = Typed::new(Expr::Band(i, Box::new(x.expr)), to, x.level).with_unit(&parameter.unit);
        typed.from_query_answer = x.from_query_answer;
        Some(typed)
    }

    fn money(&mut self, unit: &str, figure: &ast::Expr) -> Option<Typed> {
        match unit::amount(&figure.to_string().replace(' ', ""), unit) {
            Some(fen) => Some(Typed::new(Expr::Amount(fen, 1), Kind::Money, Level::Constant)),
            None => self.say(
                format!("{unit}({figure}) 里要写一个数，最细到分。"),
                format!("{unit}({figure}) needs a plain figure, no finer than a fen."),
            ),
        }
    }

    fn fold(&mut self, fold: Fold, x: &ast::Expr) -> Option<Typed> {
        let outer = std::mem::replace(&mut self.level, Level::Person);
        let typed = self.expr(x);
        self.level = outer;
        let typed = typed?;
        match fold {
            Fold::Any | Fold::Every | Fold::Count => self.must_be(&typed, Kind::Flag, &x.to_string())?,
            _ if typed.is_number() || typed.kind == Kind::Money => {}
            Fold::Max | Fold::Min if typed.kind == Kind::Day => {}
            _ => {
                let kind = unit::kind_words(typed.kind);
                return self.say(
                    format!("“{x}”是{}，不能对全家人这样汇总。", kind.zh),
                    format!("`{x}` is {}; it can't be put together over members like this.", kind.en),
                );
            }
        }
        Some(self.fold_of(fold, typed))
    }

    fn fold_of(&self, fold: Fold, typed: Typed) -> Typed {
        let (kind, unit) = match fold {
            Fold::Any | Fold::Every => (Kind::Flag, String::new()),
            Fold::Count => (Kind::Count, "persons".to_owned()),
            _ => (typed.kind, typed.unit),
        };
        Typed {
            expr: Expr::Members(fold, Box::new(typed.expr)),
            kind,
            unit,
            level: Level::Household,
            zero: false,
            from_query_answer: typed.from_query_answer,
        }
    }

    fn absolute(&mut self, x: &ast::Expr) -> Option<Typed> {
        let typed = self.expr(x)?;
        if !typed.is_number() && typed.kind != Kind::Money {
            return self.say(format!("abs({x}) 里要是钱或数。"), format!("abs({x}) needs money or a number."));
        }
        let minus = Expr::Negate(Box::new(typed.expr.clone()));
        Some(Typed { expr: Expr::Larger(Box::new(typed.expr), Box::new(minus)), ..typed })
    }

    fn extreme(&mut self, args: &[&ast::Expr], larger: bool) -> Option<Typed> {
        let typed: Vec<Option<Typed>> = args.iter().map(|arg| self.expr(arg)).collect();
        let mut typed = typed.into_iter().collect::<Option<Vec<_>>>()?.into_iter();
        let minus = |expr: Expr| Box::new(Expr::Negate(Box::new(expr)));
        let mut result = typed.next()?;
        for next in typed {
            self.agree(&result, &next)?;
            if !next.is_number() && !matches!(next.kind, Kind::Money | Kind::Day) {
                return self.say(
                    "greatest、least 里要是钱、数或日期。".into(),
                    "greatest and least take money, numbers or days.".into(),
                );
            }
            let (a, b) = (result.expr.clone(), next.expr.clone());
            // The smaller of two is minus the larger of their negatives.
            let expr = if larger {
                Expr::Larger(Box::new(a), Box::new(b))
            } else {
                Expr::Negate(Box::new(Expr::Larger(minus(a), minus(b))))
            };
            let kind = if next.kind == Kind::Day { Kind::Day } else { wider(&result, &next) };
            let unit = joint_unit(&result, &next).to_owned();
            result = merge(&result, &next, kind, expr).with_unit(&unit);
        }
        Some(result)
    }

    fn within(&mut self, place: &ast::Expr, prefix: &str) -> Option<Typed> {
        let typed = self.expr(place)?;
        self.must_be(&typed, Kind::Area, &place.to_string())?;
        let width = u32::try_from(12usize.saturating_sub(prefix.len())).unwrap_or_default();
        let digits = prefix.bytes().all(|b| b.is_ascii_digit()) && (1..=12).contains(&prefix.len());
        let Some(first) = prefix.parse::<i64>().ok().filter(|_| digits) else {
            return self.say(
                format!("within 的第二项要是地区代码的前几位，“{prefix}”不是。"),
                format!("within needs the first digits of a place code; '{prefix}' isn't that."),
            );
        };
        let step = 10i64.pow(width);
        let expr = Expr::Within(Box::new(typed.expr), first * step, first * step + step - 1);
        Some(Typed { expr, kind: Kind::Flag, ..typed })
    }

    fn last_date(&mut self, month: &ast::Expr, day: &ast::Expr) -> Option<Typed> {
        let figure = |sql: &ast::Expr| sql.to_string().parse::<i8>().ok();
        let date = figure(month).zip(figure(day)).filter(|(m, d)| values::Day::from_ymd(2023, *m, *d).is_some());
        match date {
            Some((month, day)) => Some(Typed::new(Expr::Date(Date::Last(month, day)), Kind::Day, Level::Constant)),
            None => self.say(
                format!("last_date({month}, {day}) 不是每年都有的日子。"),
                format!("last_date({month}, {day}) isn't a day that every year has."),
            ),
        }
    }

    fn age(&mut self, birth: &ast::Expr, on: Option<&ast::Expr>) -> Option<Typed> {
        let as_of = ast::Expr::Identifier(ast::Ident::new("as_of"));
        self.calendar(Calendar::Age, &[(birth, Kind::Day), (on.unwrap_or(&as_of), Kind::Day)])
    }

    fn calendar(&mut self, call: Calendar, args: &[(&ast::Expr, Kind)]) -> Option<Typed> {
        let mut level = Level::Constant;
        let mut from_query_answer = false;
        let mut exprs = Vec::with_capacity(args.len());
        for (sql, kind) in args {
            let typed = self.expr(sql)?;
            self.must_be(&typed, *kind, &sql.to_string())?;
            level = level.max(typed.level);
            from_query_answer |= typed.from_query_answer;
            if *kind == Kind::Count && typed.level != Level::Constant {
                return self
                    .say(format!("“{sql}”要是常数或参数。"), format!("`{sql}` has to be a constant or a parameter."));
            }
            exprs.push(typed.expr);
        }
        let (kind, unit) = match call {
            Calendar::Age => (Kind::Count, "years"),
            Calendar::MonthsBetween => (Kind::Count, "months"),
            Calendar::Year => (Kind::Count, "year"),
            Calendar::Month => (Kind::Count, ""),
            Calendar::PlusMonths | Calendar::PlusYears => (Kind::Day, ""),
        };
        let mut typed = Typed::new(Expr::Calendar(call, exprs), kind, level).with_unit(unit);
        typed.from_query_answer = from_query_answer;
        Some(typed)
    }
}
