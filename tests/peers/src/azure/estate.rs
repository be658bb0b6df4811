//! What the fake Azure holds: subscriptions, resources, measured values.

use serde_json::{Value, json};

/// The things in a fake Azure, as one JSON document.
///
/// ```
/// use cachewarden_peers::AzureEstate;
/// use serde_json::json;
///
/// let estate = AzureEstate::new(json!({
///     "subscriptions": ["11111111-0000-0000-0000-000000000000"],
///     "resources": [{
///         "id": "/subscriptions/11111111-0000-0000-0000-000000000000/resourceGroups/g/providers/Microsoft.Cache/Redis/c",
///         "type": "Microsoft.Cache/Redis", "location": "West Europe", "properties": {},
///     }],
///     "metrics": {},
/// }));
/// ```
///
/// A subscription is an id, or an object as Azure writes it. A resource is what Azure answers, children (firewall
/// rules, databases, records) as resources of their own; `name` is taken from the id where it is left out. Metrics
/// are the hourly maxima of `connectedclients`, by the id of the cache.
#[derive(Debug, Clone)]
pub struct AzureEstate {
    pub(super) subscriptions: Vec<Value>,
    pub(super) resources: Vec<Value>,
    metrics: Value,
}

impl AzureEstate {
    /// Reads an estate.
    ///
    /// # Panics
    ///
    /// Where it has other members, or a resource lacks its id or its type.
    #[must_use]
    pub fn new(mut tree: Value) -> Self {
        let mut take = |name: &str| tree.as_object_mut().and_then(|it| it.remove(name));
        let list = |value: Option<Value>| match value {
            Some(Value::Array(items)) => items,
            None => Vec::new(),
            Some(other) => panic!("an estate holds lists, not {other}"),
        };
        let estate = Self {
            subscriptions: list(take("subscriptions"))
                .into_iter()
                .map(subscription)
                .collect(),
            resources: list(take("resources")).into_iter().map(resource).collect(),
            metrics: take("metrics").unwrap_or_default(),
        };
        assert!(
            tree.as_object().is_some_and(serde_json::Map::is_empty),
            "unknown members: {tree}"
        );
        estate
    }

    /// The estate with one more resource.
    #[must_use]
    pub fn with(mut self, value: Value) -> Self {
        self.resources.push(resource(value));
        self
    }

    /// The estate with one resource changed, found by its id.
    ///
    /// # Panics
    ///
    /// Where there is no such resource.
    #[must_use]
    pub fn changed(mut self, id: &str, change: impl FnOnce(&mut Value)) -> Self {
        let found = self.resources.iter_mut().find(|it| same(&it["id"], id));
        change(found.unwrap_or_else(|| panic!("the estate has no `{id}`")));
        self
    }

    /// The estate without a resource and what is below it.
    #[must_use]
    pub fn without(mut self, id: &str) -> Self {
        let below = format!("{}/", id.to_lowercase());
        self.resources.retain(|it| {
            let its = lower(&it["id"]);
            its != id.to_lowercase() && !its.starts_with(&below)
        });
        self
    }

    /// Resources of one type in one subscription, in the order of the estate.
    pub(super) fn of_type(&self, subscription: &str, kind: &str) -> Vec<Value> {
        let start = format!("/subscriptions/{}/", subscription.to_lowercase());
        let fits = |it: &&Value| same(&it["type"], kind) && lower(&it["id"]).starts_with(&start);
        self.resources.iter().filter(fits).cloned().collect()
    }

    /// Resources of one type in all of these subscriptions, sorted by id.
    pub(super) fn of_types(&self, subscriptions: &[String], kind: &str) -> Vec<Value> {
        let mut all: Vec<Value> = subscriptions
            .iter()
            .flat_map(|it| self.of_type(it, kind))
            .collect();
        all.sort_by_key(|it| lower(&it["id"]));
        all
    }

    /// What is listed below a resource; `None` where there is no such resource.
    pub(super) fn below(&self, parent: &str, list: &str) -> Option<Vec<Value>> {
        self.resources.iter().find(|it| same(&it["id"], parent))?;
        let parent = parent.to_lowercase();
        let fits = |it: &&Value| {
            let id = lower(&it["id"]);
            let Some(rest) = id.strip_prefix(&format!("{parent}/")) else {
                return false;
            };
            let mut parts = rest.split('/');
            let (kind, depth) = (parts.next().unwrap_or_default(), rest.split('/').count());
            // All records of a zone, but not its links.
            let all = list.eq_ignore_ascii_case("ALL") && kind != "virtualnetworklinks";
            depth == 2 && (all || kind.eq_ignore_ascii_case(list))
        };
        Some(self.resources.iter().filter(fits).cloned().collect())
    }

    /// Diagnostic settings of a resource; `None` where there is no such resource.
    pub(super) fn settings(&self, id: &str) -> Option<Vec<Value>> {
        self.resources.iter().find(|it| same(&it["id"], id))?;
        let start = format!(
            "{}/providers/microsoft.insights/diagnosticsettings/",
            id.to_lowercase()
        );
        let fits = |it: &&Value| lower(&it["id"]).starts_with(&start);
        Some(self.resources.iter().filter(fits).cloned().collect())
    }

    /// One resource.
    pub(super) fn one(&self, id: &str) -> Option<Value> {
        self.resources
            .iter()
            .find(|it| same(&it["id"], id))
            .cloned()
    }

    /// Measured values of a cache, the latest last.
    pub(super) fn values(&self, id: &str) -> Vec<Value> {
        let all = self.metrics.as_object();
        let found = all.and_then(|it| it.iter().find(|(its, _)| its.eq_ignore_ascii_case(id)));
        found
            .and_then(|(_, it)| it.as_array().cloned())
            .unwrap_or_default()
    }
}

fn subscription(value: Value) -> Value {
    match value {
        Value::String(id) => json!({
            "id": format!("/subscriptions/{id}"), "subscriptionId": id, "displayName": id,
            "state": "Enabled", "tenantId": "99999999-0000-0000-0000-000000000000",
        }),
        whole => whole,
    }
}

fn resource(mut value: Value) -> Value {
    let id = value["id"]
        .as_str()
        .unwrap_or_else(|| panic!("a resource has no id: {value}"))
        .to_owned();
    assert!(value["type"].is_string(), "`{id}` has no type");
    if value["name"].is_null() {
        value["name"] = id.rsplit('/').next().unwrap_or_default().into();
    }
    value
}

fn lower(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_lowercase()
}

fn same(value: &Value, text: &str) -> bool {
    lower(value) == text.to_lowercase()
}
