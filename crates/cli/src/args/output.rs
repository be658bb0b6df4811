//! Options for what is written, and where.

use std::path::PathBuf;
use std::str::FromStr;

use cachewarden_report::Format;
use clap::{Args, ValueEnum};

/// Reports and where they go.
#[derive(Debug, Clone, Args)]
pub(crate) struct Output {
    /// Format of the report
    #[arg(long, value_enum, default_value_t = ReportFormat::Table)]
    pub(crate) format: ReportFormat,
    /// Write the report to a file instead of the standard output
    #[arg(short, long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Write a further report; repeatable
    #[arg(long = "output", value_name = "FORMAT=FILE")]
    pub(crate) further: Vec<FurtherReport>,
}

/// A list of policies and where it goes.
#[derive(Debug, Clone, Args)]
pub(crate) struct PolicyOutput {
    /// Format of the list
    #[arg(long, value_enum, default_value_t = ListFormat::Table)]
    pub(crate) format: ListFormat,
    /// Write the list to a file instead of the standard output
    #[arg(short, long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

/// Formats of reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportFormat {
    Table,
    Json,
}

/// Formats of lists of policies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ListFormat {
    Table,
    Json,
    Markdown,
}

impl From<ReportFormat> for Format {
    fn from(format: ReportFormat) -> Self {
        match format {
            ReportFormat::Table => Self::Table,
            ReportFormat::Json => Self::Json,
        }
    }
}

impl From<ListFormat> for Format {
    fn from(format: ListFormat) -> Self {
        match format {
            ListFormat::Table => Self::Table,
            ListFormat::Json => Self::Json,
            ListFormat::Markdown => Self::Markdown,
        }
    }
}

/// A report besides the first: `json=report.json`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FurtherReport {
    pub(crate) format: ReportFormat,
    pub(crate) file: PathBuf,
}

/// A text is no format and file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum FurtherReportError {
    #[error("expected FORMAT=FILE, such as `json=report.json`")]
    Shape,
    #[error("`{0}` is no format; there is `table` and `json`")]
    Format(String),
}

impl FromStr for FurtherReport {
    type Err = FurtherReportError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (format, file) = text.split_once('=').ok_or(FurtherReportError::Shape)?;
        if file.is_empty() {
            return Err(FurtherReportError::Shape);
        }
        let format = ReportFormat::from_str(format, false)
            .map_err(|_| FurtherReportError::Format(format.to_owned()))?;
        Ok(Self {
            format,
            file: file.into(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_further_report_has_a_format_and_a_file() {
        let report: FurtherReport = "json=a=b.json".parse().unwrap();
        assert_eq!(
            (report.format, report.file),
            (ReportFormat::Json, "a=b.json".into())
        );
        for text in ["json", "json=", "a.json"] {
            assert_eq!(
                text.parse::<FurtherReport>(),
                Err(FurtherReportError::Shape),
                "{text}"
            );
        }
        let error = "pdf=a".parse::<FurtherReport>().unwrap_err();
        assert_eq!(error, FurtherReportError::Format("pdf".to_owned()));
    }
}
