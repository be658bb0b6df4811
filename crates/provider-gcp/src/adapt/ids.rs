//! One spelling for each resource: relative names with the project's id.

use std::collections::BTreeMap;

use cachewarden_model::{AccountId, ResourceId};

/// Ids of projects by their numbers.
#[derive(Debug, Default)]
pub(crate) struct Ids {
    numbers: BTreeMap<String, AccountId>,
}

impl Ids {
    pub(crate) fn new(numbers: BTreeMap<String, AccountId>) -> Self {
        Self { numbers }
    }

    /// The id of a project that is named by id or number; the number itself
    /// where the credentials do not see whose it is.
    pub(crate) fn project(&self, name: &str) -> AccountId {
        match self.numbers.get(name) {
            Some(id) => id.clone(),
            None => AccountId::from(name),
        }
    }

    /// The relative name of a resource, which is named by a whole URL, by
    /// `projects/…` with id or number, or within its own project.
    pub(crate) fn relative(&self, text: &str, home: &AccountId) -> String {
        let path = without_host(text).trim_start_matches('/');
        let mut parts = path.splitn(3, '/');
        match (parts.next(), parts.next(), parts.next()) {
            (Some("projects"), Some(project), Some(rest)) => {
                format!("projects/{}/{rest}", self.project(project))
            }
            (Some("global" | "regions" | "zones"), _, _) => format!("projects/{home}/{path}"),
            _ => path.to_owned(),
        }
    }

    pub(crate) fn resource(&self, text: &str, home: &AccountId) -> ResourceId {
        ResourceId::from(self.relative(text, home))
    }

    /// The full resource name of a cache.
    pub(crate) fn cache(&self, service: &str, name: &str, home: &AccountId) -> ResourceId {
        ResourceId::from(format!("//{service}/{}", self.relative(name, home)))
    }
}

/// What follows the host and the version of the API.
fn without_host(text: &str) -> &str {
    let Some((_, rest)) = text.split_once("//") else {
        return text;
    };
    match rest.find("/projects/") {
        Some(at) => rest.get(at + 1..).unwrap_or(rest),
        None => rest.split_once('/').map_or(rest, |(_, path)| path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_network() {
        let ids = Ids::new(BTreeMap::from([("123".to_owned(), "shop".into())]));
        let home = AccountId::from("shop");
        for text in [
            "https://www.googleapis.com/compute/v1/projects/shop/global/networks/a",
            "https://compute.googleapis.com/compute/v1/projects/123/global/networks/a",
            "//compute.googleapis.com/projects/shop/global/networks/a",
            "http://127.0.0.1:8/compute/v1/projects/shop/global/networks/a",
            "projects/123/global/networks/a",
            "/projects/shop/global/networks/a",
            "global/networks/a",
        ] {
            let found = ids.relative(text, &home);
            assert_eq!(found, "projects/shop/global/networks/a", "{text}");
        }
        assert_eq!(ids.project("999"), AccountId::from("999"));
        assert_eq!(
            ids.relative("projects/999/regions/r/serviceAttachments/s", &home),
            "projects/999/regions/r/serviceAttachments/s"
        );
    }
}
