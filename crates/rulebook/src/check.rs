//! What can be found wrong with a policy before anything runs, once the facts are known.

use crate::policy::{ParameterKind, Policy, Rule, reach};
use crate::problem::Place;
use crate::typing::expr::Expr;
use crate::typing::{Model, Typer};
use crate::wording::{self, Placeholder};
use crate::{Entity, Fact, Kind, Problem, RuleSet, TextRef, Words};
use values::Validity;

/// How many different facts and parameters one rule may read: what is missing is kept as one word of bits.
pub(crate) const MOST_LEAVES: usize = 64;

impl Policy {
    /// Everything wrong with the policy, given the facts its rules may read.
    #[must_use]
    pub fn check(&self, facts: &[Fact]) -> Vec<Problem> {
        let mut problems = Vec::new();
        let model = Model::new(self, facts, &mut problems);
        self.check_overlaps(&mut problems);
        for rule in &self.rules {
            check_rule(&model, rule, &mut problems);
        }
        if let Some(layout) = &self.apply {
            for output in &layout.output {
                for name in std::iter::once(&output.value).chain(&output.per) {
                    if model.find(Entity::Household, name).is_none() {
                        let zh = format!("{name} 不是户的事实或推算项，不能输出。");
                        let en = format!("{name} isn't a fact or derived fact of the household and can't be written.");
                        problems.push(Problem::new(&layout.place, Words { zh, en }));
                    }
                }
            }
        }
        problems.sort();
        problems.dedup();
        problems
    }

    fn check_overlaps(&self, problems: &mut Vec<Problem>) {
        for parameter in &self.parameters {
            let lines: Vec<_> = parameter.lines.iter().map(|line| (line.region.as_str(), line.validity)).collect();
            for (region, other) in overlaps(&lines) {
                problems.push(overlap(&parameter.place, region, other));
            }
        }
        for same in self.rules.chunk_by(|a, b| a.id == b.id) {
            let lines: Vec<_> = same
                .iter()
                .flat_map(|rule| rule.regions.iter().map(|region| (region.as_str(), rule.validity)))
                .collect();
            for (region, other) in overlaps(&lines) {
                problems.push(overlap(&same[0].place, region, other));
            }
        }
    }
}

/// Regions that are spoken for twice on some day.
fn overlaps<'a>(lines: &[(&'a str, Validity)]) -> Vec<(&'a str, Validity)> {
    let mut found = Vec::new();
    for (i, (region, validity)) in lines.iter().enumerate() {
        found.extend(
            lines[..i].iter().filter(|(r, v)| r == region && v.overlaps(*validity)).map(|_| (*region, *validity)),
        );
    }
    found
}

fn overlap(place: &Place, region: &str, validity: Validity) -> Problem {
    let end = |day: Option<values::Day>| day.map_or_else(|| "…".to_owned(), |day| day.to_string());
    let period = format!("{} – {}", end(validity.from), end(validity.to));
    Problem::new(
        place,
        Words {
            zh: format!("地区 {region} 在 {period} 有两条同时有效，请改 from 或 to，让它们不重叠。"),
            en: format!(
                "Two lines hold for region {region} within {period}; change from or to so that they don't overlap."
            ),
        },
    )
}

fn check_rule(model: &Model, rule: &Rule, problems: &mut Vec<Problem>) {
    let before = problems.len();
    let level = rule.entity.into();
    let condition = Typer::new(model, level, &rule.place, "condition", problems).condition(&rule.condition);
    let applies = rule
        .applies
        .as_ref()
        .map(|applies| Typer::new(model, level, &rule.place, "applies", problems).condition(applies));
    let asks = rule.asks.as_ref().map(|asks| Typer::new(model, level, &rule.place, "asks", problems).condition(asks));
    let mut say = |zh: String, en: String| problems.push(Problem::new(&rule.place, Words { zh, en }));
    let typed: Vec<_> = condition.iter().chain(applies.iter().flatten()).chain(asks.iter().flatten()).collect();
    if rule.set == RuleSet::Risk && typed.iter().any(|t| t.from_query_answer) {
        let mut names = Vec::new();
        typed.iter().for_each(|t| answers_read(model, &t.expr, &mut names));
        names.sort_unstable();
        names.dedup();
        let names = names.join(", ");
        say(
            format!("风险规则不能用授权查询得来的数据（{names}）；请删去，或把规则放到 means。"),
            format!(
                "A risk rule must not read what stems from query answers ({names}); take it out, or make it a means rule."
            ),
        );
    }
    let mut leaves = Vec::new();
    typed.iter().for_each(|t| leaves_read(model, &t.expr, &mut leaves));
    leaves.sort_unstable();
    leaves.dedup();
    if leaves.len() > MOST_LEAVES {
        say(
            format!("一条规则最多用 {MOST_LEAVES} 项事实和参数，这里有 {} 项；请拆成几条。", leaves.len()),
            format!("A rule reads at most {MOST_LEAVES} facts and parameters, this one {}; split it.", leaves.len()),
        );
    }
    if before == problems.len() && condition.is_none() {
        let what = Words::new(
            "它用到的推算项写错了，请先改那一项。",
            "It reads a derived fact that is wrong; correct that first.",
        );
        problems.push(Problem::new(&rule.place, what));
    }
    check_texts(model, rule, problems);
}

