//! What can be wrong with policies and with a selection of them, and where.

mod problem;

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use miette::{Diagnostic, LabeledSpan, NamedSource, SourceCode, SourceSpan};

pub use problem::Problem;

/// A text with the name by which its owner knows it.
#[derive(Debug, Clone)]
pub(crate) struct Text {
    pub(crate) name: Arc<str>,
    pub(crate) text: Arc<str>,
}

impl Text {
    pub(crate) fn new(name: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> Self {
        Self {
            name: name.into(),
            text: text.into(),
        }
    }
}

/// All that is wrong with a set of policies and their selection.
#[derive(Debug, thiserror::Error)]
pub struct PolicyErrors(Vec<Mistake>);

impl PolicyErrors {
    pub(crate) fn new(mistakes: Vec<Mistake>) -> Self {
        Self(mistakes)
    }

    /// Each mistake: first those of the selection, then by file and place.
    pub fn iter(&self) -> impl Iterator<Item = &Mistake> {
        self.0.iter()
    }
}

impl fmt::Display for PolicyErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.as_slice() {
            [one] => write!(f, "{one}"),
            many => write!(f, "{} mistakes in policies", many.len()),
        }
    }
}

impl Diagnostic for PolicyErrors {
    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>> {
        Some(Box::new(
            self.0.iter().map(|mistake| mistake as &dyn Diagnostic),
        ))
    }
}

/// One mistake, underlined where it stands in a file.
#[derive(Debug)]
pub struct Mistake {
    problem: Problem,
    help: Option<String>,
    place: Option<Place>,
}

#[derive(Debug)]
struct Place {
    source: NamedSource<Arc<str>>,
    span: Range<usize>,
}

impl Mistake {
    /// A mistake of the selection, which is no file of policies.
    pub(crate) fn of_selection(problem: Problem, help: Option<String>) -> Self {
        Self {
            problem,
            help,
            place: None,
        }
    }

    /// A mistake at these bytes of a file.
    pub(crate) fn at(text: &Text, span: Range<usize>, problem: Problem) -> Self {
        let source = NamedSource::new(&*text.name, Arc::clone(&text.text));
        Self {
            problem,
            help: None,
            place: Some(Place { source, span }),
        }
    }

    /// What the parser of YAML says.
    pub(crate) fn yaml(text: &Text, error: &serde_saphyr::Error) -> Self {
        let message = error.without_snippet().to_string();
        // The place is underlined; the same in words would only repeat it.
        let message = message
            .rsplit_once(" at line ")
            .map_or(message.as_str(), |(it, _)| it);
        let span = error
            .location()
            .map_or(0..0, |at| crate::place::bytes(&text.text, at));
        Self::at(
            text,
            span,
            Problem::Yaml {
                message: message.to_owned(),
            },
        )
    }

    pub(crate) fn with_help(mut self, help: Option<String>) -> Self {
        self.help = help.or(self.help);
        self
    }

    /// What is wrong.
    pub fn problem(&self) -> &Problem {
        &self.problem
    }

    /// The file; none for a mistake of the selection.
    pub fn file(&self) -> Option<&str> {
        self.place.as_ref().map(|place| place.source.name())
    }

    /// The bytes of the file that are wrong; none for a mistake of the
    /// selection.
    pub fn span(&self) -> Option<Range<usize>> {
        self.place.as_ref().map(|place| place.span.clone())
    }

    /// What may help.
    pub fn help_text(&self) -> Option<&str> {
        self.help.as_deref()
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.problem.fmt(f)
    }
}

impl std::error::Error for Mistake {}

impl Diagnostic for Mistake {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help
            .as_ref()
            .map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.place
            .as_ref()
            .map(|place| &place.source as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let span = self.place.as_ref()?.span.clone();
        let span = SourceSpan::from((span.start, span.len()));
        Some(Box::new(std::iter::once(
            LabeledSpan::new_primary_with_span(None, span),
        )))
    }
}
