//! Where reports go: the standard output and files.

use std::io::{self, BufWriter, Write};
use std::path::Path;

use cachewarden_report::{Document, Format, Look, WriteError};

use crate::failure::Failure;
use crate::file::{self, Readers};
use crate::terminal::Terminal;

/// One report: its format, and its file; none for the standard output.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Destination<'a> {
    pub(crate) format: Format,
    pub(crate) file: Option<&'a Path>,
}

impl<'a> Destination<'a> {
    /// `-` is the standard output.
    pub(crate) fn new(format: impl Into<Format>, file: Option<&'a Path>) -> Self {
        Self {
            format: format.into(),
            file: file.filter(|it| *it != Path::new("-")),
        }
    }
}

/// Writes a document to each destination.
///
/// # Errors
///
/// If one of them cannot be written.
pub(crate) fn report<'a>(
    document: Document<'_>,
    destinations: impl IntoIterator<Item = Destination<'a>>,
    terminal: &Terminal,
) -> Result<(), Failure> {
    for destination in destinations {
        let format = destination.format;
        let write = |look: Look, out: &mut dyn Write| {
            cachewarden_report::write(document, format, look, env!("CARGO_PKG_VERSION"), out)
                .map_err(|error| match error {
                    WriteError::Io(error) => error,
                    WriteError::NotOffered(_) => io::Error::other(error),
                })
        };
        match destination.file {
            None => stdout(|out| write(terminal.out, out))?,
            Some(path) => file::write(path, Readers::AsUsual, |out| write(Look::PLAIN, out))
                .map_err(|source| Failure::Write {
                    path: path.to_owned(),
                    source,
                })?,
        }
    }
    Ok(())
}

/// Writes a text to the standard output.
///
/// # Errors
///
/// If it cannot be written.
pub(crate) fn text(text: &str) -> Result<(), Failure> {
    stdout(|out| out.write_all(text.as_bytes()))
}

/// Writes to the standard output. A reader that has seen enough and closed it
/// (`| head`) is no error.
///
/// # Errors
///
/// If it cannot be written.
pub(crate) fn stdout(
    content: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), Failure> {
    let mut out = BufWriter::new(io::stdout().lock());
    match content(&mut out).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::Stdout(error)),
        Err(_) => {
            // What is left in the buffer has no reader either.
            let _ = out.into_parts();
            Ok(())
        }
        Ok(()) => Ok(()),
    }
}
