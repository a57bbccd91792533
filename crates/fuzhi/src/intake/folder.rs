//! What lies in a county's folder: the county, its places, its deliveries.

use super::{Origin, Packages, converted};
use batch::{Dialect, Encoding, Format, Source};
use exchange::stage::Depth;
use exchange::{County, FileKind, Package, Places, Problem, ResourceSpec, Wording, refuse_repeated_names};
use facts::records::Nature;
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

/// What to look at before delivery: with its county around it, or on its own.
pub(super) fn to_preview(
    path: &Path,
    problems: &mut Vec<Problem>,
) -> Result<(County, Places, Packages, PathBuf), Problem> {
    if path.join("county.toml").exists() {
        let county = county(path, None)?;
        let (places, told) = places(path, &county)?;
        problems.extend(told);
        let packages = packages(path, problems)?;
        return Ok((county, places, packages, path.to_owned()));
    }
    let home = if path.is_dir() { path } else { path.parent().unwrap_or(Path::new("")) };
    if !path.exists() || !home.join("datapackage.json").exists() {
        return Err(undescribed(path));
    }
    let mut package = package(home, problems);
    if let Some(package) = package.as_mut().filter(|_| !path.is_dir()) {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        package.resources.retain(|spec| spec.path == name || is_database(spec, &name));
        if package.resources.is_empty() && problems.is_empty() {
            return Err(undescribed(path));
        }
    }
    let folder = home.parent().map(Path::to_owned).unwrap_or_default();
    let (county, places) = match county(&folder, None) {
        Ok(county) => {
            let (places, told) = places(&folder, &county)?;
            problems.extend(told);
            (county, places)
        }
        // A package on its own: its places can't be looked up.
        Err(_) => (nowhere(package.as_ref().and_then(|package| package.as_of)), Places::unlisted()),
    };
    let packages = package.map(|package| (home.to_owned(), package)).into_iter().collect();
    Ok((county, places, packages, folder))
}

fn is_database(spec: &ResourceSpec, name: &str) -> bool {
    matches!(&spec.file, FileKind::Database { url, .. } if url.strip_prefix("sqlite:") == Some(name))
}

fn nowhere(as_of: Option<Day>) -> County {
    County { code: String::new(), name: String::new(), as_of: as_of.unwrap_or(Day(0)), places: String::new() }
}

fn undescribed(path: &Path) -> Problem {
    let name = path.display().to_string();
    if !path.exists() {
        return converted(batch::Problem::unreadable(&name, &std::io::ErrorKind::NotFound.into()));
    }
    Problem::new(
        &name,
        Wording::new("没有 datapackage.json 描述它", "no datapackage.json describes it"),
        Wording::new(
            "请先运行 fuzhi template，填好说明后再检查",
            "run `fuzhi template` and fill in the description first",
        ),
    )
}

/// The resources of all packages with their files, by department and name.
pub(super) fn origins(folder: &Path, packages: Packages) -> Vec<Origin> {
    let mut origins = Vec::new();
    for (home, package) in packages {
        let Package { department, purpose, legal_basis, resources, .. } = package;
        for spec in resources {
            origins.push(Origin {
                source: source(folder, &home, &spec),
                department: department.clone(),
                purpose: purpose.clone(),
                legal_basis: legal_basis.clone(),
                depth: if spec.nature == Nature::QueryAnswer { Depth::Keys } else { Depth::Everything },
                spec,
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
