//! Deliveries as departments describe and fill them.

mod describing;
mod mapping;
mod pages;

use crate::stage::{Context, Depth, Gathered, Mapped, Mapping, Rows};
use crate::{Package, Places, Problem};
use serde_json::{Value, json};
use values::columns::Texts;

/// A county of two townships: 青石镇 with 上湾村 and 下湾村, 白水乡 with another 上湾村; 老湾村 was split, 旧村 merged.
fn places() -> Places {
    let rows = [
        ["530000000000", "云山省", "province", "", "", ""],
        ["539900000000", "安平市", "prefecture", "530000000000", "", ""],
        ["539901000000", "禾岭县", "county", "539900000000", "", ""],
        ["539901001000", "青石镇", "township", "539901000000", "", ""],
        ["539901001001", "上湾村", "village", "539901001000", "", ""],
        ["539901001002", "下湾村", "village", "539901001000", "", ""],
        ["539901002000", "白水乡", "township", "539901000000", "", ""],
        ["539901002001", "上湾村", "village", "539901002000", "", ""],
        ["539901001009", "老湾村", "village", "539901001000", "2020-12-31", "539901001001;539901001002"],
        ["539901002009", "旧村", "village", "539901002000", "2019-12-31", "539901002001"],
        ["539902000000", "平川县", "county", "539900000000", "", ""],
        ["539902001001", "河口村", "village", "", "", ""],
    ];
    let column = |at: usize| rows.iter().map(|row| Some(row[at])).collect::<Texts>();
    let absent = || rows.iter().map(|_| None).collect::<Texts>();
    let columns = [column(0), column(1), column(2), column(3), absent(), column(4), column(5)];
    let (places, problems) = Places::read("539901", "places.csv", &columns);
    assert_eq!(problems, []);
    places
}

/// A package with one resource, as its description says it.
fn described(fuzhi: Value, fields: Value) -> Value {
    json!({
        "name": "d", "title": "示例",
        "fuzhi": { "department": "water", "as_of": "2026-09-30", "nature": "register", "purpose": "返贫监测" },
        "resources": [{
            "name": "list", "path": "list.csv", "fuzhi": fuzhi,
            "schema": { "missingValues": ["", "无"], "fields": fields }
        }]
    })
}

fn read(description: &Value) -> (Option<Package>, Vec<Problem>) {
    Package::read("water/datapackage.json", &description.to_string())
}

/// The one resource of a delivery of that record, mapped from one column a field.
fn map(record: &str, fields: &[(Value, &[&str])]) -> Mapped {
    map_at(record, fields, Depth::Everything)
}

fn map_at(record: &str, fields: &[(Value, &[&str])], depth: Depth) -> Mapped {
    let named: Vec<Value> = fields.iter().map(|(field, _)| field.clone()).collect();
    let (package, problems) = read(&described(json!({ "record": record }), named.into()));
    assert_eq!(problems, []);
    let package = package.unwrap();
    let places = places();
    let context = Context { places: &places, department: "water", depth, typed: false };
    let header: Vec<String> = fields.iter().map(|(field, _)| field["name"].as_str().unwrap().to_owned()).collect();
    let (mapping, problems) = Mapping::new(&package.resources[0], context, "list.csv", &header).unwrap();
    assert_eq!(problems, []);
    let rows = fields[0].1.len();
    let all: Vec<Texts> = fields.iter().map(|(_, cells)| cells.iter().map(|cell| Some(*cell)).collect()).collect();
    // Two parts, as a large file would come.
    let half = rows / 2;
    let part = |from: usize, to: usize| {
        let columns = mapping.wanted().iter().map(|at| (from..to).map(|row| all[*at].get(row)).collect()).collect();
        let numbers = (1..=(to - from) as u32).collect();
        mapping.part(Rows { seen: (to - from) as u32, numbers, columns, faults: Vec::new() })
    };
    let mut gathered = Gathered::default();
    gathered.add(1, part(half, rows));
    gathered.add(0, part(0, half));
    mapping.finish(gathered)
}

fn field(name: &str, means: &str) -> Value {
    json!({ "name": name, "type": "string", "fuzhi": { "as": means } })
}

/// The rows and English reasons of all rejects.
fn rejects(mapped: &Mapped) -> Vec<(u32, String)> {
    mapped.rejects.iter().map(|reject| (reject.row, reject.reason.reason().en)).collect()
}
