//! Which projects there are.

use std::collections::{BTreeMap, BTreeSet};

use cachewarden_model::{AccountId, Gap, GapReason, Noun, Provider};
use cachewarden_provider::{Event, Page, call};
use serde::Deserialize;
use serde_json::Value;

use super::Options;
use super::ask::{Ask, question};
use crate::error::GcpError;
use crate::operation::{OF_NETWORKS, Operation};

/// A project that is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Project {
    pub(crate) id: AccountId,
    /// Its number, by which some APIs name it; none if it was not told.
    pub(crate) number: Option<String>,
}

impl Project {
    /// Whether `projects/ID` or `projects/NUMBER` is this one.
    pub(crate) fn is(&self, name: Option<&str>) -> bool {
        let name = name.and_then(|it| it.strip_prefix("projects/"));
        name.is_some_and(|it| it == self.id.as_str() || self.number.as_deref() == Some(it))
    }
}

/// The projects that are read, the numbers of all that are seen, and what is
/// left out.
#[derive(Debug, Default)]
pub(crate) struct Projects {
    pub(crate) chosen: Vec<Project>,
    /// Ids by numbers.
    pub(crate) numbers: BTreeMap<String, AccountId>,
    pub(crate) gaps: Vec<Gap>,
}

/// Source: Resource Manager API v3, "Project".
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Seen {
    /// `projects/NUMBER`.
    name: String,
    project_id: String,
    #[serde(default)]
    state: Option<String>,
}

impl Seen {
    fn number(&self) -> Option<String> {
        let number = self.name.strip_prefix("projects/")?;
        Some(number.to_owned())
    }

    fn project(&self) -> Project {
        Project {
            id: AccountId::from(self.project_id.as_str()),
            number: self.number(),
        }
    }

    /// A project that is being deleted answers nothing any more; one whose
    /// state was not told is asked.
    fn is_going(&self) -> bool {
        self.state.as_deref() == Some("DELETE_REQUESTED")
    }
}

/// The projects to read, sorted by id.
///
/// # Errors
///
/// If none can be read.
pub(super) async fn list(ask: &Ask<'_>, options: &Options) -> Result<Projects, GcpError> {
    let organization = options
        .organization
        .as_deref()
        .map(organization)
        .transpose()?;
    let mut gaps = vec![];
    let mut seen = search(ask, &mut gaps).await;
    let mut chosen = BTreeSet::new();
    if let Some(organization) = &organization {
        let below = below(ask, organization, &mut gaps).await;
        chosen.extend(below.iter().map(|it| it.project_id.clone()));
        let new = |it: &Seen| !seen.iter().any(|known| known.name == it.name);
        let more: Vec<Seen> = below.into_iter().filter(new).collect();
        seen.extend(more);
    }
    let blind = !gaps.is_empty();
    for name in &options.projects {
        let is = |it: &&Seen| it.project_id == *name || it.number().as_deref() == Some(name);
        match seen.iter().find(is) {
            Some(found) => {
                chosen.insert(found.project_id.clone());
            }
            // The list could not be read: the project may be there all the same.
            None if blind && is_id(name) => {
                chosen.insert(name.clone());
            }
            None => gaps.push(unseen(name)),
        }
    }
    let all = organization.is_none() && options.projects.is_empty();
    settle(ask, seen, chosen, all, gaps, options)
}

/// Divides what is seen into what is read and what is left out.
fn settle(
    ask: &Ask<'_>,
    seen: Vec<Seen>,
    mut chosen: BTreeSet<String>,
    all: bool,
    mut gaps: Vec<Gap>,
    options: &Options,
) -> Result<Projects, GcpError> {
    if all {
        chosen.extend(seen.iter().map(|it| it.project_id.clone()));
    }
    let mut projects = Projects::default();
    for it in &seen {
        if let Some(number) = it.number() {
            projects.numbers.insert(number, it.project().id);
        }
        let taken = chosen.remove(&it.project_id);
        match (taken, it.is_going()) {
            (true, false) => projects.chosen.push(it.project()),
            (true, true) => gaps.push(going(it)),
            // What is being deleted holds nothing of the networks of others.
            (false, true) => {}
            (false, false) => gaps.push(left_out(
                Some(it.project().id),
                GapReason::NotCollected,
                "the credentials see it; it was not chosen with --gcp-project or --gcp-organization",
                OF_NETWORKS,
            )),
        }
    }
    // Those that were named and are in no list that could be read.
    projects.chosen.extend(chosen.into_iter().map(|id| Project {
        id: AccountId::from(id),
        number: None,
    }));
    projects.chosen.sort_by(|a, b| a.id.cmp(&b.id));
    projects.chosen.dedup();
    // What was left out on purpose is not worth a line each.
    let on_purpose = |it: &Gap| it.why == GapReason::NotCollected && !it.hides.is_empty();
    for gap in gaps
        .iter()
        .filter(|it| it.account.is_some() && !on_purpose(it))
    {
        ask.session.tell(Event::Gap(gap));
    }
    if projects.chosen.is_empty() {
        return Err(if options.projects.is_empty() || seen.is_empty() {
            GcpError::NobodyCouldBeAsked {
                gaps: or_none(gaps),
            }
        } else {
            GcpError::NoProject {
                names: options.projects.clone(),
            }
        });
    }
    projects.gaps = gaps;
    Ok(projects)
}

