//! Compiles the policy folder into the binary, as pairs of path and text.

use std::fmt::Write;
use std::path::{Path, PathBuf};

fn main() {
    let policy = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policy");
    println!("cargo::rerun-if-changed={}", policy.display());
    let mut files = Vec::new();
    collect(&policy, &mut files);
    files.sort();
    let mut code = String::from("&[\n");
    for file in files {
        let name = file.strip_prefix(&policy).expect("inside the folder").display().to_string();
        let path = file.canonicalize().expect("the file is there").display().to_string();
        writeln!(code, "    ({name:?}, include_str!({path:?})),").expect("a string takes everything");
    }
    code.push_str("]\n");
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo sets it")).join("policy.rs");
    std::fs::write(out, code).expect("the build folder can be written");
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("the policy folder is there").flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|e| e == "toml") {
            files.push(path);
        }
    }
}
