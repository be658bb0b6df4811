//! Small words that many answers share: ids, names, labels, ranges, times.

use std::collections::BTreeMap;
use std::net::IpAddr;

use aws_sdk_ec2::types::Tag;
use aws_smithy_types::DateTime;
use cachewarden_model::{ResourceId, Timestamp};
use cachewarden_netset::Cidr;

/// Ids, sorted, each once.
pub(super) fn ids<'a>(texts: impl IntoIterator<Item = &'a str>) -> Vec<ResourceId> {
    let mut ids: Vec<_> = texts.into_iter().map(ResourceId::from).collect();
    ids.sort();
    ids.dedup();
    ids
}

/// Labels.
pub(super) fn tags(list: &[Tag]) -> BTreeMap<String, String> {
    let pair = |tag: &Tag| {
        Some((
            tag.key()?.to_owned(),
            tag.value().unwrap_or_default().to_owned(),
        ))
    };
    list.iter().filter_map(pair).collect()
}

/// What people call a thing: its label `Name`, else its id.
pub(super) fn name(tags: &BTreeMap<String, String>, id: &str) -> String {
    tags.get("Name")
        .filter(|name| !name.is_empty())
        .map_or_else(|| id.to_owned(), Clone::clone)
}

/// Ranges, sorted, each once; none if one of them cannot be read.
pub(super) fn cidrs<'a>(texts: impl IntoIterator<Item = &'a str>) -> Option<Vec<Cidr>> {
    let mut ranges = texts
        .into_iter()
        .map(|text| text.parse().ok())
        .collect::<Option<Vec<_>>>()?;
    ranges.sort();
    ranges.dedup();
    Some(ranges)
}

/// An address; none if it cannot be read.
pub(super) fn address(text: &str) -> Option<IpAddr> {
    text.parse().ok()
}

/// A time, to the second.
pub(super) fn time(time: &DateTime) -> Option<Timestamp> {
    Timestamp::from_unix(time.secs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thing_is_called_by_its_label() {
        let tag = |key: &str, value: &str| Tag::builder().key(key).value(value).build();
        assert_eq!(
            name(&tags(&[tag("Name", "app"), tag("env", "test")]), "i-1"),
            "app"
        );
        assert_eq!(name(&tags(&[tag("Name", "")]), "i-1"), "i-1");
        assert_eq!(name(&tags(&[]), "i-1"), "i-1");
    }

    #[test]
    fn one_bad_range_spoils_all() {
        let sorted = cidrs(["10.1.0.0/16", "10.0.0.0/16", "10.1.0.0/16"]).unwrap();
        assert_eq!(
            sorted.iter().map(ToString::to_string).collect::<Vec<_>>(),
            ["10.0.0.0/16", "10.1.0.0/16"]
        );
        assert_eq!(cidrs(["10.0.0.0/16", "elsewhere"]), None);
    }
}
