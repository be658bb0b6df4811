//! What Azure's answers look like, as far as it is read. Each item of a list
//! is read on its own: what is odd about one costs no other.
//!
//! Types of `Microsoft.Cache/redis` come from `azure_mgmt_redis`; the others
//! are our own, since the crates of that generation are older than the
//! versions that are asked for, or very large.

pub(crate) mod dns;
pub(crate) mod enterprise;
pub(crate) mod monitor;
pub(crate) mod network;
pub(crate) mod redis;

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};

/// A resource: an id, a place, and what only its type has.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Resource<P> {
    pub(crate) id: String,
    #[serde(default)]
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) location: Option<String>,
    #[serde(default, deserialize_with = "nullable")]
    pub(crate) tags: BTreeMap<String, Option<String>>,
    #[serde(flatten)]
    pub(crate) own: P,
}

/// Most types keep what is theirs below `properties`.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Properties<P> {
    pub(crate) properties: P,
}

/// A resource whose own things are its properties.
pub(crate) type Plain<P> = Resource<Properties<P>>;

/// A thing inside another resource.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Child<P> {
    #[serde(default)]
    pub(crate) id: Option<String>,
    #[serde(default)]
    pub(crate) name: Option<String>,
    pub(crate) properties: P,
}

/// The id of another resource.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Reference {
    pub(crate) id: String,
}

/// A subscription.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Subscription {
    pub(crate) subscription_id: String,
    #[serde(default)]
    pub(crate) display_name: Option<String>,
    #[serde(default)]
    pub(crate) state: Option<String>,
}

/// What one role of the credentials allows.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Permission {
    #[serde(default, deserialize_with = "nullable")]
    actions: Vec<String>,
    #[serde(default, deserialize_with = "nullable")]
    not_actions: Vec<String>,
}

impl Permission {
    /// Whether an action is among them, and not among the exceptions.
    ///
    /// Source: Azure role-based access control, "Understand role definitions".
    pub(crate) fn allows(&self, action: &str) -> bool {
        let among = |list: &[String]| list.iter().any(|it| matches(it, action));
        among(&self.actions) && !among(&self.not_actions)
    }
}

/// Whether a pattern, in which `*` stands for any text, names an action;
/// letter case does not count.
fn matches(pattern: &str, action: &str) -> bool {
    let (pattern, action) = (pattern.to_lowercase(), action.to_lowercase());
    let mut parts = pattern.split('*');
    let Some(mut rest) = action.strip_prefix(parts.next().unwrap_or_default()) else {
        return false;
    };
    let parts: Vec<&str> = parts.collect();
    let Some((last, between)) = parts.split_last() else {
        return rest.is_empty();
    };
    for part in between {
        match rest.find(part) {
            Some(at) => rest = rest.get(at + part.len()..).unwrap_or_default(),
            None => return false,
        }
    }
    rest.ends_with(last)
}

/// A list or map that may be `null`, which is an empty one.
pub(crate) fn nullable<'de, D, T>(from: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::<T>::deserialize(from)?.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_of_roles() {
        for pattern in [
            "*",
            "*/read",
            "Microsoft.Cache/*/read",
            "microsoft.cache/REDIS/read",
            "Microsoft.Cache/*",
        ] {
            assert!(matches(pattern, "Microsoft.Cache/redis/read"), "{pattern}");
        }
        for pattern in [
            "",
            "*/write",
            "Microsoft.Cache/redis",
            "Microsoft.Network/*/read",
            "Microsoft.Cache/redis/read/more",
            "*/redis/*/read",
        ] {
            assert!(!matches(pattern, "Microsoft.Cache/redis/read"), "{pattern}");
        }
    }

    #[test]
    fn an_exception_takes_back() {
        let role: Permission = serde_json::from_str(
            r#"{"actions": ["*/read"], "notActions": ["Microsoft.Network/networkSecurityGroups/*"]}"#,
        )
        .unwrap();
        assert!(role.allows("Microsoft.Network/virtualNetworks/read"));
        assert!(!role.allows("Microsoft.Network/networkSecurityGroups/read"));
    }
}
