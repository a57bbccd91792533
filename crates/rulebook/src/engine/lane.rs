//! A lane: one value for each row of a chunk; and the operations that work row by row.

use super::calendar;
use super::graph::{NodeId, Op};
use super::interval::{self as iv, Interval};
use crate::typing::expr::Comparison;

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Lane {
    /// Intervals, as two vectors so that loops over them are vectorised.
    Num { low: Vec<i64>, high: Vec<i64> },
    /// Possible answers: [`iv::FALSE`], [`iv::TRUE`], [`iv::EITHER`].
    Tri(Vec<u8>),
}

impl Lane {
    pub fn constant(value: Interval, rows: usize) -> Self {
        Self::Num { low: vec![value.0; rows], high: vec![value.1; rows] }
    }

    pub fn number(&self, row: usize) -> Interval {
        match self {
            Self::Num { low, high } => (low[row], high[row]),
            Self::Tri(_) => iv::UNKNOWN,
        }
    }

    pub fn answer(&self, row: usize) -> u8 {
        match self {
            Self::Tri(answers) => answers[row],
            Self::Num { .. } => iv::EITHER,
        }
    }

    /// Whether one value is known.
    pub fn is_known(&self, row: usize) -> bool {
        match self {
            Self::Num { low, high } => low[row] == high[row],
            Self::Tri(answers) => answers[row] != iv::EITHER,
        }
    }

    fn ends(&self) -> (&[i64], &[i64]) {
        match self {
            Self::Num { low, high } => (low, high),
            Self::Tri(_) => (&[], &[]),
        }
    }

    fn answers(&self) -> &[u8] {
        match self {
            Self::Tri(answers) => answers,
            Self::Num { .. } => &[],
        }
    }

    /// Row by row, with room made beforehand: such loops are vectorised.
    pub fn filled(values: impl ExactSizeIterator<Item = Interval>) -> Self {
        let (mut low, mut high) = (vec![0; values.len()], vec![0; values.len()]);
        for ((low, high), value) in low.iter_mut().zip(&mut high).zip(values) {
            (*low, *high) = value;
        }
        Self::Num { low, high }
    }
}

fn rows(lane: &Lane) -> impl ExactSizeIterator<Item = Interval> {
    let (low, high) = lane.ends();
    low.iter().zip(high).map(|(low, high)| (*low, *high))
}

fn map(a: &Lane, f: impl Fn(Interval) -> Interval) -> Lane {
    Lane::filled(rows(a).map(f))
}

fn both(a: &Lane, b: &Lane, f: impl Fn(Interval, Interval) -> Interval) -> Lane {
    Lane::filled(rows(a).zip(rows(b)).map(|(a, b)| f(a, b)))
}

fn ask(a: &Lane, f: impl Fn(Interval) -> u8) -> Lane {
    Lane::Tri(rows(a).map(f).collect())
}

fn ask_both(a: &Lane, b: &Lane, f: impl Fn(Interval, Interval) -> u8) -> Lane {
    Lane::Tri(rows(a).zip(rows(b)).map(|(a, b)| f(a, b)).collect())
}

fn gather<'l>(nodes: &[NodeId], lane: &impl Fn(NodeId) -> &'l Lane, f: impl Fn(u8, u8) -> u8) -> Lane {
    let Some((first, rest)) = nodes.split_first() else { return Lane::Tri(Vec::new()) };
    let mut answers = lane(*first).answers().to_vec();
    for node in rest {
        for (answer, next) in answers.iter_mut().zip(lane(*node).answers()) {
            *answer = f(*answer, *next);
        }
    }
    Lane::Tri(answers)
}

/// What an operation makes of its operands' lanes. `None` for those that need more than rows side by side:
/// facts, spreading and folding are the chunk's.
pub(crate) fn compute<'l>(op: &Op, count: usize, lane: impl Fn(NodeId) -> &'l Lane) -> Option<Lane> {
    Some(match op {
        Op::Fact(_) | Op::Spread(_) | Op::Fold(..) => return None,
        Op::Amount(low, high) => Lane::constant((*low, *high), count),
        Op::Truth(answer) => Lane::Tri(vec![*answer; count]),
        Op::Absent(_) => Lane::constant(iv::UNKNOWN, count),
        Op::AbsentTruth(_) => Lane::Tri(vec![iv::EITHER; count]),
        Op::Not(a) => Lane::Tri(lane(*a).answers().iter().map(|a| iv::not(*a)).collect()),
        Op::And(list) => gather(list, &lane, iv::and),
        Op::Or(list) => gather(list, &lane, iv::or),
        Op::Compare(Comparison::Less, a, b) => ask_both(lane(*a), lane(*b), iv::less),
        Op::Compare(Comparison::AtMost, a, b) => ask_both(lane(*a), lane(*b), iv::at_most),
        Op::Compare(Comparison::Equal, a, b) => ask_both(lane(*a), lane(*b), iv::equal),
        Op::In(a, list) => ask(lane(*a), |x| iv::one_of(x, list)),
        Op::Within(a, first, last) => ask(lane(*a), |x| iv::within(x, *first, *last)),
        Op::IsUnknown(a) => {
            let known = lane(*a);
            Lane::Tri((0..count).map(|row| if known.is_known(row) { iv::FALSE } else { iv::TRUE }).collect())
        }
        Op::Add(a, b) => both(lane(*a), lane(*b), iv::add),
        Op::Negate(a) => map(lane(*a), iv::negate),
        Op::Scale(a, times) => map(lane(*a), |x| iv::scale(x, *times)),
        Op::Multiply(a, b) => both(lane(*a), lane(*b), iv::multiply),
        Op::Larger(a, b) => both(lane(*a), lane(*b), iv::larger),
        Op::If(c, a, b) => choose(lane(*c), lane(*a), lane(*b)),
        Op::Calendar(call, a, b) => both(lane(*a), lane(*b), |a, b| calendar::apply(*call, a, b)),
        Op::Band(a, steps) => map(lane(*a), |x| iv::step(x, steps)),
    })
}

fn choose(condition: &Lane, a: &Lane, b: &Lane) -> Lane {
    let conditions = condition.answers().iter();
    if let (Lane::Tri(a), Lane::Tri(b)) = (a, b) {
        let pick = |((c, a), b): ((&u8, &u8), &u8)| match *c {
            iv::TRUE => *a,
            iv::FALSE => *b,
            _ => a | b,
        };
        return Lane::Tri(conditions.zip(a).zip(b).map(pick).collect());
    }
    Lane::filled(conditions.zip(rows(a)).zip(rows(b)).map(|((c, a), b)| match *c {
        iv::TRUE => a,
        iv::FALSE => b,
        _ => iv::either(a, b),
    }))
}
