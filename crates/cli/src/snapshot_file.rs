//! Snapshots on disk: JSON, or JSON compressed with Zstandard.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use cachewarden_model::{Snapshot, SnapshotError};
use miette::Diagnostic;

use crate::file::{self, Readers};

/// The first bytes of a Zstandard frame.
///
/// Source: RFC 8878, section 3.1.1.
const ZSTANDARD: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// The level that `collect` compresses with: higher ones cost time and save
/// little on text that repeats itself as much.
const LEVEL: i32 = 6;

/// A snapshot could not be read from its file.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub(crate) enum SnapshotFileError {
    #[error("there is no snapshot `{}`", path.display())]
    #[diagnostic(help(
        "a target is `aws`, `demo` or the path of a snapshot that `cachewarden collect` wrote{hint}"
    ))]
    Missing { path: PathBuf, hint: String },
    #[error("`{}` is a folder, not a snapshot", path.display())]
    #[diagnostic(help("name the files in it, one target for each"))]
    Folder { path: PathBuf },
    #[error("the snapshot `{}` cannot be read: {source}", path.display())]
    #[diagnostic(help("check who may read the file"))]
    Unreadable { path: PathBuf, source: io::Error },
    #[error("the snapshot `{}` is empty", path.display())]
    #[diagnostic(help(
        "the collection or the copy of the file broke off; run `cachewarden collect` again"
    ))]
    Empty { path: PathBuf },
    #[error("the snapshot `{}` is damaged: its compression cannot be undone: {source}", path.display())]
    #[diagnostic(help(
        "the file was changed or cut off; copy it again, or run `cachewarden collect` again"
    ))]
    Compression { path: PathBuf, source: io::Error },
    #[error("the snapshot `{}` is cut off at line {line}, column {column}", path.display())]
    #[diagnostic(help("copy it again, or run `cachewarden collect` again"))]
    CutOff {
        path: PathBuf,
        line: usize,
        column: usize,
    },
    #[error("the snapshot `{}` is damaged at line {line}, column {column}: {what}", path.display())]
    #[diagnostic(help("a snapshot is not meant to be edited; run `cachewarden collect` again"))]
    Damaged {
        path: PathBuf,
        line: usize,
        column: usize,
        what: String,
    },
    #[error("the snapshot `{}` has the format `{found}`; this version reads `{}`", path.display(), Snapshot::SCHEMA)]
    #[diagnostic(help("use the version of cachewarden that wrote it, or a later one"))]
    Version { path: PathBuf, found: String },
    #[error("`{}` is not a snapshot: it lacks the field `schema` with the value `{}`", path.display(), Snapshot::SCHEMA)]
    #[diagnostic(help("`cachewarden collect` writes snapshots; reports and plans are none"))]
    Other { path: PathBuf },
}

/// Reads a snapshot. Whether it is compressed is seen from its first bytes,
/// not from its name.
///
/// # Errors
///
/// If there is no such file, or it is no snapshot that this version reads.
pub(crate) fn read(path: &Path) -> Result<Snapshot, SnapshotFileError> {
    let owned = || path.to_owned();
    let bytes = fs::read(path).map_err(|source| match source.kind() {
        io::ErrorKind::NotFound => SnapshotFileError::Missing {
            path: owned(),
            hint: hint(path),
        },
        io::ErrorKind::IsADirectory => SnapshotFileError::Folder { path: owned() },
        _ if path.is_dir() => SnapshotFileError::Folder { path: owned() },
        _ => SnapshotFileError::Unreadable {
            path: owned(),
            source,
        },
    })?;
    let text = if bytes.starts_with(&ZSTANDARD) {
        zstd::decode_all(bytes.as_slice()).map_err(|source| SnapshotFileError::Compression {
            path: owned(),
            source,
        })?
    } else {
        bytes
    };
    if text.iter().all(u8::is_ascii_whitespace) {
        return Err(SnapshotFileError::Empty { path: owned() });
    }
    Snapshot::from_json(&text).map_err(|error| explain(owned(), error))
}

/// Clouds by other names, and their files by the same name.
fn hint(path: &Path) -> String {
    let name = path.to_string_lossy().to_lowercase();
    match ["aws", "azure", "gcp", "demo"]
        .into_iter()
        .find(|it| strsim::levenshtein(it, &name) < 2)
    {
        Some(target) => format!("; did you mean `{target}`?"),
        None => String::new(),
    }
}

fn explain(path: PathBuf, error: SnapshotError) -> SnapshotFileError {
    match error {
        SnapshotError::Version { found } => SnapshotFileError::Version { path, found },
        SnapshotError::Damaged { source } if source.is_eof() => SnapshotFileError::CutOff {
            path,
            line: source.line(),
            column: source.column(),
        },
        SnapshotError::Damaged { source } => {
            let what = source.to_string();
            let what = what
                .rsplit_once(" at line ")
                .map_or(what.as_str(), |(what, _)| what);
            SnapshotFileError::Damaged {
                path,
                line: source.line(),
                column: source.column(),
                what: what.to_owned(),
            }
        }
        _ => SnapshotFileError::Other { path },
    }
}

/// Writes a snapshot, whole or not at all, for its owner's eyes only;
/// compressed if the name ends in `.zst`.
///
/// # Errors
///
/// If the file cannot be written.
pub(crate) fn write(path: &Path, snapshot: &Snapshot) -> io::Result<()> {
    file::write(path, Readers::Owner, |out| {
        if path
            .extension()
            .is_some_and(|it| it.eq_ignore_ascii_case("zst"))
        {
            let mut compressed = zstd::Encoder::new(out, LEVEL)?;
            compressed.include_checksum(true)?;
            json(snapshot, &mut compressed)?;
            compressed.finish()?;
            Ok(())
        } else {
            json(snapshot, out)
        }
    })
}

/// A snapshot as JSON, one line break at its end.
///
/// # Errors
///
/// If the writer fails.
pub(crate) fn json(snapshot: &Snapshot, out: &mut dyn Write) -> io::Result<()> {
    cachewarden_report::write_json(snapshot, &mut *out)?;
    out.write_all(b"\n")
}
