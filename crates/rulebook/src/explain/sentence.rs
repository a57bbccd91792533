//! The sentences of an explanation, and its values as people write them.

use super::{Met, Shown, Telling};
use crate::engine::frames::Bound;
use crate::engine::interval as iv;
use crate::engine::lane::Lane;
use crate::explanation::{Missing, UsedFact, Value};
use crate::policy::{Parameter, ParameterKind, ParameterValue, TextRef};
use crate::typing::Name;
use crate::wording::{self, Placeholder};
use crate::{Entity, Kind, Words};
use values::{Bounds, Day, Truth};

impl Telling<'_> {
    fn find_value(&self, name: &str) -> Option<&ParameterValue> {
        let parameter = self.plan.model.policy.find_parameter(name)?;
        Some(&parameter.line(&self.plan.region, self.plan.as_of)?.value)
    }

    pub(super) fn text(&self, text: &TextRef) -> Words {
        match text {
            TextRef::Here(words) => words.clone(),
            TextRef::Parameter(name) => match self.find_value(name) {
                Some(ParameterValue::Words(words)) => words.clone(),
                _ => Words::new("本地没有规定", "not laid down here"),
            },
        }
    }

    pub(super) fn deadline(&self) -> Option<Day> {
        match self.find_value(&self.planned.rule.deadline) {
            Some(ParameterValue::Amount(days)) => Some(self.plan.as_of.plus_days(i32::try_from(*days).ok()?)),
            _ => None,
        }
    }

    pub(super) fn sentence(&self, outcome: Truth, met: &[Met], missing: &[Missing]) -> Words {
        let rule = self.planned.rule;
        if outcome == Truth::Undetermined {
            let labels: Vec<Words> = missing.iter().map(|missing| missing.label.clone()).collect();
            let list = wording::list(&labels);
            let asked = rule.question.as_ref().map(|question| self.filled(question, met));
            let asked = asked.unwrap_or_default();
            let gap = if asked.en.is_empty() { "" } else { " " };
            return Words {
                zh: format!("{}判断不了：缺 {}。", asked.zh, list.zh),
                en: format!("{}{gap}Can't tell, because this is missing: {}.", asked.en, list.en),
            };
        }
        self.filled(&rule.message, met)
    }

    fn filled(&self, words: &Words, met: &[Met]) -> Words {
        Words {
            zh: wording::fill(&words.zh, |name| self.placed(name, met).zh),
            en: wording::fill(&words.en, |name| self.placed(name, met).en),
        }
    }

    /// What stands for `{name}`: the values met on the way, else the row's own.
    fn placed(&self, written_name: &str, met: &[Met]) -> Words {
        let (name, short) = match written_name.strip_suffix(":short") {
            Some(name) => (name, true),
            None => (written_name, false),
        };
        let shown = match wording::resolve(&self.plan.model, self.planned.rule.entity, name) {
            Placeholder::Known(Name::Fact(i)) => Shown::Fact(i),
            Placeholder::Known(Name::Derived(i)) => Shown::Derived(i),
            Placeholder::Parameter(i) => {
                let parameter = &self.plan.model.policy.parameters[i];
                let value = parameter.line(&self.plan.region, self.plan.as_of).map(|line| &line.value);
                return value.map_or_else(wording::unknown, |value| parameter_text(parameter, value, short));
            }
            Placeholder::Unknown => return Words::default(),
        };
        let met: Vec<Words> = met
            .iter()
            .filter(|met| met.shown == shown)
            .map(|met| {
                let used = self.used(met);
                if short { self.shortened(met, &used) } else { used.text }
            })
            .collect();
        if met.is_empty() { self.own(shown, short) } else { wording::list(&met) }
    }

    fn shortened(&self, met: &Met, used: &UsedFact) -> Words {
        match met.shown {
            Shown::Fact(i) => {
                let fact = self.plan.model.facts[i];
                written(&used.value, fact.kind, &fact.unit, true)
            }
            Shown::Derived(i) => {
                let typed = self.plan.model.derived[i].as_ref();
                typed.map_or_else(wording::unknown, |t| written(&used.value, t.kind, &t.unit, true))
            }
        }
    }

    /// A value that the answer doesn't rest on but its message speaks of.
    fn own(&self, shown: Shown, short: bool) -> Words {
        let Shown::Fact(i) = shown else { return wording::unknown() };
        let fact = self.plan.model.facts[i];
        let row = match (self.planned.rule.entity, fact.entity) {
            (a, b) if a == b => Some(self.row),
            (Entity::Person, _) => Some(self.chunk.households.start).filter(|_| !self.chunk.households.is_empty()),
            _ => None,
        };
        let Some(row) = row else { return wording::unknown() };
        let table = self.frames.table(fact.entity);
        if let Some(text) = table.text(&fact.name, row) {
            return Words::new(text, text);
        }
        let mut none = rustc_hash::FxHashMap::default();
        let lane =
            Bound::new(fact, self.frames, &self.plan.graph, &mut none).map(|bound| bound.lane(row..row + 1, fact.kind));
        match lane {
            Ok(lane @ Lane::Num { .. }) if fact.kind != Kind::Area => {
                let (low, high) = lane.number(0);
                wording::amount(Bounds { low, high }, fact.kind, &fact.unit, short)
            }
            Ok(lane @ Lane::Tri(_)) if lane.is_known(0) => wording::flag(lane.answer(0) == iv::TRUE),
            _ => wording::unknown(),
        }
    }
}

pub(super) fn written(value: &Value, kind: Kind, unit: &str, short: bool) -> Words {
    match value {
        Value::Amount(bounds) => wording::amount(*bounds, kind, unit, short),
        Value::Flag(flag) => wording::flag(*flag),
        Value::Code(text) => Words::new(text, text),
        Value::Day(day) => wording::day(*day),
        Value::Area(code) => Words::new(code.to_string(), code.to_string()),
        Value::Unknown => wording::unknown(),
    }
}

pub(super) fn parameter_text(parameter: &Parameter, value: &ParameterValue, short: bool) -> Words {
    let kind = match parameter.kind {
        ParameterKind::Single(kind) => kind,
        _ => Kind::Text,
    };
    match value {
        ParameterValue::Amount(value) => wording::amount(Bounds::exact(*value), kind, &parameter.unit, short),
        ParameterValue::Flag(flag) => wording::flag(*flag),
        ParameterValue::Code(text) => Words::new(text, text),
        ParameterValue::Codes(list) => Words::new(list.join("、"), list.join(", ")),
        ParameterValue::Numbers(list) => {
            let list: Vec<String> = list.iter().map(i64::to_string).collect();
            Words::new(list.join("、"), list.join(", "))
        }
        ParameterValue::Words(words) => words.clone(),
        ParameterValue::Steps(_) => parameter.title.clone(),
    }
}
