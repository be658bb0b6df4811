//! Lists the files of `policies/`, so that a new policy is one new file.

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// Folders of policies: one for each concern.
const CONCERNS: [&str; 6] = [
    "refusal",
    "exposure",
    "encryption",
    "access",
    "resilience",
    "upkeep",
];

fn main() -> Result<(), Box<dyn Error>> {
    let root = Path::new(&env::var("CARGO_MANIFEST_DIR")?)
        .join("../../policies")
        .canonicalize()?;
    let mut code = String::new();
    list(&mut code, "POLICIES", &root, &CONCERNS)?;
    list(&mut code, "PACKS", &root, &["packs"])?;
    fs::write(Path::new(&env::var("OUT_DIR")?).join("policies.rs"), code)?;
    Ok(())
}

/// Writes a constant of all YAML files in some folders, as path and text,
/// sorted by path.
fn list(
    code: &mut String,
    name: &str,
    root: &Path,
    folders: &[&str],
) -> Result<(), Box<dyn Error>> {
    let mut files: Vec<(String, PathBuf)> = vec![];
    for folder in folders {
        let path = root.join(folder);
        println!("cargo::rerun-if-changed={}", path.display());
        for entry in fs::read_dir(&path)? {
            let entry = entry?;
            let file = entry.file_name();
            let file = file.to_str().ok_or("a policy's file name is not UTF-8")?;
            if file.ends_with(".yaml") {
                files.push((format!("{folder}/{file}"), entry.path()));
            }
        }
    }
    files.sort();
    writeln!(code, "pub(crate) const {name}: &[(&str, &str)] = &[")?;
    for (path, file) in files {
        writeln!(code, "    ({path:?}, include_str!({file:?})),")?;
    }
    writeln!(code, "];")?;
    Ok(())
}
