//! Azure Monitor: diagnostic settings, version 2021-05-01-preview.

use serde::Deserialize;

use super::nullable;

/// Properties of a diagnostic setting.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct DiagnosticSetting {
    #[serde(default, deserialize_with = "nullable")]
    pub(crate) logs: Vec<LogSetting>,
}

/// A category of logs, or a group of them.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LogSetting {
    #[serde(default)]
    pub(crate) category: Option<String>,
    #[serde(default)]
    pub(crate) category_group: Option<String>,
    pub(crate) enabled: bool,
}
