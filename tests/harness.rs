//! Runs the binary in a folder and an environment of its own.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

/// A folder and an environment in which nothing of the machine shows.
pub(crate) struct Bench {
    pub(crate) folder: tempfile::TempDir,
    variables: Vec<(String, String)>,
}

/// What a run left behind.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Bench {
    pub(crate) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            variables: vec![],
        }
    }

    /// With one more variable in the environment.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file, with the folders that it is in.
    pub(crate) fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, content).unwrap();
        path
    }

    /// The command, ready to be run in the bench's folder.
    pub(crate) fn command<A: AsRef<OsStr>>(&self, arguments: &[A]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cachewarden"));
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env_clear()
            .env("HOME", self.folder.path())
            .env("LANG", "C.UTF-8")
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null());
        command
    }

    /// Runs it, and masks version and folder.
    pub(crate) fn run<A: AsRef<OsStr>>(&self, arguments: &[A]) -> Run {
        let output = self.command(arguments).output().unwrap();
        let text = |bytes: Vec<u8>| self.masked(&String::from_utf8(bytes).unwrap());
        Run {
            code: output.status.code().expect("ended by a signal"),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }

    fn masked(&self, text: &str) -> String {
        let folder = self.folder.path().to_str().unwrap();
        let version = env!("CARGO_PKG_VERSION");
        // Nothing but the version itself: addresses have dots as well.
        text.replace(folder, "<folder>")
            .replace(
                &format!("\"version\": \"{version}\""),
                "\"version\": \"<version>\"",
            )
            .replace(&format!("cachewarden {version}"), "cachewarden <version>")
    }

    /// The estate inside the binary as a document that can be edited.
    pub(crate) fn demo(&self) -> Value {
        let run = self.run(&["collect", "demo", "-o", "-", "-q"]);
        assert_eq!((run.code, run.stderr.as_str()), (0, ""));
        run.json()
    }
}

impl Run {
    /// The standard output as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}\n{self}"))
    }

    /// Asserts the exit code.
    #[track_caller]
    pub(crate) fn ends_with(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{self}");
        self
    }

    /// Asserts that the standard error says all of these.
    #[track_caller]
    pub(crate) fn says(self, texts: &[&str]) -> Self {
        for text in texts {
            assert!(self.stderr.contains(text), "`{text}` is not said:\n{self}");
        }
        self
    }
}

impl std::fmt::Display for Run {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "exit {}\n--- out\n{}\n--- err\n{}",
            self.code, self.stdout, self.stderr
        )
    }
}

/// The folder of the workspace.
pub(crate) fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .unwrap()
}

/// Compares a text with a file; writes the file where `UPDATE_GOLDEN` is set.
#[track_caller]
pub(crate) fn golden(file: &Path, text: &str) {
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
        return;
    }
    let Ok(expected) = std::fs::read_to_string(file) else {
        panic!(
            "{} is missing; UPDATE_GOLDEN=1 writes it:\n{text}",
            file.display()
        );
    };
    let differs = expected
        .lines()
        .zip(text.lines())
        .find(|(expected, got)| expected != got);
    let place = differs.map(|(expected, got)| format!("first difference\n- {expected}\n+ {got}"));
    assert!(
        expected == text,
        "{} is not what is written now; UPDATE_GOLDEN=1 takes it over\n{}\n\n{text}",
        file.display(),
        place.unwrap_or_default()
    );
}
