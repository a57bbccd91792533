//! Parquet files as other programs write them.

use super::*;
use ::parquet::data_type::{ByteArray, ByteArrayType};
use ::parquet::file::properties::{WriterProperties, WriterVersion};
use ::parquet::file::writer::SerializedFileWriter;
use ::parquet::schema::parser::parse_message_type;
use std::sync::Arc;

const ROWS: usize = 140_000;

/// Names that repeat at first and are each their own later, every seventh missing.
fn name(row: usize) -> Option<String> {
    let number = if row < 40_000 { row % 500 } else { row };
    (!row.is_multiple_of(7)).then(|| format!("张{number}"))
}

fn written(path: &Path, repetition: &str, properties: WriterProperties) {
    let schema = Arc::new(parse_message_type(&format!("message m {{ {repetition} binary name (utf8); }}")).unwrap());
    let mut writer =
        SerializedFileWriter::new(std::fs::File::create(path).unwrap(), schema, Arc::new(properties)).unwrap();
    let mut group = writer.next_row_group().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    let names: Vec<Option<String>> = (0..ROWS).map(name).collect();
    let levels: Vec<i16> = names.iter().map(|name| i16::from(name.is_some())).collect();
    let is_optional = repetition == "optional";
    let there = names.iter().filter(|name| !is_optional || name.is_some());
    let values: Vec<ByteArray> = there.map(|name| name.as_deref().unwrap_or("").into()).collect();
    let levels = is_optional.then_some(&levels[..]);
    column.typed::<ByteArrayType>().write_batch(&values, levels, None).unwrap();
    column.close().unwrap();
    group.close().unwrap();
    writer.close().unwrap();
}

#[test]
fn texts_are_the_same_however_a_program_lays_them_out() {
    for version in [WriterVersion::PARQUET_1_0, WriterVersion::PARQUET_2_0] {
        for dictionary in [true, false] {
            for repetition in ["required", "optional"] {
                let folder = folder();
                let path = folder.path().join("t.parquet");
                let properties = WriterProperties::builder()
                    .set_writer_version(version)
                    .set_dictionary_enabled(dictionary)
                    .set_dictionary_page_size_limit(1 << 16)
                    .set_data_page_row_count_limit(9_000);
                written(&path, repetition, properties.build());
                let told = read(&source(Format::Parquet { path })).unwrap();
                assert_eq!(told.rows.len(), ROWS);
                let missing = (repetition == "required").then(String::new);
                for (row, (number, cells)) in told.rows.iter().enumerate() {
                    assert_eq!(*number as usize, row + 1);
                    assert_eq!(cells[0], name(row).or_else(|| missing.clone()), "{version:?} {repetition} {row}");
                }
            }
        }
    }
}
