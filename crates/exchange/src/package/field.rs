use crate::dictionary::{Field, FieldKind, Record, Surface, dictionary};
use crate::problem::Wording;
use serde_json::Value;
use values::MoneyUnit;

/// A column as its description has it.
#[derive(Clone, Debug)]
pub struct FieldSpec {
    /// The column's name in the file.
    pub name: String,
    pub target: Target,
    /// Table Schema `format` of a date.
    pub format: String,
    /// Dates come as a spreadsheet's serial numbers.
    pub excel: bool,
    pub unit: Unit,
    /// The department's values and ours; empty where it uses ours.
    pub codes: Vec<(String, String)>,
    pub group: Option<char>,
    pub decimal: char,
    /// Texts for true and false.
    pub truths: (Vec<String>, Vec<String>),
    /// Whether a missing cell is against the schema.
    pub required: bool,
}

/// What a column holds, in the dictionary's words.
#[derive(Clone, Copy, Debug)]
pub enum Target {
    Key(KeyName),
    Own(&'static Field),
    /// Delivered without being asked for: it only tells rows apart.
    None,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyName {
    IdNumber,
    Name,
    Sex,
    BirthDate,
    Area,
    Address,
    Phone,
    Ethnicity,
    HouseholdNo,
}

/// What a figure is measured in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Money(MoneyUnit),
    Surface(Surface),
    /// Of no unit.
    Plain,
}

impl PartialEq for Target {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Key(a), Self::Key(b)) => a == b,
            (Self::Own(a), Self::Own(b)) => a.name == b.name,
            (Self::None, Self::None) => true,
            _ => false,
        }
    }
}

impl Target {
    pub(super) fn repeats(&self, other: &Self) -> bool {
        *self != Self::None && self == other
    }

    /// The dictionary's name of what the column holds.
    #[must_use]
    pub fn name(&self) -> Option<&'static str> {
        match self {
            Self::Key(key) => Some(key.name()),
            Self::Own(field) => Some(&field.name),
            Self::None => None,
        }
    }

    /// Whether values of the column are masked wherever they are shown.
    #[must_use]
    pub fn is_sensitive(&self) -> bool {
        match self {
            Self::Key(key) => !matches!(key, KeyName::Sex | KeyName::Area | KeyName::Ethnicity),
            Self::Own(field) => field.sensitive,
            Self::None => true,
        }
    }
}

impl KeyName {
    const ALL: [Self; 9] = [
        Self::IdNumber,
        Self::Name,
        Self::Sex,
        Self::BirthDate,
        Self::Area,
        Self::Address,
        Self::Phone,
        Self::Ethnicity,
        Self::HouseholdNo,
    ];

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::IdNumber => "id_number",
            Self::Name => "name",
            Self::Sex => "sex",
            Self::BirthDate => "birth_date",
            Self::Area => "area",
            Self::Address => "address",
            Self::Phone => "phone",
            Self::Ethnicity => "ethnicity",
            Self::HouseholdNo => "household_no",
        }
    }
}

/// The form of a Table Schema `datetime`: ISO 8601, of which the day counts.
pub(crate) const MOMENT: &str = "YYYY-MM-DDThh:mm:ss";

type Wrong = (Wording, Wording);

pub(super) fn read(name: &str, value: &Value, record: &'static Record) -> Result<FieldSpec, Wrong> {
    let ours = value.get("fuzhi");
    let text =
        |from: Option<&Value>, key: &str| from.and_then(|v| v.get(key)).and_then(Value::as_str).map(str::to_owned);
    let target = match text(ours, "as") {
        Some(target) => find_target(&target, record)?,
        None => Target::None,
    };
    let given = text(ours, "unit");
    let unit = match (target, given) {
        (Target::Own(field), Some(given)) => unit(field, &given).map_err(|allowed| wrong_unit(&given, allowed))?,
        (Target::Own(field), None) => default_unit(field),
        _ => Unit::Plain,
    };
    let kind = text(Some(value), "type").unwrap_or_default();
    let format = match (text(Some(value), "format"), kind.as_str()) {
        (Some(format), _) if !format.is_empty() && format != "default" => format,
        (_, "yearmonth") => "%Y-%m".to_owned(),
        (_, "year") => "%Y".to_owned(),
        (_, "datetime") => MOMENT.to_owned(),
        _ => "default".to_owned(),
    };
    let list = |key: &str| {
        let list = value.get(key).and_then(Value::as_array)?;
        Some(list.iter().filter_map(Value::as_str).map(str::to_owned).collect::<Vec<_>>())
    };
    let words = |default: [&str; 5]| default.map(str::to_owned).to_vec();
    Ok(FieldSpec {
        name: name.to_owned(),
        target,
        format,
        excel: text(ours, "format").is_some_and(|format| format == "excel"),
        unit,
        codes: codes(ours),
        group: text(Some(value), "groupChar").and_then(|text| text.chars().next()),
        decimal: text(Some(value), "decimalChar").and_then(|text| text.chars().next()).unwrap_or('.'),
        truths: (
            list("trueValues").unwrap_or_else(|| words(["true", "True", "TRUE", "1", "是"])),
            list("falseValues").unwrap_or_else(|| words(["false", "False", "FALSE", "0", "否"])),
        ),
        required: value.get("constraints").and_then(|c| c.get("required")).and_then(Value::as_bool).unwrap_or(false),
    })
}

