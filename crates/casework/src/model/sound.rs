//! Whether a procedure holds together: every sentence that says why it doesn't.

use super::{Choice, FieldKind, Gate, GateKind, Kind, Procedure, Step};
use rulebook::Words;
use std::collections::BTreeSet;

/// Ends that every case may come to, whatever its procedure: codes of [`super::Ending`].
const ALWAYS: [&str; 5] = ["withdrawn", "died", "moved", "duplicate", "undone"];
/// What a notice may say of a family.
const PLACEHOLDERS: [&str; 6] = ["head", "place", "people", "programme", "from", "to"];

pub(super) fn problems(procedure: &Procedure) -> Vec<String> {
    let mut wrong = Vec::new();
    if procedure.steps.is_empty() {
        return vec!["it has no step".to_owned()];
    }
    if procedure.legal_basis.trim().is_empty() {
        wrong.push("legal_basis is empty".to_owned());
    }
    if procedure.valid_to.is_some_and(|to| to < procedure.valid_from) {
        wrong.push("valid_to lies before valid_from".to_owned());
    }
    if procedure.region != "*" && !procedure.region.bytes().all(|byte| byte.is_ascii_digit()) {
        wrong.push(format!("region {:?} is neither * nor the first digits of a place", procedure.region));
    }
    texts(procedure, &mut wrong);
    names(procedure, &mut wrong);
    for step in &procedure.steps {
        step_holds(procedure, step, &mut wrong);
    }
    whole_holds(procedure, &mut wrong);
    ways(procedure, &mut wrong);
    wrong
}

fn texts(procedure: &Procedure, wrong: &mut Vec<String>) {
    let mut both = |of: &str, words: &Words| {
        for (language, text) in [("zh", &words.zh), ("en", &words.en)] {
            if text.trim().is_empty() {
                wrong.push(format!("{of} says nothing in {language}"));
            }
        }
    };
    both("the procedure", &procedure.title);
    procedure.phases.iter().for_each(|phase| both(&phase.id, &phase.title));
    procedure.causes.iter().chain(&procedure.measures).for_each(|choice| both(&choice.id, &choice.title));
    for end in &procedure.ends {
        both(&end.id, &end.title);
        both(&end.id, &end.tells);
        end.letter.iter().for_each(|words| both(&end.id, words));
    }
    for step in &procedure.steps {
        both(&step.id, &step.title);
        both(&step.id, &step.asks);
        step.outcomes.iter().for_each(|outcome| both(&format!("{}.{}", step.id, outcome.id), &outcome.title));
        step.gates.iter().for_each(|gate| both(&format!("a gate of {}", step.id), &gate.missing));
        for field in &step.fields {
            let of = format!("{}.{}", step.id, field.id);
            both(&of, &field.title);
            field.hint.iter().for_each(|hint| both(&of, hint));
            field.options.iter().for_each(|option| both(&format!("{of}.{}", option.id), &option.title));
        }
    }
    let notices = procedure.notice.iter().map(|notice| &notice.text);
    let notices: Vec<&Words> = notices.chain(procedure.steps.iter().filter_map(|step| step.text.as_ref())).collect();
    notices.iter().for_each(|text| both("a notice", text));
    notices.iter().for_each(|text| notice_text(text, wrong));
}

fn notice_text(text: &Words, wrong: &mut Vec<String>) {
    for text in [&text.zh, &text.en] {
        for name in text.split('{').skip(1).filter_map(|rest| rest.split('}').next()) {
            if !PLACEHOLDERS.contains(&name) {
                wrong.push(format!("a notice can't say {{{name}}}; it may say {}", PLACEHOLDERS.join(", ")));
            }
        }
        if !attachments::scan(text).is_empty() {
            wrong.push(format!("a notice would show a number or an illness: {text}"));
        }
    }
}

