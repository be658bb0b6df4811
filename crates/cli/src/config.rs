//! `cachewarden.yaml`: what must connect, which policies judge, which risks
//! are accepted.

mod fit;
mod meaning;
mod mistake;
mod shape;
mod tree;
mod verify;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use cachewarden_policy::PolicyErrors;
use miette::{Diagnostic, NamedSource};

pub(crate) use mistake::Mistake;
pub(crate) use shape::Config;

/// The name that is looked for.
const NAME: &str = "cachewarden.yaml";

/// A configuration cannot be used.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub(crate) enum ConfigError {
    #[error("there is no configuration `{}`", path.display())]
    #[diagnostic(help(
        "without `--config`, `{NAME}` is looked for upwards from the working directory"
    ))]
    Missing { path: PathBuf },
    #[error("the configuration `{}` cannot be read: {source}", path.display())]
    #[diagnostic(help("check who may read the file, and that it is a text in UTF-8"))]
    Unreadable { path: PathBuf, source: io::Error },
    #[error("{}", count(mistakes))]
    Wrong {
        #[source_code]
        source_code: NamedSource<String>,
        #[related]
        mistakes: Vec<Mistake>,
    },
}

fn count(mistakes: &[Mistake]) -> String {
    match mistakes.len() {
        1 => "the configuration has a mistake".to_owned(),
        many => format!("the configuration has {many} mistakes"),
    }
}

/// A configuration and where it stands.
#[derive(Debug, Default)]
pub(crate) struct Loaded {
    /// What it says; all defaults where there is none.
    pub(crate) config: Config,
    /// Its text, for mistakes that show later; none where there is none.
    text: Option<(String, String)>,
}

impl Loaded {
    /// Reads the file that the user names, or the nearest one upwards from
    /// the working directory; no file at all is the empty configuration.
    ///
    /// # Errors
    ///
    /// If the file is not there, cannot be read, or has mistakes: all that
    /// can be found.
    pub(crate) fn find(named: Option<&Path>) -> Result<Self, ConfigError> {
        let nearest = || {
            let here = std::env::current_dir().ok()?;
            here.ancestors()
                .map(|folder| folder.join(NAME))
                .find(|path| path.is_file())
        };
        match named.map(Path::to_owned).or_else(nearest) {
            Some(path) => Self::read(&path),
            None => Ok(Self::default()),
        }
    }

    fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = fs::read_to_string(path).map_err(|source| match source.kind() {
            io::ErrorKind::NotFound => ConfigError::Missing {
                path: path.to_owned(),
            },
            _ => ConfigError::Unreadable {
                path: path.to_owned(),
                source,
            },
        })?;
        Self::parse(&path.display().to_string(), text)
    }

    /// Reads the text of a configuration.
    ///
    /// # Errors
    ///
    /// Its mistakes: all that can be found.
    pub(crate) fn parse(name: &str, text: String) -> Result<Self, ConfigError> {
        match verify::read(&text) {
            Ok(config) => Ok(Self {
                config,
                text: Some((name.to_owned(), text)),
            }),
            Err(mistakes) => Err(wrong(name, text, mistakes)),
        }
    }

    /// What the policies say of the selection, where the configuration makes
    /// the mistake; the text comes along to underline it in.
    pub(crate) fn blame_selection(
        &self,
        errors: &PolicyErrors,
    ) -> Option<(NamedSource<String>, Vec<Mistake>)> {
        let (name, text) = self.text.as_ref()?;
        let mistakes = errors
            .iter()
            .filter_map(|it| verify::selection(text, it))
            .collect();
        Some((source(name, text.clone()), mistakes))
    }
}

fn wrong(name: &str, text: String, mistakes: Vec<Mistake>) -> ConfigError {
    ConfigError::Wrong {
        source_code: source(name, text),
        mistakes,
    }
}

fn source(name: &str, text: String) -> NamedSource<String> {
    NamedSource::new(name, text)
}

/// The JSON Schema of a configuration.
pub(crate) fn schema() -> serde_json::Value {
    schemars::schema_for!(Config).to_value()
}

#[cfg(test)]
mod tests;
