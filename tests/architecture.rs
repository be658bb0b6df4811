//! What the packages may see of each other and of the machine, and what the
//! README promises.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::harness::{Bench, golden, workspace};

/// Who may use whom; what is not named here may not be used.
const MAY_USE: [(&str, &[&str]); 10] = [
    ("netset", &[]),
    ("model", &["netset"]),
    ("reach", &["model", "netset"]),
    ("policy", &["model", "netset"]),
    ("report", &["model", "netset"]),
    ("provider", &["model", "netset"]),
    ("provider-aws", &["provider", "model", "netset"]),
    ("provider-azure", &["provider", "model", "netset"]),
    ("provider-gcp", &["provider", "model", "netset"]),
    (
        "",
        &[
            "netset",
            "model",
            "reach",
            "policy",
            "report",
            "provider",
            "provider-aws",
            "provider-azure",
            "provider-gcp",
        ],
    ),
];

/// Packages right of the snapshot, and the nouns: pure functions.
const PURE: [&str; 5] = ["netset", "model", "reach", "policy", "report"];

/// Names of what a pure function does not touch.
const IMPURE: [&str; 11] = [
    "std::fs",
    "std::env::",
    "std::process",
    "TcpStream",
    "UdpSocket",
    "SystemTime",
    "Instant::now",
    "Timestamp::now",
    "Zoned::now",
    "async fn",
    "std::io::std",
];

/// Packages of the road and what each depends on, tests left out. The binary
/// is called "".
fn packages() -> BTreeMap<String, (PathBuf, BTreeSet<String>)> {
    let output = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--no-deps",
            "--offline",
            "--format-version",
            "1",
        ])
        .current_dir(workspace())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let mut packages = BTreeMap::new();
    for package in metadata["packages"].as_array().unwrap() {
        let manifest = Path::new(package["manifest_path"].as_str().unwrap());
        let folder = manifest.parent().unwrap().to_owned();
        if !folder.starts_with(workspace().join("crates")) {
            continue;
        }
        let used = package["dependencies"].as_array().unwrap().iter();
        let used = used
            .filter(|it| it["kind"] != "dev")
            .map(|it| it["name"].as_str().unwrap());
        let name = short(package["name"].as_str().unwrap()).unwrap();
        packages.insert(name.to_owned(), (folder, used.map(str::to_owned).collect()));
    }
    packages
}

/// The name within the road; none for a package of others.
fn short(name: &str) -> Option<&str> {
    let rest = name.strip_prefix("cachewarden")?;
    Some(rest.strip_prefix('-').unwrap_or(rest))
}

#[test]
fn packages_see_only_what_is_left_of_them() {
    let allowed: BTreeMap<&str, &[&str]> = MAY_USE.into();
    let packages = packages();
    let known: BTreeSet<&str> = packages.keys().map(String::as_str).collect();
    assert_eq!(
        known,
        allowed.keys().copied().collect(),
        "every package has its place"
    );
    for (name, (_, used)) in &packages {
        for other in used.iter().filter_map(|it| short(it)) {
            assert!(
                allowed[name.as_str()].contains(&other),
                "{name} uses {other}"
            );
        }
    }
}

#[test]
fn pure_packages_touch_no_machine() {
    for (name, (folder, used)) in packages() {
        if !PURE.contains(&name.as_str()) {
            continue;
        }
        for runtime in ["tokio", "tempfile", "reqwest", "hyper"] {
            assert!(!used.contains(runtime), "{name} uses {runtime}");
        }
        for file in sources(&folder.join("src")) {
            let text = std::fs::read_to_string(&file).unwrap();
            let code = text.split("#[cfg(test)]\nmod ").next().unwrap();
            for word in IMPURE {
                let found = code
                    .lines()
                    .find(|it| !it.trim_start().starts_with("//") && it.contains(word));
                assert!(found.is_none(), "{}: {}", file.display(), found.unwrap());
            }
        }
    }
}