fn names(procedure: &Procedure, wrong: &mut Vec<String>) {
    let mut twice = |of: &str, ids: Vec<&str>| {
        let mut seen = BTreeSet::new();
        for id in ids {
            let plain = !id.is_empty() && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
            if !plain {
                wrong.push(format!("{id:?} of {of} is no id: small letters, digits and _ are"));
            }
            if !seen.insert(id) {
                wrong.push(format!("{of} has {id} twice"));
            }
        }
    };
    let ends = procedure.ends.iter().map(|end| end.id.as_str()).chain(ALWAYS);
    twice("the procedure", procedure.steps.iter().map(|step| step.id.as_str()).chain(ends).collect());
    twice("the causes", ids(&procedure.causes));
    twice("the measures", ids(&procedure.measures));
    for step in &procedure.steps {
        twice(&step.id, step.fields.iter().map(|field| field.id.as_str()).collect());
        twice(&step.id, step.outcomes.iter().map(|outcome| outcome.id.as_str()).collect());
    }
}

fn ids(choices: &[Choice]) -> Vec<&str> {
    choices.iter().map(|choice| choice.id.as_str()).collect()
}

fn step_holds(procedure: &Procedure, step: &Step, wrong: &mut Vec<String>) {
    let id = &step.id;
    let mut say = |true_of: bool, sentence: String| {
        if true_of {
            wrong.push(sentence);
        }
    };
    let known = |other: &String| procedure.find_step(other).is_some();
    say(
        !procedure.phases.iter().any(|phase| phase.id == step.phase),
        format!("{id}: there is no phase {}", step.phase),
    );
    say(step.by.is_empty(), format!("{id}: nobody may do it; say `by`"));
    say(step.people == 0, format!("{id}: somebody has to do it; people is at least 1"));
    say(step.outcomes.is_empty(), format!("{id}: it never ends; give it an outcome"));
    for other in step.apart_from.iter().chain(&step.alongside).filter(|other| !known(other)) {
        say(true, format!("{id}: there is no step {other}"));
    }
    for outcome in &step.outcomes {
        match (&outcome.to, step.alongside.is_some()) {
            (Some(_), true) => {
                say(true, format!("{id}.{}: a step alongside leads nowhere; leave out `to`", outcome.id))
            }
            (None, false) => say(true, format!("{id}.{}: it leads nowhere; say `to`", outcome.id)),
            (Some(to), false) => say(
                procedure.find_end(to).is_none() && procedure.find_step(to).is_none_or(|step| step.alongside.is_some()),
                format!("{id}.{}: there is no step or end {to}", outcome.id),
            ),
            (None, true) => {}
        }
    }
    for field in &step.fields {
        say(field.kind == FieldKind::Choice && field.options.is_empty(), format!("{id}.{}: no options", field.id));
        say(field.kind == FieldKind::Causes && procedure.causes.is_empty(), format!("{id}: there are no causes"));
    }
    if step.kind == Kind::Decision {
        let reason = step.find_field("reason").is_some_and(|field| field.required);
        say(!reason, format!("{id}: a decision gives its reason; add a required field `reason`"));
    }
    if step.kind == Kind::Notice {
        say(procedure.notice.is_none(), format!("{id}: there is no [notice]"));
        let always = |kind: &GateKind| step.gates.iter().any(|gate| gate.kind == *kind && gate.outcome.is_none());
        say(
            !always(&GateKind::Published) || !always(&GateKind::PeriodOver),
            format!("{id}: a notice is put up and stands its time; add the gates published and period_over"),
        );
        let heard = |kind: &GateKind| step.gates.iter().any(|gate| gate.kind == *kind);
        let objections = [GateKind::ObjectionsAnswered, GateKind::Undisputed];
        say(!objections.iter().any(heard), format!("{id}: nobody looks at objections; add a gate for them"));
    }
    step.gates.iter().filter_map(|gate| gate_fault(procedure, step, gate)).for_each(|fault| say(true, fault));
}

