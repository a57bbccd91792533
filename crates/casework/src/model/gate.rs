use super::Clock;
use rulebook::Words;
use serde::Deserialize;

/// What must be so before a step is done, and the words when it isn't; `{n}` in them is how much is missing.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "WrittenGate")]
pub struct Gate {
    pub kind: GateKind,
    /// Only when the step ends like this.
    pub outcome: Option<String>,
    pub missing: Words,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GateKind {
    /// Another step was done in this round.
    Done {
        step: String,
    },
    /// The counts of these fields add up to that one's.
    AddsUp {
        fields: Vec<String>,
        to: String,
    },
    /// This count is no smaller than that one.
    AsMany {
        field: String,
        other: String,
    },
    /// More than half.
    Majority {
        field: String,
        of: String,
    },
    /// This field, else optional, is filled in.
    Given {
        field: String,
    },
    /// The notice is up.
    Published,
    /// And its time is over.
    PeriodOver,
    ObjectionsAnswered,
    QuestionsAnswered,
    /// Somebody objected to the notice.
    Disputed,
    /// Nobody did.
    Undisputed,
    /// Every registered cause has help that fits.
    CausesMatched,
    MeasuresPlanned,
    MeasuresGiven,
    /// So much time since another step was done.
    PassedSince {
        step: String,
        clock: Clock,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenGate {
    kind: String,
    outcome: Option<String>,
    missing: Words,
    step: Option<String>,
    clock: Option<Clock>,
    fields: Option<Vec<String>>,
    to: Option<String>,
    field: Option<String>,
    #[serde(rename = "as")]
    other: Option<String>,
    of: Option<String>,
}

impl TryFrom<WrittenGate> for Gate {
    type Error = String;

    fn try_from(gate: WrittenGate) -> Result<Self, String> {
        let WrittenGate { kind, outcome, missing, step, clock, fields, to, field, other, of } = gate;
        let lacks = |name: &str| format!("a gate of kind {kind} needs `{name}`");
        let kind = match kind.as_str() {
            "done" => GateKind::Done { step: step.ok_or_else(|| lacks("step"))? },
            "adds_up" => {
                GateKind::AddsUp { fields: fields.ok_or_else(|| lacks("fields"))?, to: to.ok_or_else(|| lacks("to"))? }
            }
            "as_many" => GateKind::AsMany {
                field: field.ok_or_else(|| lacks("field"))?,
                other: other.ok_or_else(|| lacks("as"))?,
            },
            "majority" => {
                GateKind::Majority { field: field.ok_or_else(|| lacks("field"))?, of: of.ok_or_else(|| lacks("of"))? }
            }
            "given" => GateKind::Given { field: field.ok_or_else(|| lacks("field"))? },
            "published" => GateKind::Published,
            "period_over" => GateKind::PeriodOver,
            "objections_answered" => GateKind::ObjectionsAnswered,
            "questions_answered" => GateKind::QuestionsAnswered,
            "disputed" => GateKind::Disputed,
            "undisputed" => GateKind::Undisputed,
            "causes_matched" => GateKind::CausesMatched,
            "measures_planned" => GateKind::MeasuresPlanned,
            "measures_given" => GateKind::MeasuresGiven,
            "passed_since" => GateKind::PassedSince {
                step: step.ok_or_else(|| lacks("step"))?,
                clock: clock.ok_or_else(|| lacks("clock"))?,
            },
            other => return Err(format!("there is no gate of kind {other}")),
        };
        Ok(Self { kind, outcome, missing })
    }
}