fn find_target(name: &str, record: &'static Record) -> Result<Target, Wrong> {
    if let Some(key) = KeyName::ALL.into_iter().find(|key| key.name() == name) {
        return Ok(Target::Key(key));
    }
    record.field(name).map(Target::Own).ok_or_else(|| {
        let keys = KeyName::ALL.iter().map(|key| key.name());
        let all: Vec<&str> = keys.chain(record.fields.iter().map(|field| field.name.as_str())).collect();
        let all = all.join(", ");
        (
            Wording::new(
                format!("记录 {} 没有名为 {name} 的字段", record.name),
                format!("the record {} has no field {name}", record.name),
            ),
            Wording::new(
                format!("fuzhi.as 可用：{all}；此资源已搁置"),
                format!("`fuzhi.as` is one of: {all}; this resource is set aside"),
            ),
        )
    })
}

/// A unit by its name, or the names allowed for this field.
pub(super) fn unit(field: &Field, name: &str) -> Result<Unit, &'static str> {
    match (field.kind, field.unit, name) {
        (FieldKind::Money, _, "fen") => Ok(Unit::Money(MoneyUnit::Fen)),
        (FieldKind::Money, _, "yuan") => Ok(Unit::Money(MoneyUnit::Yuan)),
        (FieldKind::Money, _, "10k_yuan") => Ok(Unit::Money(MoneyUnit::TenThousandYuan)),
        (FieldKind::Money, ..) => Err("fen, yuan, 10k_yuan"),
        (FieldKind::Number, Some(_), "mu") => Ok(Unit::Surface(Surface::Mu)),
        (FieldKind::Number, Some(_), "hectare") => Ok(Unit::Surface(Surface::Hectare)),
        (FieldKind::Number, Some(_), "m2") => Ok(Unit::Surface(Surface::M2)),
        (FieldKind::Number, Some(_), _) => Err("mu, hectare, m2"),
        _ => Err("—"),
    }
}

pub(super) fn default_unit(field: &Field) -> Unit {
    match (field.kind, field.unit) {
        (FieldKind::Money, _) => Unit::Money(MoneyUnit::Yuan),
        (_, Some(surface)) => Unit::Surface(surface),
        _ => Unit::Plain,
    }
}

fn wrong_unit(given: &str, allowed: &str) -> Wrong {
    (
        Wording::new(format!("单位“{given}”不可用于此字段"), format!("the unit \"{given}\" isn't one for this field")),
        Wording::new(
            format!("可用：{allowed}；此资源已搁置"),
            format!("use one of: {allowed}; this resource is set aside"),
        ),
    )
}

fn codes(ours: Option<&Value>) -> Vec<(String, String)> {
    let Some(codes) = ours.and_then(|ours| ours.get("codes")).and_then(Value::as_object) else { return Vec::new() };
    let plain = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    codes.iter().map(|(theirs, own)| (theirs.trim().to_owned(), plain(own))).collect()
}

impl FieldSpec {
    /// Our codes for this column; empty where it takes any text.
    #[must_use]
    pub fn own_codes(&self) -> &'static [(String, String)] {
        match self.target {
            Target::Own(field) => &field.codes,
            Target::Key(KeyName::Sex) => dictionary().key("sex").map_or(&[], |key| &key.codes),
            _ => &[],
        }
    }

    /// A code of ours that the mapping names and the dictionary doesn't have.
    pub(super) fn doubtful_codes(&self) -> Option<Wrong> {
        let ours = self.own_codes();
        if ours.is_empty() {
            return None;
        }
        let (theirs, unknown) = self.codes.iter().find(|(_, code)| ours.iter().all(|(known, _)| known != code))?;
        let all: Vec<&str> = ours.iter().map(|(code, _)| code.as_str()).collect();
        let all = all.join(", ");
        Some((
            Wording::new(
                format!("codes 把“{theirs}”对应到不存在的代码 {unknown}"),
                format!("`codes` maps \"{theirs}\" to {unknown}, which is no code"),
            ),
            Wording::new(
                format!("可用：{all}；“{theirs}”的单元格将被拒收"),
                format!("use one of: {all}; until then cells with \"{theirs}\" are rejects"),
            ),
        ))
    }
}
