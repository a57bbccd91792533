//! `fuzhi template`: an empty delivery to fill, from the data dictionary.

use batch::{CellKind, Encoding, Problem, RowWriter, Target, Wording};
use exchange::Template;
use std::path::{Path, PathBuf};

/// Writes an empty delivery for a department or a kind of record into a folder of its own below `out`,
/// and gives the files written.
///
/// # Errors
/// When there is no such department or record, the folder is there already, or the disk refuses.
pub fn write_template(name: &str, out: &Path) -> Result<Vec<PathBuf>, Problem> {
    let template = Template::of(name).map_err(|problem| {
        let words = |words: exchange::Wording| Wording { zh: words.zh, en: words.en };
        Problem::new(&problem.file, words(problem.reason), words(problem.remedy))
    })?;
    let folder = out.join(&template.department);
    if folder.exists() {
        return Err(Problem::new(
            &folder.display().to_string(),
            Wording::new("文件夹已存在，不覆盖", "the folder is there already: it is not overwritten"),
            Wording::new("请换一个 --out，或先移走它", "choose another --out, or move it away"),
        ));
    }
    batch::private_folder(&folder)?;
    let description = folder.join("datapackage.json");
    batch::write_whole(&description, |file| file.write_all(template.description.as_bytes()))?;
    let mut written = vec![description];
    for (file, header) in &template.files {
        let path = folder.join(file);
        let columns: Vec<_> = header.iter().map(|name| (name.as_str(), CellKind::Text)).collect();
        // The mark lets spreadsheets open it as UTF-8.
        let target = Target::Csv { delimiter: b',', encoding: Encoding::Utf8, mark: true };
        RowWriter::create(&path, &target, &columns)?.finish()?;
        written.push(path);
    }
    Ok(written)
}
