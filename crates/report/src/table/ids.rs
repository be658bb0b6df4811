//! Ids that are too long to read.

use std::borrow::Cow;

/// A text in which each id of Azure's Resource Manager stands without its
/// subscription, its resource group and the namespace of its provider:
/// `networkSecurityGroups/shop` for
/// `/subscriptions/…/resourceGroups/…/providers/Microsoft.Network/networkSecurityGroups/shop`.
/// JSON and commands have ids whole.
///
/// Ids of Google Cloud lose their project and where they are:
/// `networks/shop` for `projects/…/global/networks/shop`.
pub(super) fn short(text: &str) -> Cow<'_, str> {
    match (text.contains(START), text.contains(PROJECTS)) {
        (false, false) => Cow::Borrowed(text),
        (true, false) => Cow::Owned(azure(text)),
        (false, true) => Cow::Owned(gcp(text)),
        (true, true) => Cow::Owned(gcp(&azure(text))),
    }
}

fn azure(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(START) {
        let (before, id) = rest.split_at(at);
        out.push_str(before);
        let cut = prefix(id).unwrap_or(START.len());
        let (prefix, after) = id.split_at(cut);
        if cut == START.len() {
            out.push_str(prefix);
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

const START: &str = "/subscriptions/";

/// How ids of Google Cloud begin, whole names of caches after their service.
const PROJECTS: &str = "projects/";

fn gcp(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(PROJECTS) {
        let (before, id) = rest.split_at(at);
        out.push_str(before);
        let (prefix, after) = id.split_at(place(id).unwrap_or(PROJECTS.len()));
        if prefix == PROJECTS {
            out.push_str(prefix);
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// How long `projects/P/global/`, `projects/P/regions/R/` and their like are at
/// the beginning of a text; none if it does not begin so, or ends there.
fn place(id: &str) -> Option<usize> {
    let mut parts = id.split('/');
    let name = |part: Option<&str>| {
        part.filter(|it| !it.is_empty() && !it.contains(char::is_whitespace))
            .map(str::len)
    };
    let project = parts.next().map(str::len)? + 1 + name(parts.next())? + 1;
    let length = match parts.next()? {
        word @ "global" => project + word.len() + 1,
        word @ ("regions" | "zones" | "locations") => {
            project + word.len() + 1 + name(parts.next())? + 1
        }
        _ => return None,
    };
    name(parts.next()).map(|_| length)
}

/// How long `/subscriptions/S/resourceGroups/G/providers/N/` is at the
/// beginning of a text; none if it does not begin so, or ends there.
fn prefix(id: &str) -> Option<usize> {
    let mut length = 0;
    let mut parts = id.split('/');
    for expected in [
        "",
        "subscriptions",
        "",
        "resourcegroups",
        "",
        "providers",
        "",
    ] {
        let part = parts.next()?;
        let fits = match (length, expected) {
            (0, _) => part.is_empty(),
            (_, "") => !part.is_empty() && !part.contains(char::is_whitespace),
            (_, word) => part.eq_ignore_ascii_case(word),
        };
        if !fits {
            return None;
        }
        length += part.len() + 1;
    }
    parts.next().filter(|it| !it.is_empty()).map(|_| length)
}

#[cfg(test)]
mod tests {
    use super::short;

    #[test]
    fn ids_of_google_cloud_lose_project_and_place() {
        for (text, shown) in [
            (
                "projects/p/global/networks/n/firewalls",
                "networks/n/firewalls",
            ),
            (
                "from projects/p/regions/r/subnetworks/s, projects/p/zones/z/instances/i/nic0",
                "from subnetworks/s, instances/i/nic0",
            ),
            (
                "//redis.googleapis.com/projects/p/locations/r/instances/i",
                "//redis.googleapis.com/instances/i",
            ),
            ("projects/p", "projects/p"),
            ("projects/p/global/", "projects/p/global/"),
            ("projects//global/networks/n", "projects//global/networks/n"),
            ("projects/p/secrets/s", "projects/p/secrets/s"),
            (
                "locations/global/firewallPolicies/1",
                "locations/global/firewallPolicies/1",
            ),
        ] {
            assert_eq!(short(text), shown);
        }
    }

    #[test]
    fn ids_lose_what_all_of_them_have() {
        let group = "/subscriptions/1-2/resourceGroups/net/providers/Microsoft.Network";
        for (text, shown) in [
            (
                format!("{group}/networkSecurityGroups/a"),
                "networkSecurityGroups/a",
            ),
            (
                format!("from {group}/virtualNetworks/a/subnets/b, and {group}/x/y"),
                "from virtualNetworks/a/subnets/b, and x/y",
            ),
            ("/SUBSCRIPTIONS/1".to_owned(), "/SUBSCRIPTIONS/1"),
            ("/subscriptions/1-2".to_owned(), "/subscriptions/1-2"),
            (format!("{group}/"), &format!("{group}/")),
            (
                "/subscriptions//subscriptions/".to_owned(),
                "/subscriptions//subscriptions/",
            ),
            (
                "/subscriptions/a b/resourceGroups/c/providers/d/e".to_owned(),
                "/subscriptions/a b/resourceGroups/c/providers/d/e",
            ),
        ] {
            assert_eq!(short(&text), shown);
        }
    }
}