fn gate_fault(procedure: &Procedure, step: &Step, gate: &Gate) -> Option<String> {
    let field =
        |field: &String| step.find_field(field).is_none().then(|| format!("{}: there is no field {field}", step.id));
    let other =
        |other: &String| procedure.find_step(other).is_none().then(|| format!("{}: there is no step {other}", step.id));
    let named = gate.outcome.as_ref().filter(|outcome| step.find_outcome(outcome).is_none());
    let fault = match &gate.kind {
        GateKind::Done { step } | GateKind::PassedSince { step, .. } => other(step),
        GateKind::AddsUp { fields, to } => fields.iter().chain(std::iter::once(to)).find_map(field),
        GateKind::AsMany { field: one, other } => field(one).or_else(|| field(other)),
        GateKind::Majority { field: one, of } => field(one).or_else(|| field(of)),
        GateKind::Given { field: one } => field(one),
        GateKind::MeasuresPlanned | GateKind::MeasuresGiven | GateKind::CausesMatched => {
            procedure.measures.is_empty().then(|| format!("{}: there are no measures", step.id))
        }
        _ => None,
    };
    named.map(|outcome| format!("{}: there is no outcome {outcome}", step.id)).or(fault)
}

fn whole_holds(procedure: &Procedure, wrong: &mut Vec<String>) {
    let unknown = |step: &str| procedure.find_step(step).is_none_or(|step| step.alongside.is_some());
    if procedure.first().alongside.is_some() {
        wrong.push("the first step can't run alongside another".to_owned());
    }
    if let Some(whole) = procedure.whole.as_ref().filter(|whole| unknown(&whole.until)) {
        wrong.push(format!("whole: there is no step {}", whole.until));
    }
    if unknown(&procedure.appeal.returns_to) {
        wrong.push(format!("appeal: there is no step {}", procedure.appeal.returns_to));
    }
    if procedure.appeal.by.is_empty() {
        wrong.push("appeal: nobody may answer it; say `by`".to_owned());
    }
    for one in &procedure.delegations {
        match procedure.find_step(&one.step) {
            None => wrong.push(format!("delegation: there is no step {}", one.step)),
            Some(step) if !step.by.iter().all(|level| one.to < *level) => {
                wrong.push(format!("delegation: {} is handed down, so to a lower level", one.step));
            }
            Some(_) => {}
        }
        if one.legal_basis.trim().is_empty() {
            wrong.push(format!("delegation: {} has no legal_basis", one.step));
        }
    }
    for cause in &procedure.causes {
        if cause.measures.is_empty() {
            wrong.push(format!("{}: no kind of help fits this cause; say `measures`", cause.id));
        }
        for measure in cause.measures.iter().filter(|one| !procedure.measures.iter().any(|known| known.id == **one)) {
            wrong.push(format!("{}: there is no measure {measure}", cause.id));
        }
    }
}

/// Every step can be reached, every way leads to an end or to tracking, and what runs alongside is waited for.
fn ways(procedure: &Procedure, wrong: &mut Vec<String>) {
    let next = |step: &Step| step.outcomes.iter().filter_map(|outcome| outcome.to.clone()).collect::<Vec<_>>();
    let mut reached = BTreeSet::new();
    let mut open = vec![procedure.first().id.clone()];
    while let Some(id) = open.pop() {
        if let Some(step) = procedure.find_step(&id)
            && reached.insert(id)
        {
            open.extend(next(step));
        }
    }
    let mut home: BTreeSet<String> = procedure.ends.iter().map(|end| end.id.clone()).collect();
    home.extend(procedure.steps.iter().filter(|step| step.kind == Kind::Tracking).map(|step| step.id.clone()));
    loop {
        let more: Vec<String> = procedure
            .steps
            .iter()
            .filter(|step| !home.contains(&step.id) && next(step).iter().any(|to| home.contains(to)))
            .map(|step| step.id.clone())
            .collect();
        if more.is_empty() {
            break;
        }
        home.extend(more);
    }
    for step in &procedure.steps {
        if step.alongside.is_some() {
            let waits = |gate: &Gate| matches!(&gate.kind, GateKind::Done { step: other } if *other == step.id);
            if !procedure.steps.iter().any(|other| other.gates.iter().any(waits)) {
                wrong.push(format!("{}: nothing waits for it; give a later step the gate done", step.id));
            }
        } else if !reached.contains(&step.id) {
            wrong.push(format!("{}: no way leads there", step.id));
        } else if !home.contains(&step.id) {
            wrong.push(format!("{}: no way leads from there to an end", step.id));
        }
    }
}
