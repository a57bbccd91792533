use super::{Dictionary, Entity, Field, FieldKind, Surface, dictionary};
use facts::records::Nature;
use std::fmt::Write;

/// The dictionary as a page of documentation, in Markdown.
#[must_use]
pub fn page() -> String {
    let mut page = String::new();
    // Writing to a String doesn't fail.
    let _ = write_page(dictionary(), &mut page);
    page
}

fn write_page(dictionary: &Dictionary, page: &mut String) -> std::fmt::Result {
    page.push_str(
        "# Data dictionary 数据字典\n\n\
         What a delivery may hold. Made from `crates/exchange/src/dictionary.toml`; a test keeps it current.\n\
         Units: money in yuan unless the column says otherwise, land in mu, floor space in m². \
         Booleans are `true` and `false`. Dates that end a period mean its last day.\n\n\
         ## Person keys 人员标识\n\nAny record may carry these.\n\n\
         | field | 字段 | meaning | codes 代码 |\n|---|---|---|---|\n",
    );
    for key in &dictionary.keys {
        writeln!(page, "| `{}` | {} | {} | {} |", key.name, key.zh, key.en, codes(&key.codes))?;
    }
    page.push_str("\n## Records 记录\n");
    for record in &dictionary.records {
        let about = match record.entity {
            Entity::Person => "one person 人",
            Entity::Household => "a household 户",
        };
        let nature = match record.nature {
            Nature::Register => "register 名册",
            Nature::ThresholdList => "threshold list 超限名单",
            Nature::QueryAnswer => "query answer 核对结果（须经授权）",
        };
        writeln!(page, "\n### `{}` {}\n\n{}; about {about}; mostly a {nature}.\n", record.name, record.zh, record.en)?;
        page.push_str("| field | 字段 | meaning | type | codes 代码 |\n|---|---|---|---|---|\n");
        for field in &record.fields {
            let needed = if field.required { " **needed 必填**" } else { "" };
            let (name, kind, codes) = (&field.name, kind(field), codes(&field.codes));
            writeln!(page, "| `{name}` | {} | {}{needed} | {kind} | {codes} |", field.zh, field.en)?;
        }
    }
    page.push_str("\n## Departments 部门\n\nWho mostly delivers what; any other department may, too.\n\n| department | 部门 | records |\n|---|---|---|\n");
    for department in &dictionary.departments {
        let records: Vec<String> = department.records.iter().map(|record| format!("`{record}`")).collect();
        writeln!(page, "| `{}` | {} | {} |", department.name, department.zh, records.join(" "))?;
    }
    Ok(())
}

fn codes(codes: &[(String, String)]) -> String {
    let named: Vec<String> = codes.iter().map(|(code, zh)| format!("`{code}` {zh}")).collect();
    named.join(", ")
}

fn kind(field: &Field) -> String {
    let kind = match (field.kind, field.unit) {
        (FieldKind::Text, _) => "text 文字",
        (FieldKind::Code, _) => "code 代码",
        (FieldKind::Money, _) => "money 金额",
        (FieldKind::Number, Some(Surface::Mu)) => "mu 亩",
        (FieldKind::Number, Some(Surface::M2)) => "m² 平方米",
        (FieldKind::Number, Some(Surface::Hectare)) => "hectare 公顷",
        (FieldKind::Number, None) => "number 数字",
        (FieldKind::Count, _) => "whole number 整数",
        (FieldKind::Day, _) => "date 日期",
        (FieldKind::Flag, _) => "yes or no 是否",
    };
    match field.range {
        Some((low, high)) => format!("{kind} {low}–{high}"),
        None => kind.to_owned(),
    }
}