/// All files of code that are not tests.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut files = vec![];
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(sources(&path));
        } else if path.extension().is_some_and(|it| it == "rs") && !path.ends_with("tests.rs") {
            files.push(path);
        }
    }
    files
}

#[test]
fn no_module_is_called_mod() {
    for (_, (folder, _)) in packages() {
        let files = sources(&folder.join("src"));
        assert!(!files.is_empty(), "{}", folder.display());
        for file in files {
            assert!(!file.ends_with("mod.rs"), "{}", file.display());
        }
    }
}

#[test]
fn the_readme_names_paths_that_exist() {
    let readme = std::fs::read_to_string(workspace().join("README.md")).unwrap();
    let mut named = 0;
    // Links, and code in line that looks like a path of this repository.
    let links = readme
        .split("](")
        .skip(1)
        .filter_map(|it| it.split(')').next());
    let code = readme.split('`').skip(1).step_by(2);
    let inside = |it: &&str| {
        ["crates/", "policies/", "tests/", ".ci/"]
            .iter()
            .any(|top| it.starts_with(top))
    };
    let links = links.filter(|it| !it.contains("://") && !it.starts_with('#'));
    for path in links.chain(code.filter(inside)) {
        let path = path.split('#').next().unwrap();
        if path.contains(['*', '<', '{', ' ', '\n']) {
            continue;
        }
        named += 1;
        assert!(workspace().join(path).exists(), "the README names `{path}`");
    }
    assert!(named > 0, "the README names no path");
}

/// A block of the README that begins with `$ cachewarden … --help` is what
/// the binary prints; `UPDATE_GOLDEN=1` writes it anew.
#[test]
fn the_help_in_the_readme_is_the_generated_one() {
    let path = workspace().join("README.md");
    let readme = std::fs::read_to_string(&path).unwrap();
    let bench = Bench::new();
    let mut written = readme.clone();
    let mut compared = 0;
    for block in readme.split("\n```").skip(1).step_by(2) {
        let Some((_, block)) = block.split_once('\n') else {
            continue;
        };
        let command = block.lines().next().unwrap_or_default();
        let Some(arguments) = command.strip_prefix("$ cachewarden ") else {
            continue;
        };
        if arguments.ends_with("--help") {
            let run = bench
                .run(&arguments.split(' ').collect::<Vec<_>>())
                .ends_with(0);
            let help: Vec<&str> = run.stdout.lines().map(str::trim_end).collect();
            written = written.replace(block, &format!("{command}\n{}", help.join("\n").trim_end()));
            compared += 1;
        }
    }
    assert!(compared > 0, "the README shows no `cachewarden … --help`");
    golden(&path, &written);
}

/// A block of the README that begins with another `$ cachewarden …` shows
/// lines of what the binary prints, in their order; a line `…` stands for
/// lines that are left out.
#[test]
fn the_output_in_the_readme_is_the_tools() {
    let readme = std::fs::read_to_string(workspace().join("README.md")).unwrap();
    let bench = Bench::new();
    let mut compared = 0;
    for block in readme.split("\n```console\n").skip(1) {
        let block = block.split("\n```").next().unwrap_or_default();
        let mut lines = block.lines();
        let command = lines.next().unwrap_or_default();
        let Some(arguments) = command.strip_prefix("$ cachewarden ") else {
            continue;
        };
        if arguments.ends_with("--help") {
            continue;
        }
        let run = bench.run(&arguments.split(' ').collect::<Vec<_>>());
        let mut printed = run.stdout.lines().map(str::trim_end);
        for line in lines.filter(|line| *line != "…") {
            assert!(
                printed.any(|it| it == line.trim_end()),
                "`{command}` does not print `{line}`, or not there:\n{}",
                run.stdout
            );
            compared += 1;
        }
    }
    assert!(compared > 0, "the README shows no output");
}