fn check_texts(model: &Model, rule: &Rule, problems: &mut Vec<Problem>) {
    let mut say = |zh: String, en: String| problems.push(Problem::new(&rule.place, Words { zh, en }));
    let mut words = vec![("decides", rule.decides.as_str())];
    for (key, text) in [("not_meant", &rule.not_meant), ("can_do", &rule.can_do)] {
        if let TextRef::Parameter(name) = text {
            words.push((key, name));
        }
    }
    for (key, name) in words {
        let kind = model.policy.find_parameter(name).map(|p| p.kind);
        if kind != Some(ParameterKind::Words) {
            say(
                format!("{key} 要写一个单位为 words 的参数的名字，“{name}”不是。"),
                format!("{key} names a parameter of unit words; \"{name}\" isn't one."),
            );
        }
    }
    let deadline = model.policy.find_parameter(&rule.deadline);
    if !deadline.is_some_and(|p| p.kind == ParameterKind::Single(Kind::Count) && p.unit == "days") {
        say(
            format!("deadline 要写一个单位为 days 的参数的名字，“{}”不是。", rule.deadline),
            format!("deadline names a parameter of unit days; \"{}\" isn't one.", rule.deadline),
        );
    }
    for words in std::iter::once(&rule.message).chain(&rule.question) {
        for (language, text) in [("zh", &words.zh), ("en", &words.en)] {
            if wording::has_stray_brace(text) {
                say(
                    format!("{language} 文字里的花括号不成对，或里面不是一个名字，请写成 {{名字}}。"),
                    format!("A brace in the {language} text stands alone or holds more than a name; write {{name}}."),
                );
            }
            for name in wording::placeholders(text) {
                if wording::resolve(model, rule.entity, name) == Placeholder::Unknown {
                    say(
                        format!("{language} 文字里的 {{{name}}} 不是事实、推算项或参数，请改正。"),
                        format!("{{{name}}} in the {language} text is no fact, derived fact or parameter; correct it."),
                    );
                }
            }
        }
    }
    for (key, words) in plain_texts(rule) {
        if words.zh.contains(['{', '}']) || words.en.contains(['{', '}']) {
            say(
                format!("{key} 里不填数，请去掉花括号。"),
                format!("{key} is said as it is written; take the braces out."),
            );
        }
    }
    for prefix in &rule.regions {
        if prefix != "*" && reach(prefix, prefix).is_none_or(|n| n == 0) | !prefix.bytes().all(|b| b.is_ascii_digit()) {
            say(
                format!("地区“{prefix}”要写代码的前几位，或 *。"),
                format!("The region \"{prefix}\" is written as the first digits of its code, or *."),
            );
        }
    }
}

/// The texts of a rule that nothing is filled into.
fn plain_texts(rule: &Rule) -> impl Iterator<Item = (&'static str, &Words)> {
    let texts =
        [("not_meant", &rule.not_meant), ("can_do", &rule.can_do)].into_iter().filter_map(|(key, text)| match text {
            TextRef::Here(words) => Some((key, words)),
            TextRef::Parameter(_) => None,
        });
    [("title", &rule.title), ("about", &rule.about)].into_iter().chain(texts)
}

/// Calls `visit` for every fact and parameter an expression reads, also through derived facts.
pub(crate) fn walk<'e>(model: &'e Model, expr: &'e Expr, visit: &mut dyn FnMut(&'e Expr)) {
    visit(expr);
    match expr {
        Expr::Derived(i) => {
            if let Some(derived) = &model.derived[*i] {
                walk(model, &derived.expr, visit);
            }
        }
        Expr::Not(a) | Expr::Within(a, ..) | Expr::IsUnknown(a) | Expr::Negate(a) | Expr::Members(_, a) => {
            walk(model, a, visit);
        }
        Expr::Band(_, a) => walk(model, a, visit),
        Expr::Compare(_, a, b) | Expr::Add(a, b) | Expr::Multiply(a, b) | Expr::Divide(a, b) | Expr::Larger(a, b) => {
            walk(model, a, visit);
            walk(model, b, visit);
        }
        Expr::If(a, b, c) => [a, b, c].into_iter().for_each(|e| walk(model, e, visit)),
        Expr::And(list) | Expr::Or(list) | Expr::Calendar(_, list) => list.iter().for_each(|e| walk(model, e, visit)),
        Expr::In(a, list) => {
            walk(model, a, visit);
            list.iter().for_each(|e| walk(model, e, visit));
        }
        Expr::Fact(_) | Expr::Parameter(_) | Expr::Date(_) | Expr::Amount(..) | Expr::Truth(_) | Expr::Code(_) => {}
    }
}

fn leaves_read(model: &Model, expr: &Expr, found: &mut Vec<(bool, usize)>) {
    walk(model, expr, &mut |e| match e {
        Expr::Fact(i) => found.push((false, *i)),
        Expr::Parameter(i) | Expr::Band(i, _) => found.push((true, *i)),
        _ => {}
    });
}

fn answers_read<'m>(model: &'m Model, expr: &'m Expr, names: &mut Vec<&'m str>) {
    walk(model, expr, &mut |e| {
        if let Expr::Fact(i) = e
            && model.facts[*i].from_query_answer
        {
            names.push(&model.facts[*i].name);
        }
    });
}
