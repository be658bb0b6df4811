//! Changes in words: one sentence, and the command that makes them.

mod aws;
mod azure;
mod sentence;
mod shell;
#[cfg(test)]
mod tests;

use cachewarden_model::{
    Blame, Connection, Edit, Finding, FindingFix, Fix, Leg, Provider, Region, Stage, SubjectKind,
};

pub(crate) use shell::split as split_command;

/// Where a change is made; what an [`Edit`] itself does not say.
#[derive(Debug, Clone, Copy, Default)]
pub struct Scene<'a> {
    /// The cloud whose tool makes the change; none means that no command is
    /// given.
    pub provider: Option<Provider>,
    /// The client's region, where it has one.
    pub client_region: Option<&'a Region>,
    /// The cache's region.
    pub cache_region: Option<&'a Region>,
    /// The blockers that the change is to remove. They tell on which side a
    /// resource is and what it is.
    pub blame: &'a [Blame],
}

/// A change in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wording {
    /// A sentence per change.
    pub summary: String,
    /// A command per line, quoted for a POSIX shell; none where the cloud's
    /// tool has no command for it.
    pub command: Option<String>,
}

/// A fix in words. None if there is nothing to do about it.
pub fn words(fix: &Fix, scene: Scene<'_>) -> Option<Wording> {
    let mut sentences: Vec<String> = fix
        .edits
        .iter()
        .map(|edit| sentence::word(edit, scene.blame))
        .collect();
    sentences.extend(fix.advice.clone());
    if sentences.is_empty() {
        return None;
    }
    Some(Wording {
        summary: sentences.join(" "),
        command: command(&fix.edits, scene),
    })
}

/// A finding's fix in words; the text of a policy stays as it is.
pub(crate) fn finding_words(fix: &FindingFix, scene: Scene<'_>) -> Option<Wording> {
    match fix {
        FindingFix::Text { summary, command } => Some(Wording {
            summary: summary.clone(),
            command: command.clone(),
        }),
        FindingFix::Edits(fix) => words(fix, scene),
    }
}

/// All commands, or none at all: half of a change may do harm.
fn command(edits: &[Edit], scene: Scene<'_>) -> Option<String> {
    if edits.is_empty() {
        return None;
    }
    let mut lines = vec![];
    for edit in edits {
        lines.extend(match scene.provider? {
            Provider::Aws => aws::commands(edit, scene)?,
            Provider::Azure => azure::commands(edit, scene)?,
            Provider::Gcp => return None,
        });
    }
    Some(lines.join("\n"))
}

impl<'a> From<&'a Connection> for Scene<'a> {
    fn from(connection: &'a Connection) -> Self {
        Self {
            provider: Some(connection.cache.provider),
            client_region: connection.client.region.as_ref(),
            cache_region: Some(&connection.cache.region),
            blame: &connection.blame,
        }
    }
}

/// A finding names one region, which for a connection is the cache's.
impl<'a> From<&'a Finding> for Scene<'a> {
    fn from(finding: &'a Finding) -> Self {
        let region = finding.subject.region.as_ref();
        Self {
            provider: finding.subject.provider,
            client_region: region.filter(|_| finding.subject.kind != SubjectKind::Connection),
            cache_region: region,
            blame: &finding.blame,
        }
    }
}

impl Scene<'_> {
    /// The region of the resource that is changed; none where that cannot be
    /// told.
    fn region(&self, edit: &Edit) -> Option<&Region> {
        if self.client_region == self.cache_region {
            return self.cache_region;
        }
        let blame = self
            .blame
            .iter()
            .find(|it| it.resource == *edit.resource())?;
        match (blame.stage, blame.leg) {
            (Stage::ClientFilter | Stage::ClientSubnet, _) | (Stage::Route, Leg::Request) => {
                self.client_region
            }
            (Stage::Route, Leg::Reply)
            | (
                Stage::CacheSubnet
                | Stage::CacheFilter
                | Stage::ServiceFirewall
                | Stage::PublicAccess
                | Stage::Port
                | Stage::Tls
                | Stage::Auth
                | Stage::Status
                | Stage::Limit,
                _,
            ) => self.cache_region,
            (Stage::Link | Stage::Dns | Stage::PrivateEndpoint, _) => None,
        }
    }
}
