//! Host names of caches, and the names to which a private endpoint bends them.

use cachewarden_model::{Cache, PrivateEndpoint};

use crate::estate::Estate;

/// One service's names in one cloud.
struct Suffix {
    /// What follows the cache's own labels in its host name.
    host: &'static str,
    /// The private zone that stands in for it.
    zone: &'static str,
    /// Whether the labels in front are known to stay as they are.
    labels: bool,
}

/// Suffixes of host names, and the zones that private endpoints use.
///
/// Source: Azure Private Link, "Azure Private Endpoint private DNS zone
/// values" (public and US Government clouds); Azure Cache for Redis, "Azure
/// Cache for Redis with Azure Private Link" and Azure Managed Redis, same
/// page. The names of Azure Managed Redis in China and US Government stand on
/// no such page and are not here: they are read from the private endpoint.
const SUFFIXES: [Suffix; 5] = [
    Suffix {
        host: "redis.cache.windows.net",
        zone: "privatelink.redis.cache.windows.net",
        labels: true,
    },
    Suffix {
        host: "redis.cache.usgovcloudapi.net",
        zone: "privatelink.redis.cache.usgovcloudapi.net",
        labels: true,
    },
    Suffix {
        host: "redis.cache.chinacloudapi.cn",
        zone: "privatelink.redis.cache.chinacloudapi.cn",
        labels: true,
    },
    Suffix {
        host: "redis.azure.net",
        zone: "privatelink.redis.azure.net",
        labels: false,
    },
    Suffix {
        host: "redisenterprise.cache.azure.net",
        zone: "privatelink.redisenterprise.cache.azure.net",
        labels: false,
    },
];

/// What public DNS bends a cache's host name to once it has a private
/// endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bent {
    /// Names that it may be bent to, lower-case, likeliest first; one of them.
    pub(crate) names: Vec<String>,
    /// The zone that ought to hold them.
    pub(crate) zone: String,
    /// Whether the names are exactly these.
    pub(crate) sure: bool,
}

/// What a host name is bent to; none where nothing tells.
pub(crate) fn bent(
    estate: &Estate<'_>,
    cache: &Cache,
    host: &str,
    endpoints: &[&PrivateEndpoint],
) -> Option<Bent> {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    let known = SUFFIXES.iter().find(|it| is_inside(&host, it.host));
    let zone = match known {
        Some(suffix) => suffix.zone.to_owned(),
        None => told_zone(estate, &host, endpoints)?,
    };
    // What the endpoints themselves tell counts before what is derived.
    let told = endpoints.iter().flat_map(|it| &it.names);
    let mut names: Vec<String> = told
        .map(|it| it.name.trim_end_matches('.').to_ascii_lowercase())
        .filter(|name| is_inside(name, &zone))
        .filter(|name| begins_like(name, cache))
        .collect();
    let sure = !names.is_empty() || known.is_some_and(|it| it.labels);
    let suffix = zone.strip_prefix("privatelink.").unwrap_or(&zone);
    if let Some(labels) = host.strip_suffix(suffix) {
        names.push(format!("{labels}{zone}"));
    }
    names.dedup();
    (!names.is_empty()).then_some(Bent { names, zone, sure })
}

/// The zone that private endpoints themselves tell for a host: that of one
/// of their names, or of their zone groups.
fn told_zone(estate: &Estate<'_>, host: &str, endpoints: &[&PrivateEndpoint]) -> Option<String> {
    let names = endpoints.iter().flat_map(|it| &it.names);
    let from_names = names.filter_map(|it| {
        let name = it.name.to_ascii_lowercase();
        let place = name.find("privatelink.")?;
        name.get(place..).map(str::to_owned)
    });
    let groups = endpoints.iter().filter_map(|it| it.zones.value()).flatten();
    let from_groups = groups
        .filter_map(|id| estate.zone(id))
        .map(|zone| zone.name.to_ascii_lowercase());
    let mut all = from_names.chain(from_groups);
    all.find(|zone| {
        zone.strip_prefix("privatelink.")
            .is_some_and(|suffix| is_inside(host, suffix))
    })
}

/// Whether a name is a zone's own or lies in it.
pub(crate) fn is_inside(name: &str, zone: &str) -> bool {
    name == zone
        || name
            .strip_suffix(zone)
            .is_some_and(|labels| labels.ends_with('.'))
}

/// Whether a name's first label is the cache's name: nodes of one cache have
/// names of their own.
fn begins_like(name: &str, cache: &Cache) -> bool {
    let first = name.split('.').next().unwrap_or_default();
    first.eq_ignore_ascii_case(&cache.name)
}

#[cfg(test)]
mod tests {
    use super::is_inside;

    #[test]
    fn a_zone_holds_whole_labels_only() {
        assert!(is_inside("a.redis.azure.net", "redis.azure.net"));
        assert!(is_inside("redis.azure.net", "redis.azure.net"));
        assert!(!is_inside("a.myredis.azure.net", "redis.azure.net"));
    }
}
