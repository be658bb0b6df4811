//! One mistake in a configuration, with its place.

use std::ops::Range;

use miette::{Diagnostic, SourceSpan};

/// One mistake in a configuration.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("{what}")]
pub(crate) struct Mistake {
    what: String,
    #[label]
    at: SourceSpan,
    #[help]
    help: Option<String>,
}

impl Mistake {
    /// A mistake at these bytes of the text.
    pub(crate) fn new(what: impl Into<String>, at: Range<usize>) -> Self {
        Self {
            what: what.into(),
            at: (at.start, at.len()).into(),
            help: None,
        }
    }

    /// The same with what may help.
    pub(crate) fn with_help(mut self, help: Option<String>) -> Self {
        self.help = help;
        self
    }

    /// Where it begins.
    pub(crate) fn offset(&self) -> usize {
        self.at.offset()
    }
}

/// `did you mean …?`, if a known name is near.
pub(crate) fn near<'n>(name: &str, known: impl IntoIterator<Item = &'n str>) -> Option<String> {
    let reach = (name.chars().count() / 3).clamp(1, 4);
    let nearest = known
        .into_iter()
        .map(|it| (strsim::damerau_levenshtein(name, it), it))
        .filter(|(distance, _)| *distance <= reach)
        .min()?;
    Some(format!("did you mean `{}`?", nearest.1))
}
