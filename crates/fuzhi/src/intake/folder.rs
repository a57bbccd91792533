//! What lies in a county's folder: the county, its places, its deliveries.

use super::{Origin, Packages, converted};
use batch::{Dialect, Encoding, Format, Source};
use exchange::{County, FileKind, Package, Places, Problem, ResourceSpec, Wording, refuse_repeated_names};
use std::path::{Path, PathBuf};
use values::Day;
use values::columns::Texts;

pub(super) fn county(folder: &Path, as_of: Option<Day>) -> Result<County, Problem> {
    let text = text_of("county.toml", &folder.join("county.toml"))?;
    County::read("county.toml", &text, as_of)
}

fn text_of(name: &str, path: &Path) -> Result<String, Problem> {
    let bytes = std::fs::read(path).map_err(|e| converted(batch::Problem::unreadable(name, &e)))?;
    String::from_utf8(bytes).map_err(|e| {
        let at = e.utf8_error().valid_up_to();
        Problem::new(
            name,
            Wording::new(format!("第 {at} 字节起不是 UTF-8"), format!("from byte {at} on it is not UTF-8")),
            Wording::new("请另存为 UTF-8", "save it as UTF-8"),
        )
    })
}

/// The county's places, and what is wrong with single rows of their list.
pub(super) fn places(folder: &Path, county: &County) -> Result<(Places, Vec<Problem>), Problem> {
    let name = &county.places;
    let format = Format::Csv { path: folder.join(name), dialect: Dialect::default(), encoding: Encoding::Utf8 };
    let source = Source { name: name.clone(), format };
    let columns = columns_of(&source).map_err(converted)?;
    Ok(Places::read(&county.code, name, &columns))
}

/// The columns of a list of places; one that isn't there is empty, except for the first three.
fn columns_of(source: &Source) -> batch::Result<[Texts; 7]> {
    let mut blocks = source.open()?;
    let header = blocks.header().to_vec();
    let place = |name: &str| header.iter().position(|column| column == name);
    if let Some(lacking) = exchange::places::COLUMNS[..3].iter().find(|name| place(name).is_none()) {
        return Err(batch::Problem::new(
            &source.name,
            batch::Wording::new(format!("没有列 {lacking}"), format!("it has no column {lacking}")),
            batch::Wording::new("请补上该列", "add the column"),
        ));
    }
    let at = exchange::places::COLUMNS.map(place);
    let wanted: Vec<usize> = at.iter().flatten().copied().collect();
    let mut columns: [Texts; 7] = Default::default();
    while let Some(block) = blocks.next_block()? {
        let chunk = block.read(&wanted)?;
        let rows = chunk.numbers.len();
        let mut read = chunk.columns.into_iter();
        for (column, at) in columns.iter_mut().zip(at) {
            let texts = at.and_then(|_| read.next()).unwrap_or_else(|| (0..rows).map(|_| None).collect());
            column.append(&texts);
        }
    }
    Ok(columns)
}

/// Every package of the folder, in the order of the folders' names. `truth` holds none.
pub(super) fn packages(folder: &Path, problems: &mut Vec<Problem>) -> Result<Packages, Problem> {
    let unreadable = |e: &std::io::Error| converted(batch::Problem::unreadable(&folder.display().to_string(), e));
    let mut homes: Vec<PathBuf> = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(|e| unreadable(&e))? {
        let entry = entry.map_err(|e| unreadable(&e))?;
        if entry.file_name() != "truth" && entry.path().is_dir() {
            homes.push(entry.path());
        }
    }
    homes.sort();
    let mut packages: Packages = Vec::new();
    for home in homes {
        if home.join("datapackage.json").exists() {
            packages.extend(package(&home, problems).map(|package| (home, package)));
        }
    }
    let mut read: Vec<Package> = packages.iter().map(|(_, package)| package.clone()).collect();
    problems.extend(refuse_repeated_names(&mut read));
    Ok(packages.into_iter().map(|(home, _)| home).zip(read).collect())
}

/// One package by its folder.
pub(super) fn package(home: &Path, problems: &mut Vec<Problem>) -> Option<Package> {
    let folder = home.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let name = format!("{folder}/datapackage.json");
    match text_of(&name, &home.join("datapackage.json")) {
        Ok(text) => {
            let (package, told) = Package::read(&name, &text);
            problems.extend(told);
            package
        }
        Err(problem) => {
            problems.push(problem);
            None
        }
    }
}

/// The resources of all packages with their files, by department and name.
pub(super) fn origins(folder: &Path, packages: Packages) -> Vec<Origin> {
    let mut origins = Vec::new();
    for (home, package) in packages {
        let Package { department, purpose, legal_basis, resources, .. } = package;
        for spec in resources {
            origins.push(Origin {
                source: source(folder, &home, &spec),
                spec,
                department: department.clone(),
                purpose: purpose.clone(),
                legal_basis: legal_basis.clone(),
                blocks: Vec::new(),
            });
        }
    }
    origins.sort_by(|a, b| (&a.department, &a.spec.name).cmp(&(&b.department, &b.spec.name)));
    origins
}

fn source(folder: &Path, home: &Path, spec: &ResourceSpec) -> Source {
    let path = home.join(&spec.path);
    let short = |path: &Path| path.strip_prefix(folder).unwrap_or(path).display().to_string();
    let mut name = short(&path);
    let format = match &spec.file {
        FileKind::Csv { delimiter, quote, header, gb18030 } => {
            let columns = || spec.fields.iter().map(|field| field.name.clone()).collect();
            let header = if *header { None } else { Some(columns()) };
            let dialect = Dialect { delimiter: *delimiter, quote: *quote, header };
            Format::Csv { path, dialect, encoding: if *gb18030 { Encoding::Gb18030 } else { Encoding::Utf8 } }
        }
        FileKind::Xlsx { sheet } => Format::Xlsx { path, sheet: sheet.clone() },
        FileKind::Parquet => Format::Parquet { path },
        FileKind::JsonLines => Format::JsonLines { path },
        FileKind::Database { url, table } => {
            let (url, place) = match url.strip_prefix("sqlite:") {
                Some(file) => (format!("sqlite:{}", home.join(file).display()), short(&home.join(file))),
                // The address may hold a password: it isn't shown.
                None => (url.clone(), format!("{}/postgres", short(home))),
            };
            name = format!("{place}#{table}");
            Format::Database { url, table: table.clone() }
        }
    };
    Source { name, format }
}
