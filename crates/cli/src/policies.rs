//! Policies of the user's, read from folders, and the library that they and
//! the built-in ones make.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use cachewarden_policy::{Library, PolicyErrors, Source};
use miette::{Diagnostic, NamedSource, SourceCode};

use crate::config::{Loaded, Mistake};
use crate::failure::Failure;

/// A folder of policies cannot be read.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub(crate) enum PolicyFolderError {
    #[error("there is no folder `{}`", path.display())]
    #[diagnostic(help("`--policies` names a folder with policies, one YAML file for each"))]
    Missing { path: PathBuf },
    #[error("`{}` cannot be read: {source}", path.display())]
    #[diagnostic(help("check who may read it, and that policies are texts in UTF-8"))]
    Unreadable { path: PathBuf, source: io::Error },
    #[error("the folder `{}` holds no policy", path.display())]
    #[diagnostic(help("policies are files that end in `.yaml` or `.yml`"))]
    Empty { path: PathBuf },
}

/// The texts of all policies in these folders and the folders in them, sorted
/// by path within each.
///
/// # Errors
///
/// If a folder or a file cannot be read, or a folder holds no policy.
pub(crate) fn read(folders: &[PathBuf]) -> Result<Vec<Source>, PolicyFolderError> {
    let mut sources = vec![];
    for folder in folders {
        let mut files = vec![];
        walk(folder, &mut files)?;
        if files.is_empty() {
            return Err(PolicyFolderError::Empty {
                path: folder.clone(),
            });
        }
        files.sort();
        for path in files {
            let text =
                fs::read_to_string(&path).map_err(|source| PolicyFolderError::Unreadable {
                    path: path.clone(),
                    source,
                })?;
            sources.push(Source {
                name: path.display().to_string(),
                text,
            });
        }
    }
    Ok(sources)
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), PolicyFolderError> {
    let unreadable = |source: io::Error| match source.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => PolicyFolderError::Missing {
            path: folder.to_owned(),
        },
        _ => PolicyFolderError::Unreadable {
            path: folder.to_owned(),
            source,
        },
    };
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let path = entry.path();
        // Links to folders are not followed: they may lead in circles.
        if entry.file_type().map_err(unreadable)?.is_dir() {
            walk(&path, files)?;
        } else if path
            .extension()
            .is_some_and(|it| it == "yaml" || it == "yml")
        {
            files.push(path);
        }
    }
    Ok(())
}

/// The built-in policies and those in the folders, as the configuration
/// selects them.
///
/// # Errors
///
/// If a folder cannot be read, or policies or selection have mistakes: all of
/// them.
pub(crate) fn library(folders: &[PathBuf], loaded: &Loaded) -> Result<Library, Failure> {
    let sources = read(folders)?;
    Library::load(&sources, &loaded.config.policies)
        .map_err(|errors| Failure::Policies(PolicyFailure::new(errors, loaded)))
}

/// Mistakes in policies, and in the part of the configuration that selects
/// them.
#[derive(Debug)]
pub(crate) struct PolicyFailure {
    errors: PolicyErrors,
    config: Option<(NamedSource<String>, Vec<Mistake>)>,
}

impl PolicyFailure {
    fn new(errors: PolicyErrors, loaded: &Loaded) -> Self {
        Self {
            config: loaded.blame_selection(&errors),
            errors,
        }
    }
}

impl fmt::Display for PolicyFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.errors.iter().count() {
            1 => f.write_str("the policies have a mistake"),
            many => write!(f, "the policies have {many} mistakes"),
        }
    }
}

impl std::error::Error for PolicyFailure {}

impl Diagnostic for PolicyFailure {
    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.config
            .as_ref()
            .map(|(source, _)| source as &dyn SourceCode)
    }

    /// Mistakes of the configuration come with their place in it, all others
    /// as the policies tell them.
    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>> {
        let placed = self.config.iter().flat_map(|(_, mistakes)| mistakes);
        let told: Vec<String> = placed.clone().map(ToString::to_string).collect();
        let others = self
            .errors
            .iter()
            .filter(move |it| it.span().is_some() || !told.contains(&it.to_string()));
        Some(Box::new(
            placed
                .map(|it| it as &dyn Diagnostic)
                .chain(others.map(|it| it as _)),
        ))
    }
}
