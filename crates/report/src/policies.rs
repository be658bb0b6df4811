//! Policies as reports show them. Their owner is another crate, which reports
//! do not see; whoever calls fills these in.

use cachewarden_model::{Concern, PolicyId, Provider, Severity, SubjectKind};

/// One line of a list of policies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyEntry {
    /// Its id, in kebab-case.
    pub id: PolicyId,
    /// What must hold.
    pub title: String,
    /// What it is about.
    pub concern: Concern,
    /// How bad it is where it does not hold, after the configuration.
    pub severity: Severity,
    /// What it judges.
    pub subject: SubjectKind,
    /// The clouds that it knows, sorted.
    pub providers: Vec<Provider>,
    /// Ids that other tools and standards have for it, sorted.
    pub controls: Vec<String>,
    /// Whether the packs and the configuration select it.
    pub enabled: bool,
}

/// One policy in full.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyDetail {
    /// What a list shows of it.
    pub entry: PolicyEntry,
    /// Further facts as label and text, in the order in which they are read;
    /// line breaks in the text are kept.
    pub sections: Vec<(String, String)>,
}
