//! What the fake Google Cloud holds.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// The things in a fake Google Cloud, as one JSON document.
///
/// ```
/// use cachewarden_peers::GcpEstate;
/// use serde_json::json;
///
/// let estate = GcpEstate::new(json!({
///     "projects": [{"projectId": "shop", "name": "projects/123", "state": "ACTIVE"}],
///     "lists": {
///         "redis/projects/shop/instances": [
///             {"name": "projects/shop/locations/europe-west1/instances/sessions", "state": "READY"},
///         ],
///         "compute/projects/shop/networks": [{"name": "a", "selfLink": "projects/shop/global/networks/a"}],
///     },
///     "objects": {},
/// }));
/// ```
///
/// A list is named by its API, its project and what is listed; what is listed below something is named by that
/// (`dns/projects/shop/managedZones/internal/rrsets`). An object is named by its API and path, and by the network and
/// region that are asked for where there are any. Projects and folders carry their `parent`. What is masked by
/// default, as metadata of machines and containers of services are, may stand in it: it must never be sent.
#[derive(Debug, Clone)]
pub struct GcpEstate {
    pub(super) projects: Vec<Value>,
    pub(super) folders: Vec<Value>,
    lists: BTreeMap<String, Vec<Value>>,
    objects: Map<String, Value>,
}

impl GcpEstate {
    /// Reads an estate.
    ///
    /// # Panics
    ///
    /// Where it has other members, or a list is none.
    #[must_use]
    pub fn new(mut tree: Value) -> Self {
        let mut take = |name: &str| tree.as_object_mut().and_then(|it| it.remove(name));
        let list = |value: Option<Value>| match value {
            Some(Value::Array(items)) => items,
            None => Vec::new(),
            Some(other) => panic!("an estate holds lists, not {other}"),
        };
        let map = |value: Option<Value>| match value {
            Some(Value::Object(map)) => map,
            None => Map::new(),
            Some(other) => panic!("an estate holds maps, not {other}"),
        };
        let estate = Self {
            projects: list(take("projects")),
            folders: list(take("folders")),
            lists: map(take("lists"))
                .into_iter()
                .map(|(name, items)| (name, list(Some(items))))
                .collect(),
            objects: map(take("objects")),
        };
        assert!(
            tree.as_object().is_some_and(Map::is_empty),
            "unknown members: {tree}"
        );
        estate
    }

    /// The estate with one more item in a list.
    #[must_use]
    pub fn with(mut self, list: &str, item: Value) -> Self {
        self.lists.entry(list.to_owned()).or_default().push(item);
        self
    }

    /// The estate with one more project.
    #[must_use]
    pub fn with_project(mut self, project: Value) -> Self {
        self.projects.push(project);
        self
    }

    /// The estate without a project, as who does not see it.
    #[must_use]
    pub fn without_project(mut self, id: &str) -> Self {
        self.projects.retain(|it| it["projectId"] != id);
        self
    }

    /// The estate with one item of a list changed, found by the end of its name.
    ///
    /// # Panics
    ///
    /// Where there is no such item.
    #[must_use]
    pub fn changed(mut self, list: &str, name: &str, change: impl FnOnce(&mut Value)) -> Self {
        let is = |it: &&mut Value| {
            let own = it["name"].as_str().unwrap_or_default();
            own == name || own.ends_with(&format!("/{name}"))
        };
        let items = self.lists.entry(list.to_owned()).or_default();
        let found = items.iter_mut().find(is);
        change(found.unwrap_or_else(|| panic!("`{list}` has no `{name}`")));
        self
    }

    /// The estate with an object changed, or a new one.
    #[must_use]
    pub fn changed_object(mut self, name: &str, change: impl FnOnce(&mut Value)) -> Self {
        change(self.objects.entry(name.to_owned()).or_insert(Value::Null));
        self
    }

    pub(super) fn list(&self, name: &str) -> Vec<Value> {
        self.lists.get(name).cloned().unwrap_or_default()
    }

    pub(super) fn object(&self, name: &str) -> Option<&Value> {
        self.objects.get(name)
    }

    /// The number of a project.
    pub(super) fn number(&self, project: &str) -> Option<String> {
        let found = self.projects.iter().find(|it| it["projectId"] == project)?;
        Some(found["name"].as_str()?.to_owned())
    }

    /// The id of a project, by id or number.
    pub(super) fn id(&self, project: &str) -> Option<&str> {
        let number = format!("projects/{project}");
        let is = |it: &&Value| it["projectId"] == project || it["name"] == number.as_str();
        self.projects.iter().find(is)?["projectId"].as_str()
    }
}
