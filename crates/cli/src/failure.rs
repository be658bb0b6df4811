//! Why a command could not do its work, and how that is said.

use std::io::{self, Write};
use std::path::PathBuf;

use cachewarden_reach::QueryError;
use cachewarden_report::{Charset, Look, brief};
use miette::Diagnostic;

use crate::config::ConfigError;
use crate::gather::GatherError;
use crate::policies::{PolicyFailure, PolicyFolderError};
use crate::terminal::Terminal;
use crate::underline::underlined;

/// A command could not do its work.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub(crate) enum Failure {
    #[error(transparent)]
    #[diagnostic(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Gather(#[from] GatherError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    PolicyFolder(#[from] PolicyFolderError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Policies(#[from] PolicyFailure),
    #[error("there is no policy `{id}`")]
    #[diagnostic(help("{hint}"))]
    NoPolicy { id: String, hint: String },
    #[error("no {what} matches `{query}`")]
    #[diagnostic(help("{help}"))]
    NoMatch {
        what: &'static str,
        query: String,
        help: String,
    },
    #[error("`{}` cannot be written: {source}", path.display())]
    #[diagnostic(help("check that the folder exists and that you may write to it"))]
    Write { path: PathBuf, source: io::Error },
    #[error("the standard output cannot be written: {0}")]
    Stdout(#[source] io::Error),
}

impl From<QueryError> for Failure {
    fn from(error: QueryError) -> Self {
        let (what, query, near) = match error {
            QueryError::NoClient { query, near } => ("client", query, near),
            QueryError::NoCache { query, near } => ("cache", query, near),
        };
        let near: Vec<String> = near.iter().map(|it| offered(it)).collect();
        let help = if near.is_empty() {
            "`cachewarden reach --all` lists all clients and caches".to_owned()
        } else {
            format!("did you mean {}?", near.join(", "))
        };
        Self::NoMatch { what, query, help }
    }
}

/// Characters of one of the names that a help offers; what is offered are
/// names of strangers.
const OFFERED: usize = 200;

/// A name to choose instead of the one that is not there.
fn offered(name: &str) -> String {
    match name.char_indices().nth(OFFERED) {
        Some((cut, _)) => format!("`{}…`", name.get(..cut).unwrap_or_default()),
        None => format!("`{name}`"),
    }
}

impl Failure {
    /// Says it on the standard error.
    pub(crate) fn tell(&self, terminal: &Terminal) {
        // Nobody is left to tell if even this fails.
        let _ = writeln!(io::stderr(), "{}", self.text(terminal.err).trim_end());
    }

    /// A text of the user's with the place underlined, else `error:` and
    /// `help:`.
    pub(crate) fn text(&self, look: Look) -> String {
        let mut lines = vec![];
        let mistakes: Vec<&dyn Diagnostic> = self.related().into_iter().flatten().collect();
        for mistake in &mistakes {
            let source = mistake.source_code().or_else(|| self.source_code());
            let shown = source.and_then(|source| underlined(*mistake, source, look));
            lines.push(shown.unwrap_or_else(|| plain(*mistake, look.charset)));
        }
        // One mistake says by itself what is wrong.
        if mistakes.len() != 1 {
            lines.push(plain(self, look.charset));
        }
        lines.join("\n")
    }
}

/// `error:` and `help:`. Names of strangers may be quoted in them: they are
/// made inert.
fn plain(diagnostic: &dyn Diagnostic, charset: Charset) -> String {
    let mut text = format!("error: {}", brief(&diagnostic.to_string(), charset));
    if let Some(help) = diagnostic.help() {
        text.push_str(&format!("\nhelp: {}", brief(&help.to_string(), charset)));
    }
    text
}
