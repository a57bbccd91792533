use super::*;
use crate::{Cell, CellKind, Kind, Loaded, ParquetWriter, RowWriter, Target, Values};
use crate::{digest_of, private_folder, read_parquet, write_parquet, write_whole};
use std::io::ErrorKind;
use values::columns::{MISSING, MISSING_DAY, Texts};

fn names(folder: &TempDir) -> Vec<String> {
    let names = std::fs::read_dir(folder.path()).unwrap();
    names.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect()
}

#[test]
fn typed_columns_come_back() {
    let folder = folder();
    let path = folder.path().join("a.parquet");
    let texts: Texts = [Some("王芳"), None, Some("")].into_iter().collect();
    let list: Texts = [Some("income"), Some("house")].into_iter().collect();
    let columns = [
        ("text", Values::Text(&texts)),
        ("fact", Values::Listed(&list, &[1, u32::MAX, 0])),
        ("whole", Values::Whole(&[7, MISSING, -7])),
        ("real", Values::Real(&[0.5, f64::NAN, -0.5])),
        ("weight", Values::Single(&[1.5, f32::NAN, 2.5])),
        ("flag", Values::Flag(&[true, false, true])),
        ("day", Values::Day(&[0, MISSING_DAY, 20_000])),
    ];
    write_parquet(&path, &columns).unwrap();
    let wanted = [
        ("text", Kind::Text),
        ("fact", Kind::Text),
        ("whole", Kind::Whole),
        ("weight", Kind::Real),
        ("flag", Kind::Flag),
        ("day", Kind::Day),
    ];
    let loaded = read_parquet(&path, &wanted).unwrap();
    assert_eq!(loaded[0], Loaded::Text(texts));
    assert_eq!(loaded[1], Loaded::Text([Some("house"), None, Some("income")].into_iter().collect()));
    assert_eq!(loaded[2], Loaded::Whole(vec![7, MISSING, -7]));
    let Loaded::Real(weights) = &loaded[3] else { panic!() };
    assert!(weights[0] == 1.5 && weights[1].is_nan() && weights[2] == 2.5);
    assert_eq!(loaded[4], Loaded::Flag(vec![true, false, true]));
    assert_eq!(loaded[5], Loaded::Day(vec![0, MISSING_DAY, 20_000]));
    let problem = read_parquet(&path, &[("household", Kind::Text)]).unwrap_err();
    assert_eq!(problem.column.as_deref(), Some("household"), "{problem}");
    let problem = read_parquet(&path, &[("text", Kind::Whole)]).unwrap_err();
    assert_eq!(problem.column.as_deref(), Some("text"), "{problem}");
}

#[test]
fn the_same_columns_give_the_same_bytes_however_they_come() {
    let folder = folder();
    let rows: Vec<i64> = (0..300_000).map(|n| n * n % 977).collect();
    let names: Vec<String> = (0..977).map(|n| format!("人{n}")).collect();
    let list: Texts = names.iter().map(|name| Some(name.as_str())).collect();
    let codes: Vec<u32> = rows.iter().map(|n| *n as u32).collect();
    let columns = [("n", Values::Whole(&rows)), ("person", Values::Listed(&list, &codes))];
    let paths = ["a.parquet", "b.parquet"].map(|name| folder.path().join(name));
    write_parquet(&paths[0], &columns).unwrap();
    let mut writer = ParquetWriter::create(&paths[1], &[("n", CellKind::Whole), ("person", CellKind::Text)]).unwrap();
    writer.write(&[Values::Whole(&rows), Values::Listed(&list, &codes)]).unwrap();
    writer.finish().unwrap();
    assert_eq!(digest_of(&paths[0]).unwrap(), digest_of(&paths[1]).unwrap());
    let told = read(&source(Format::Parquet { path: paths[0].clone() })).unwrap();
    assert_eq!(
        told.rows[299_999],
        (300_000, vec![Some(rows[299_999].to_string()), Some(names[codes[299_999] as usize].clone())])
    );
}

#[test]
fn what_is_not_finished_leaves_nothing() {
    let folder = folder();
    let columns = [("a", CellKind::Text)];
    for target in [
        Target::Csv { delimiter: b',', encoding: Encoding::Utf8, mark: true },
        Target::JsonLines,
        Target::Parquet,
        Target::Xlsx { sheet: "a".to_owned() },
        Target::Sqlite { table: "a".to_owned() },
    ] {
        let mut writer = RowWriter::create(&folder.path().join("list"), &target, &columns).unwrap();
        writer.row(&[Cell::Text("王芳")]).unwrap();
        drop(writer);
        assert_eq!(names(&folder), [""; 0], "{target:?}");
    }
}

#[test]
fn a_full_disk_is_told_and_leaves_the_old_file() {
    let folder = folder();
    let path = file(&folder, "list.json", "old");
    let problem = write_whole(&path, |file| {
        file.write_all(b"half")?;
        Err(ErrorKind::StorageFull.into())
    });
    let problem = problem.unwrap_err();
    assert!(problem.reason.zh.contains("磁盘已满") && problem.remedy.en.contains("free some space"), "{problem}");
    assert_eq!(names(&folder), ["list.json"]);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "old");
}

/// Needs the right to mount; elsewhere the test above has to do.
#[test]
fn a_disk_that_is_really_full() {
    let folder = folder();
    let mount = |arguments: &[&str]| std::process::Command::new("mount").args(arguments).arg(folder.path()).output();
    let is_mounted = mount(&["-t", "tmpfs", "-o", "size=256k", "tmpfs"]).is_ok_and(|done| done.status.success());
    if !is_mounted {
        return;
    }
    let noise: Vec<i64> = (0..200_000u64).map(|n| (n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 1) as i64).collect();
    let parquet = write_parquet(&folder.path().join("a.parquet"), &[("n", Values::Whole(&noise))]);
    let mut outcomes = vec![parquet];
    let csv = Target::Csv { delimiter: b',', encoding: Encoding::Utf8, mark: false };
    for target in [
        csv,
        Target::JsonLines,
        Target::Parquet,
        Target::Xlsx { sheet: "a".into() },
        Target::Sqlite { table: "a".into() },
    ] {
        let path = folder.path().join("list");
        let written = RowWriter::create(&path, &target, &[("n", CellKind::Whole)]).and_then(|mut writer| {
            noise.iter().try_for_each(|n| writer.row(&[Cell::Whole(*n)]))?;
            writer.finish()
        });
        outcomes.push(written);
    }
    let left = names(&folder);
    std::process::Command::new("umount").arg(folder.path()).output().unwrap();
    for outcome in outcomes {
        let problem = outcome.unwrap_err();
        assert!(problem.reason.en.contains("disk is full"), "{problem}");
    }
    assert_eq!(left, [""; 0]);
}

#[cfg(unix)]
#[test]
fn files_and_folders_are_their_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder();
    let inner = folder.path().join("out/rejects");
    private_folder(&inner).unwrap();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&inner), 0o700);
    for (name, target) in [
        ("a.parquet", Target::Parquet),
        ("a.xlsx", Target::Xlsx { sheet: "a".into() }),
        ("a.db", Target::Sqlite { table: "a".into() }),
    ] {
        let path = inner.join(name);
        RowWriter::create(&path, &target, &[("a", CellKind::Text)]).unwrap().finish().unwrap();
        assert_eq!(mode(&path), 0o600, "{name}");
    }
}