/// All projects that the credentials see.
///
/// Source: Resource Manager API v3, `projects.search`.
async fn search(ask: &Ask<'_>, gaps: &mut Vec<Gap>) -> Vec<Seen> {
    page_by_page(ask, Operation::Projects, "v3/projects:search", None, gaps).await
}

/// All projects below an organization, in folders of any depth. They are
/// listed rather than searched for: a search leaves out in silence what the
/// credentials may not see.
///
/// Source: Resource Manager API v3, `projects.list` and `folders.list`.
async fn below(ask: &Ask<'_>, organization: &str, gaps: &mut Vec<Gap>) -> Vec<Seen> {
    #[derive(Debug, Deserialize)]
    struct Folder {
        name: String,
    }
    let mut open = vec![organization.to_owned()];
    let mut visited = BTreeSet::new();
    let mut found: Vec<Seen> = vec![];
    while let Some(parent) = open.pop() {
        if !visited.insert(parent.clone()) {
            continue;
        }
        let operation = Operation::ProjectsBelow;
        found
            .extend(page_by_page::<Seen>(ask, operation, "v3/projects", Some(&parent), gaps).await);
        let operation = Operation::FoldersBelow;
        let folders =
            page_by_page::<Folder>(ask, operation, "v3/folders", Some(&parent), gaps).await;
        open.extend(folders.into_iter().map(|it| it.name));
    }
    found
}

async fn page_by_page<T: serde::de::DeserializeOwned>(
    ask: &Ask<'_>,
    operation: Operation,
    path: &str,
    parent: Option<&str>,
    gaps: &mut Vec<Gap>,
) -> Vec<T> {
    let list = if path.contains("folders") {
        "folders"
    } else {
        "projects"
    };
    let page = |token: Option<String>| async move {
        let mut query = vec![("pageSize", "300")];
        query.extend(parent.map(|it| ("parent", it)));
        query.extend(token.as_deref().map(|it| ("pageToken", it)));
        let answer = ask.client.get(operation.api(), path, &query).await;
        let answer = answer.map_err(|it| it.failure)?;
        let items = answer.get(list).and_then(Value::as_array);
        let next = answer.get("nextPageToken").and_then(Value::as_str);
        Ok::<_, cachewarden_provider::Failure>(Page {
            items: items.cloned().unwrap_or_default(),
            next: next.map(str::to_owned),
        })
    };
    let listing = call::list(ask.session, &question(operation, None), page).await;
    gaps.extend(listing.gap);
    let mut read = vec![];
    for item in listing.items {
        match serde_json::from_value(item) {
            Ok(item) => read.push(item),
            Err(_) => gaps.push(left_out(
                None,
                GapReason::Damaged,
                "a project or folder is not in a form that this version reads",
                operation.hides(),
            )),
        }
    }
    read
}

/// `organizations/NUMBER`.
fn organization(text: &str) -> Result<String, GcpError> {
    let number = text.strip_prefix("organizations/").unwrap_or(text);
    if !number.is_empty() && number.bytes().all(|it| it.is_ascii_digit()) {
        Ok(format!("organizations/{number}"))
    } else {
        Err(GcpError::Scope {
            text: text.to_owned(),
            what: "number of an organization, such as `123456789012`",
        })
    }
}

/// Whether a text may be the id of a project: it becomes a part of paths.
fn is_id(text: &str) -> bool {
    let plain = |it: char| it.is_ascii_alphanumeric() || matches!(it, '-' | ':' | '.');
    !text.is_empty() && text.chars().all(plain)
}

fn left_out(account: Option<AccountId>, why: GapReason, message: &str, hides: &[Noun]) -> Gap {
    Gap {
        provider: Provider::Gcp,
        account,
        region: None,
        what: Operation::Projects.permission().to_owned(),
        why,
        message: message.to_owned(),
        hides: hides.to_vec(),
    }
}

fn unseen(name: &str) -> Gap {
    let message = "the credentials see no such project";
    let hides = Operation::Projects.hides();
    let account = AccountId::from(name);
    left_out(Some(account), GapReason::AccessDenied, message, hides)
}

fn going(project: &Seen) -> Gap {
    let message = "the project is being deleted; it was not asked";
    let account = project.project().id;
    left_out(Some(account), GapReason::NotCollected, message, &[])
}

fn or_none(gaps: Vec<Gap>) -> Vec<Gap> {
    if gaps.is_empty() {
        let message = "the credentials see no project";
        vec![left_out(
            None,
            GapReason::AccessDenied,
            message,
            OF_NETWORKS,
        )]
    } else {
        gaps
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn organizations_are_numbers() {
        assert_eq!(organization("123").unwrap(), "organizations/123");
        assert_eq!(organization("organizations/7").unwrap(), "organizations/7");
        for text in ["", "example.com", "organizations/", "12/../3"] {
            assert!(organization(text).is_err(), "{text}");
        }
        assert!(is_id("example.com:shop-1") && !is_id("a/b") && !is_id(""));
    }
}
