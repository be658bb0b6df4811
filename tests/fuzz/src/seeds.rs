//! Inputs to start from. All are valid but those that once did harm.

use std::fs;
use std::path::{Path, PathBuf};

use cachewarden_estates::{base, demo};
use cachewarden_model::Snapshot;

/// The seeds of a target, by name, sorted: the files of its folder, and for
/// snapshots and policies those that the project has anyway.
pub fn seeds(target: &str) -> Vec<(String, Vec<u8>)> {
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut seeds = files(&top.join("seeds").join(target));
    match target {
        "snapshot" => {
            for scenario in folders(&top.join("../scenarios")) {
                seeds.extend(
                    files(&scenario)
                        .into_iter()
                        .filter(|(name, _)| name.ends_with("snapshot.json")),
                );
            }
            seeds.extend(made().map(|(name, it)| {
                let json = serde_json::to_vec(&it).expect("a snapshot has JSON");
                (format!("{name}.json"), json)
            }));
        }
        "policy" => {
            for concern in folders(&top.join("../../policies")) {
                if !concern.ends_with("packs") {
                    seeds.extend(
                        files(&concern)
                            .into_iter()
                            .filter(|(name, _)| name.ends_with(".yaml")),
                    );
                }
            }
        }
        _ => {}
    }
    seeds.sort();
    seeds
}

/// Snapshots that are made on the spot: they are valid whatever the model
/// becomes.
fn made() -> impl Iterator<Item = (&'static str, Snapshot)> {
    use base::{abroad, dual_stack, peered, serverless, transit};
    [
        ("base", base().build()),
        ("peered", base().with(peered).build()),
        ("transit", base().with(transit).build()),
        ("abroad", base().with(abroad).build()),
        ("dual-stack", base().with(dual_stack).build()),
        ("serverless", base().with(serverless).build()),
        ("demo", demo()),
    ]
    .into_iter()
}

/// Files of a folder, named by folder and file.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let within = folder.file_name().unwrap_or_default().to_string_lossy();
    entries(folder)
        .into_iter()
        .filter(|it| it.is_file())
        .map(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let bytes = fs::read(&path).expect("a seed can be read");
            (format!("{within}-{name}"), bytes)
        })
        .collect()
}

fn folders(folder: &Path) -> Vec<PathBuf> {
    let mut found = entries(folder);
    found.retain(|it| it.is_dir());
    found
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    // Not every target has seeds of its own.
    let entries = fs::read_dir(folder).into_iter().flatten();
    let mut found: Vec<PathBuf> = entries
        .map(|it| it.expect("the folder can be read").path())
        .collect();
    found.sort();
    found
}
