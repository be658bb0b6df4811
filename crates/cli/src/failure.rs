//! Why a command could not do its work, and how that is said.

use std::fmt;
use std::io::{self, Write};
use std::path::PathBuf;

use cachewarden_reach::QueryError;
use cachewarden_report::{Charset, inert};
use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, SourceCode};

use crate::config::ConfigError;
use crate::gather::GatherError;
use crate::policies::{PolicyFailure, PolicyFolderError};
use crate::terminal::Terminal;

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
        let near: Vec<String> = near.iter().map(|it| format!("`{it}`")).collect();
        let help = if near.is_empty() {
            "`cachewarden reach --all` lists all clients and caches".to_owned()
        } else {
            format!("did you mean {}?", near.join(", "))
        };
        Self::NoMatch { what, query, help }
    }
}

impl Failure {
    /// Says it on the standard error: a text of the user's with the place
    /// underlined, else `error:` and `help:`.
    pub(crate) fn tell(&self, terminal: &Terminal) {
        let mut lines = vec![];
        let mistakes: Vec<&dyn Diagnostic> = self.related().into_iter().flatten().collect();
        for mistake in &mistakes {
            let source = mistake.source_code().or_else(|| self.source_code());
            lines.push(match source {
                Some(source) => underlined(
                    &Placed {
                        mistake: *mistake,
                        source,
                    },
                    terminal,
                ),
                None => plain(*mistake, terminal.err.charset),
            });
        }
        match mistakes.len() {
            0 => lines.push(plain(self, terminal.err.charset)),
            // One mistake says by itself what is wrong.
            1 => {}
            _ => lines.push(plain(self, terminal.err.charset)),
        }
        // Nobody is left to tell if even this fails.
        let _ = writeln!(io::stderr(), "{}", lines.join("\n").trim_end());
    }
}

/// A mistake and the text that it is in, which several mistakes share.
struct Placed<'a> {
    mistake: &'a dyn Diagnostic,
    source: &'a dyn SourceCode,
}

impl fmt::Display for Placed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self.mistake, f)
    }
}

impl fmt::Debug for Placed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.mistake, f)
    }
}

impl std::error::Error for Placed<'_> {}

impl Diagnostic for Placed<'_> {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.mistake.help()
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        self.mistake.labels()
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(self.source)
    }
}

fn underlined(mistake: &Placed<'_>, terminal: &Terminal) -> String {
    let handler = GraphicalReportHandler::new_themed(theme(terminal))
        .with_width(terminal.err.width)
        .with_links(false);
    let mut text = String::new();
    if handler.render_report(&mut text, mistake).is_err() {
        return plain(mistake, terminal.err.charset);
    }
    // The handler indents what it says, for a heading that is not wanted here.
    let said = |line: &str| {
        ["  error:", "  help:"]
            .iter()
            .any(|it| line.starts_with(it))
    };
    let lines = text
        .lines()
        .map(|it| if said(it) { it.trim() } else { it.trim_end() });
    lines.collect::<Vec<_>>().join("\n") + "\n"
}

fn theme(terminal: &Terminal) -> GraphicalTheme {
    let mut theme = match (terminal.err.charset, terminal.err.color) {
        (Charset::Unicode, true) => GraphicalTheme::unicode(),
        (Charset::Unicode, false) => GraphicalTheme::unicode_nocolor(),
        (Charset::Ascii, true) => GraphicalTheme::ascii(),
        (Charset::Ascii, false) => GraphicalTheme::none(),
    };
    "error:".clone_into(&mut theme.characters.error);
    theme
}

/// `error:` and `help:`. Names of strangers may be quoted in them: they are
/// made inert.
fn plain(diagnostic: &dyn Diagnostic, charset: Charset) -> String {
    let safe = |text: &str| inert(text, charset).into_owned();
    let mut text = format!("error: {}", safe(&diagnostic.to_string()));
    if let Some(help) = diagnostic.help() {
        text.push_str(&format!("\nhelp: {}", safe(&help.to_string())));
    }
    text
}
