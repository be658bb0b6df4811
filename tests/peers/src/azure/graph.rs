//! Resource Graph, as far as queries of one type need it.

use serde_json::{Map, Value, json};

/// The type that a query asks for, in the letter case of Resource Manager where it is known; `None` for what
/// is no query.
pub(super) fn asked_type(path: &str, body: &str) -> Option<String> {
    if !path
        .to_lowercase()
        .ends_with("/providers/microsoft.resourcegraph/resources")
    {
        return None;
    }
    let body: Value = serde_json::from_str(body).ok()?;
    Some(Query::read(body["query"].as_str()?).ok()?.kind)
}

/// A query.
#[derive(Debug, PartialEq)]
pub(super) struct Query {
    pub(super) kind: String,
    /// Name and path of each column.
    columns: Vec<(String, Vec<String>)>,
}

impl Query {
    /// Reads `resources | where type =~ 'T' | project C, N = P, N = tostring(P) | order by id asc`.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        let parts: Vec<&str> = text.split('|').map(str::trim).collect();
        let [table, filter, columns, order] = parts.as_slice() else {
            return Err(format!(
                "`{text}` has other parts than table, where, project and order"
            ));
        };
        if *table != "resources" || *order != "order by id asc" {
            return Err(format!("table `{table}`, `{order}`"));
        }
        let kind = filter
            .strip_prefix("where type =~ '")
            .and_then(|it| it.strip_suffix('\''))
            .ok_or_else(|| format!("`{filter}`"))?;
        let columns = columns
            .strip_prefix("project ")
            .ok_or_else(|| format!("`{columns}`"))?;
        Ok(Self {
            kind: kind.to_owned(),
            columns: columns.split(',').map(column).collect(),
        })
    }

    /// The columns of a resource.
    pub(super) fn row(&self, resource: &Value) -> Value {
        let mut row = Map::new();
        for (name, path) in &self.columns {
            let value = match path.as_slice() {
                [only] if only == "subscriptionId" => {
                    let id = resource["id"].as_str().unwrap_or_default();
                    json!(id.split('/').nth(2))
                }
                path => path
                    .iter()
                    .fold(resource, |value, part| &value[part])
                    .clone(),
            };
            row.insert(name.clone(), value);
        }
        // As Resource Graph writes them.
        if let Some(Value::String(location)) = row.get_mut("location") {
            *location = location.to_lowercase().replace(' ', "");
        }
        row.into()
    }
}

fn column(text: &str) -> (String, Vec<String>) {
    let (name, path) = text.split_once('=').unwrap_or((text, text));
    let path = path.trim();
    let path = path
        .strip_prefix("tostring(")
        .and_then(|it| it.strip_suffix(')'))
        .unwrap_or(path);
    (
        name.trim().to_owned(),
        path.split('.').map(str::to_owned).collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_and_nothing_else() {
        let query = Query::read(
            "resources | where type =~ 'a/b' | project id, subscriptionId, os = tostring(properties.disk.os) | order by id asc",
        )
        .unwrap();
        let row = query.row(&json!({
            "id": "/subscriptions/s/x", "properties": {"disk": {"os": "Linux"}, "userData": "secret"},
        }));
        assert_eq!(
            row,
            json!({"id": "/subscriptions/s/x", "subscriptionId": "s", "os": "Linux"})
        );
        assert!(Query::read("resources | take 5").is_err());
    }
}
