//! From checked expressions to the graph, with the parameters of one region and day put in.
//!
//! A value with decimals is kept as a whole number and a divisor known beforehand; operands are brought to one
//! divisor by multiplying, so that nothing is ever divided and nothing rounded.

use super::graph::{Graph, NodeId, Op};
use super::interval as iv;
use crate::policy::{Parameter, ParameterKind, ParameterValue};
use crate::typing::Model;
use crate::typing::expr::{Calendar, Comparison, Date, Expr, Fold, Level, Typed};
use crate::{Entity, Kind};
use rustc_hash::FxHashMap;
use values::columns::SCALE;
use values::{Day, Window};

/// A node and what its whole numbers are to be divided by.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Low {
    pub node: NodeId,
    pub divisor: i64,
}

pub(crate) struct Lowering<'a> {
    pub model: &'a Model<'a>,
    pub graph: Graph,
    pub region: &'a str,
    pub as_of: Day,
    /// Parameters moved by a sweep: number and value in the parameter's smallest parts.
    pub moved: Option<(usize, i64)>,
    /// Where derived facts came to stand, in the order met.
    pub derived: FxHashMap<usize, Low>,
}

const fn divisor_of(kind: Kind) -> i64 {
    match kind {
        Kind::Number => SCALE,
        _ => 1,
    }
}

const fn gcd(a: i64, b: i64) -> i64 {
    let (mut a, mut b) = (a.unsigned_abs(), b.unsigned_abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    if a > i64::MAX as u64 || a == 0 { 1 } else { a as i64 }
}

impl<'a> Lowering<'a> {
    pub fn new(model: &'a Model<'a>, region: &'a str, as_of: Day) -> Self {
        Self { model, graph: Graph::default(), region, as_of, moved: None, derived: FxHashMap::default() }
    }

    /// The root of a condition, with a row for each of the entity's.
    pub fn root(&mut self, typed: &Typed, entity: Entity) -> Low {
        let low = self.lower(&typed.expr);
        Low { node: self.graph.lift(low.node, entity.into()), ..low }
    }

    /// A constant, in lowest terms.
    fn constant(&mut self, value: i64, divisor: i64) -> Low {
        let common = gcd(value, divisor);
        let value = value / common;
        Low { node: self.graph.add(Op::Amount(value, value), Level::Constant), divisor: divisor / common }
    }

    fn op(&mut self, op: impl Fn(&[NodeId]) -> Op, operands: &[Low]) -> NodeId {
        let level = operands.iter().map(|low| self.graph.node(low.node).level).max().unwrap_or(Level::Constant);
        let lifted: Vec<NodeId> = operands.iter().map(|low| self.graph.lift(low.node, level)).collect();
        self.graph.add(op(&lifted), level)
    }

    fn scaled(&mut self, low: Low, times: i64) -> Low {
        if times == 1 {
            return low;
        }
        let level = self.graph.node(low.node).level;
        Low { node: self.graph.add(Op::Scale(low.node, times), level), divisor: low.divisor.saturating_mul(times) }
    }

    /// Both over one divisor.
    fn aligned(&mut self, a: Low, b: Low) -> (Low, Low) {
        let common = gcd(a.divisor, b.divisor);
        (self.scaled(a, b.divisor / common), self.scaled(b, a.divisor / common))
    }

    pub fn lower(&mut self, expr: &Expr) -> Low {
        match expr {
            Expr::Fact(i) => {
                let fact = self.model.facts[*i];
                Low { node: self.graph.add(Op::Fact(*i), fact.entity.into()), divisor: divisor_of(fact.kind) }
            }
            Expr::Derived(i) => self.derived(*i),
            Expr::Parameter(i) => self.parameter(*i),
            Expr::Date(date) => {
                let day = self.day(*date);
                self.constant(day.0.into(), 1)
            }
            Expr::Amount(value, divisor) => self.constant(*value, *divisor),
            Expr::Truth(value) => {
                let answer = if *value { iv::TRUE } else { iv::FALSE };
                Low { node: self.graph.add(Op::Truth(answer), Level::Constant), divisor: 1 }
            }
            Expr::Code(text) => {
                let code = self.graph.code(text);
                Low { node: self.graph.add(Op::Amount(code, code), Level::Constant), divisor: 1 }
            }
            Expr::Not(a) => self.unary(a, Op::Not),
            Expr::And(list) => self.connective(list, Op::And),
            Expr::Or(list) => self.connective(list, Op::Or),
            Expr::IsUnknown(a) => Low { divisor: 1, ..self.unary(a, Op::IsUnknown) },
            Expr::Within(a, first, last) => self.unary(a, |a| Op::Within(a, *first, *last)),
            Expr::Negate(a) => self.unary(a, Op::Negate),
            Expr::Compare(how, a, b) => self.compare(*how, a, b),
            Expr::In(a, list) => self.one_of(a, list),
            Expr::Add(a, b) => self.pair(a, b, Op::Add),
            Expr::Larger(a, b) => self.pair(a, b, Op::Larger),
            Expr::Multiply(a, b) => {
                let (a, b) = (self.lower(a), self.lower(b));
                self.multiply(a, b)
            }
            Expr::Divide(a, b) => self.divide(a, b),
            Expr::If(c, a, b) => {
                let c = self.lower(c);
                let (a, b) = (self.lower(a), self.lower(b));
                let (a, b) = self.aligned(a, b);
                Low { node: self.op(|n| Op::If(n[0], n[1], n[2]), &[c, a, b]), divisor: a.divisor }
            }
            Expr::Members(fold, a) => self.members(*fold, a),
            Expr::Calendar(call, args) => self.calendar(*call, args),
            Expr::Band(i, a) => self.band(*i, a),
        }
    }

    fn unary(&mut self, a: &Expr, op: impl Fn(NodeId) -> Op) -> Low {
        let a = self.lower(a);
        Low { node: self.op(|n| op(n[0]), &[a]), divisor: a.divisor }
    }

    fn pair(&mut self, a: &Expr, b: &Expr, op: impl Fn(NodeId, NodeId) -> Op) -> Low {
        let (a, b) = (self.lower(a), self.lower(b));
        let (a, b) = self.aligned(a, b);
        Low { node: self.op(|n| op(n[0], n[1]), &[a, b]), divisor: a.divisor }
    }

    fn compare(&mut self, how: Comparison, a: &Expr, b: &Expr) -> Low {
        Low { divisor: 1, ..self.pair(a, b, |a, b| Op::Compare(how, a, b)) }
    }

    /// `a and b and c` is one operation, whatever its brackets.
    fn connective(&mut self, list: &[Expr], op: impl Fn(Box<[NodeId]>) -> Op + Copy) -> Low {
        let lows: Vec<Low> = list.iter().map(|e| self.lower(e)).collect();
        Low { node: self.op(|n| op(n.into()), &lows), divisor: 1 }
    }

    fn multiply(&mut self, a: Low, b: Low) -> Low {
        let divisor = a.divisor.saturating_mul(b.divisor);
        for (constant, other) in [(a, b), (b, a)] {
            if let Op::Amount(value, high) = self.graph.node(constant.node).op
                && value == high
                && value > 0
            {
                let level = self.graph.node(other.node).level;
                let common = gcd(value, divisor);
                let scaled = self.scaled(other, value / common);
                return Low { node: self.graph.lift(scaled.node, level), divisor: divisor / common };
            }
        }
        Low { node: self.op(|n| Op::Multiply(n[0], n[1]), &[a, b]), divisor }
    }

    /// Division by a constant multiplies the divisor; by an unknown one, or by 0, the result is unknown.
    fn divide(&mut self, a: &Expr, b: &Expr) -> Low {
        let (a, b) = (self.lower(a), self.lower(b));
        let Op::Amount(value, high) = self.graph.node(b.node).op else {
            return Low { node: self.op(|n| Op::Multiply(n[0], n[1]), &[a, b]), divisor: a.divisor };
        };
        if value != high || value == 0 {
            return Low { node: self.graph.add(Op::Amount(iv::NO_LOW, iv::NO_HIGH), Level::Constant), divisor: 1 };
        }
        let a = if value < 0 { Low { node: self.op(|n| Op::Negate(n[0]), &[a]), ..a } } else { a };
        let common = gcd(value, b.divisor);
        let (by, times) = (value.saturating_abs() / common, b.divisor / common);
        let scaled = self.scaled(a, times);
        Low { node: scaled.node, divisor: a.divisor.saturating_mul(by) }
    }

    fn members(&mut self, fold: Fold, a: &Expr) -> Low {
        let a = self.lower(a);
        let person = self.graph.lift(a.node, Level::Person);
        let divisor = if matches!(fold, Fold::Sum | Fold::Max | Fold::Min) { a.divisor } else { 1 };
        Low { node: self.graph.add(Op::Fold(fold, person), Level::Household), divisor }
    }

    fn calendar(&mut self, call: Calendar, args: &[Expr]) -> Low {
        let mut lows: Vec<Low> = args.iter().map(|e| self.lower(e)).collect();
        // A call of one argument repeats it: the second is ignored.
        if let [only] = lows[..] {
            lows.push(only);
        }
        Low { node: self.op(|n| Op::Calendar(call, n[0], n[1]), &lows), divisor: 1 }
    }

    fn derived(&mut self, i: usize) -> Low {
        if let Some(known) = self.derived.get(&i) {
            return *known;
        }
        let low = match &self.model.derived[i] {
            Some(typed) => self.root(typed, self.model.policy.derived[i].entity),
            // The check has said so; nothing is known then.
            None => self.constant(0, 1),
        };
        self.derived.insert(i, low);
        low
    }

    fn absent(&mut self, i: usize, flag: bool) -> Low {
        let list: Box<[usize]> = [i].into();
        let op = if flag { Op::AbsentTruth(list) } else { Op::Absent(list) };
        Low { node: self.graph.add(op, Level::Constant), divisor: 1 }
    }

    fn value(&self, i: usize) -> (&'a Parameter, Option<&'a ParameterValue>) {
        let parameter = &self.model.policy.parameters[i];
        (parameter, parameter.line(self.region, self.as_of).map(|line| &line.value))
    }

    fn parameter(&mut self, i: usize) -> Low {
        let (parameter, value) = self.value(i);
        let kind = match parameter.kind {
            ParameterKind::Single(kind) => kind,
            _ => Kind::Count,
        };
        if let Some((moved, value)) = self.moved
            && moved == i
        {
            return self.constant(value, divisor_of(kind));
        }
        match value {
            Some(ParameterValue::Amount(value)) => self.constant(*value, divisor_of(kind)),
            Some(ParameterValue::Flag(value)) => self.lower(&Expr::Truth(*value)),
            Some(ParameterValue::Code(text)) => self.lower(&Expr::Code(text.clone())),
            _ => self.absent(i, kind == Kind::Flag),
        }
    }

    fn one_of(&mut self, a: &Expr, list: &[Expr]) -> Low {
        let a = self.lower(a);
        let mut items: Vec<i64> = Vec::new();
        let mut absent: Vec<usize> = Vec::new();
        for item in list {
            if let Expr::Parameter(i) = item {
                match self.value(*i).1 {
                    Some(ParameterValue::Codes(codes)) => items.extend(codes.iter().map(|c| self.graph.code(c))),
                    Some(ParameterValue::Numbers(n)) => items.extend(n.iter().filter_map(|n| n.checked_mul(a.divisor))),
                    Some(_) => items.extend(self.item(item, a.divisor)),
                    None => absent.push(*i),
                }
            } else {
                items.extend(self.item(item, a.divisor));
            }
        }
        items.sort_unstable();
        items.dedup();
        let known = Low { node: self.op(|n| Op::In(n[0], items.clone().into()), &[a]), divisor: 1 };
        if absent.is_empty() {
            return known;
        }
        let node = self.graph.add(Op::AbsentTruth(absent.into()), Level::Constant);
        Low { node: self.op(|n| Op::Or(n.into()), &[known, Low { node, divisor: 1 }]), divisor: 1 }
    }

    /// A constant of a list over the divisor of what is looked for; `None` where that can never be equal.
    fn item(&mut self, item: &Expr, divisor: i64) -> Option<i64> {
        let low = self.lower(item);
        let Op::Amount(value, _) = self.graph.node(low.node).op else { return None };
        let scaled = value.checked_mul(divisor)?;
        (scaled % low.divisor == 0).then_some(scaled / low.divisor)
    }

    fn band(&mut self, i: usize, a: &Expr) -> Low {
        let a = self.lower(a);
        let (parameter, value) = self.value(i);
        let (ParameterKind::Band { from, to }, Some(ParameterValue::Steps(steps))) = (parameter.kind, value) else {
            let absent = self.absent(i, false);
            return Low { node: self.op(|n| Op::Multiply(n[0], n[1]), &[a, absent]), divisor: 1 };
        };
        let unit = divisor_of(from);
        let common = gcd(a.divisor, unit);
        let x = self.scaled(a, unit / common);
        let steps: Box<[(i64, i64)]> =
            steps.iter().map(|(from, value)| (from.saturating_mul(a.divisor / common), *value)).collect();
        Low { node: self.op(|n| Op::Band(n[0], steps.clone()), &[x]), divisor: divisor_of(to) }
    }

    fn day(&self, date: Date) -> Day {
        let window = Window::before(self.as_of);
        match date {
            Date::AsOf => self.as_of,
            Date::WindowStart => window.first_day(),
            Date::WindowEnd => window.last_day(),
            Date::YearStart => Day::from_ymd(self.as_of.year(), 1, 1).unwrap_or(self.as_of),
            Date::Fixed(day) => Day(day),
            Date::Last(month, day) => {
                let of = |year| Day::from_ymd(year, month, day).unwrap_or(self.as_of);
                let year = self.as_of.year();
                if of(year) <= self.as_of { of(year) } else { of(year - 1) }
            }
        }
    }
}
