//! Which items of the estate a request is about: its scope, its ids and its filters.
//!
//! What cannot be honoured is refused, never ignored: a client must not learn that a filter works from a
//! server that does not look at it.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::operations::{Answer, Operation};
use crate::protocol::Asked;
use crate::refusal::Reason;
use crate::shapes::Shape;

/// Parameters that choose no items: they are looked at elsewhere, or change nothing here.
const NOT_CHOOSING: &[&str] = &[
    "AllRegions",
    "Attribute",
    "DryRun",
    "IncludeManagedResources",
    "ResourceTypeFilters",
    "TargetVersion",
];

/// The items that a request asks for.
pub(crate) fn select<'a>(
    operation: &Operation,
    asked: &Asked,
    items: &'a [Value],
) -> Result<Vec<&'a Value>, Reason> {
    let mut chosen: Vec<&Value> = items.iter().collect();
    if let Some(scope) = operation.scope {
        let wanted = asked.parameters.get(scope).ok_or(Reason::Missing(scope))?;
        chosen.retain(|item| item["_for"] == wanted.as_str());
    }
    if operation.name == "DescribeRegions" && !asked.is_true("AllRegions") {
        chosen.retain(|item| item["OptInStatus"] != "not-opted-in");
    }
    if asked.is_true("ShowCacheClustersNotInReplicationGroups") {
        chosen.retain(|item| item["ReplicationGroupId"].is_null());
    }
    let services = of_services(asked);
    if !services.is_empty() {
        chosen.retain(|item| {
            let arn = item["ResourceARN"].as_str().unwrap_or_default();
            let service = arn.split(':').nth(2).unwrap_or_default();
            arn.is_empty() || services.iter().any(|it| it == service)
        });
    }
    let Some(shape) = item_shape(operation) else {
        return Ok(chosen);
    };
    for (name, values) in filters(asked) {
        let member = member_of_filter(shape, &name).ok_or_else(|| {
            Reason::BadValue(format!(
                "the fake AWS cannot filter {} by {name}",
                operation.name
            ))
        })?;
        chosen.retain(|item| values.contains(&text(&item[member])));
    }
    for (name, values) in choosers(operation, asked) {
        let member = member_of_parameter(shape, &name).ok_or_else(|| {
            Reason::BadValue(format!(
                "the fake AWS cannot choose {} by {name}",
                operation.name
            ))
        })?;
        chosen.retain(|item| values.contains(&text(&item[member])));
        let found = chosen.len();
        let noun = name
            .strip_suffix("Ids")
            .or(name.strip_suffix("Id"))
            .or(name.strip_suffix("Name"));
        if let Some(noun) = noun.filter(|_| found < values.len()) {
            return Err(Reason::NotFound(not_found(asked, noun)));
        }
    }
    Ok(chosen)
}

/// The item without what is only shown on demand.
pub(crate) fn shown(operation: &Operation, asked: &Asked, item: &Value) -> Value {
    let mut item = item.clone();
    if let (Some((parameter, members)), Some(item)) = (operation.details, item.as_object_mut())
        && !asked.is_true(parameter)
    {
        item.retain(|name, _| !members.contains(&name.as_str()));
    }
    item
}

/// The services that `GetResources` is asked for; all if there are none. Only
/// whole services can be asked for here.
fn of_services(asked: &Asked) -> Vec<String> {
    let parameters = asked.parameters.iter();
    parameters
        .filter(|(name, _)| name.starts_with("ResourceTypeFilters."))
        .map(|(_, value)| value.clone())
        .collect()
}

fn item_shape(operation: &Operation) -> Option<&'static Shape> {
    let Answer::List(list) = operation.answer else {
        return None;
    };
    let whole = Shape::of(operation.service, operation.name)?;
    whole.inner(&whole.members.get(list)?.kind)
}

/// The filters of a request: names and the values that pass.
fn filters(asked: &Asked) -> Vec<(String, Vec<String>)> {
    let mut found: BTreeMap<&str, (String, Vec<String>)> = BTreeMap::new();
    for (name, value) in &asked.parameters {
        let Some(rest) = name
            .strip_prefix("Filter.")
            .or(name.strip_prefix("Filters."))
        else {
            continue;
        };
        let rest = rest.strip_prefix("member.").unwrap_or(rest);
        let (number, part) = rest.split_once('.').unwrap_or((rest, ""));
        let filter = found.entry(number).or_default();
        if part == "Name" {
            filter.0.clone_from(value);
        } else {
            filter.1.push(value.clone());
        }
    }
    found.into_values().collect()
}

/// The parameters that choose items by a member, with their values.
fn choosers(operation: &Operation, asked: &Asked) -> BTreeMap<String, Vec<String>> {
    let paging = operation
        .pages
        .map(|pages| [pages.size, pages.token])
        .unwrap_or_default();
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, value) in &asked.parameters {
        let base = name.split('.').next().unwrap_or_default();
        let elsewhere = NOT_CHOOSING.contains(&base)
            || base.starts_with("Show")
            || matches!(base, "Filter" | "Filters")
            || operation.scope == Some(base)
            || paging.contains(&base);
        if !elsewhere {
            found
                .entry(base.to_owned())
                .or_default()
                .push(value.clone());
        }
    }
    found
}

/// `vpc-id` is the member `VpcId`.
fn member_of_filter(shape: &Shape, name: &str) -> Option<&'static str> {
    let capital = |word: &str| {
        word.split_at_checked(1)
            .map(|(first, rest)| first.to_uppercase() + rest)
    };
    let member: String = name.split('-').filter_map(capital).collect();
    shape
        .members
        .get_key_value(member.as_str())
        .map(|(name, _)| *name)
}

/// `VpcIds` is the member `VpcId`; MemoryDB's `ClusterName` is the `Name` of a cluster.
fn member_of_parameter(shape: &Shape, name: &str) -> Option<&'static str> {
    let single = name.strip_suffix('s').unwrap_or(name);
    let short = if shape.service == "memorydb" && single.ends_with("Name") {
        "Name"
    } else {
        single
    };
    [name, single, short]
        .into_iter()
        .find_map(|each| shape.members.get_key_value(each))
        .map(|(name, _)| *name)
}

/// A member as filters compare it; of a structure, its name or code.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Object(members) => members
            .get("Name")
            .or(members.get("Code"))
            .map(text)
            .unwrap_or_default(),
        plain => plain.to_string(),
    }
}

fn not_found(asked: &Asked, noun: &str) -> String {
    match (asked.service.as_str(), noun) {
        ("ec2", "Group") => "InvalidGroup.NotFound".to_owned(),
        ("ec2", noun) => format!("Invalid{noun}ID.NotFound"),
        ("elasticache", "CacheCluster" | "CacheParameterGroup" | "User" | "UserGroup") => {
            format!("{noun}NotFound")
        }
        (_, noun) => format!("{noun}NotFoundFault"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::http::{Head, Incoming};
    use crate::operations;

    fn chosen(service: &str, name: &str, form: &str, items: &Value) -> Result<Vec<String>, Reason> {
        let header = format!("Credential=K/20260131/eu-west-1/{service}/aws4_request");
        let asked = Asked::read(&Incoming {
            head: Head {
                first: "POST / HTTP/1.1".to_owned(),
                headers: vec![("authorization".to_owned(), header)],
            },
            body: form.into(),
        });
        let chosen = select(
            operations::find(service, name).unwrap(),
            &asked,
            items.as_array().unwrap(),
        )?;
        Ok(chosen.iter().map(|item| text(&item["_n"])).collect())
    }

    #[test]
    fn by_filter_and_id() {
        let vpcs = json!([
            {"_n": "1", "VpcId": "vpc-1", "State": "available", "IsDefault": true},
            {"_n": "2", "VpcId": "vpc-2", "State": "available", "IsDefault": false},
            {"_n": "3", "VpcId": "vpc-3", "State": "pending", "IsDefault": false},
        ]);
        let ask = |form| chosen("ec2", "DescribeVpcs", form, &vpcs);
        let all = ask("Action=DescribeVpcs&MaxResults=5&DryRun=false").unwrap();
        assert_eq!(all, ["1", "2", "3"]);
        assert_eq!(ask("Filter.1.Name=state&Filter.1.Value.1=available&Filter.2.Name=is-default&Filter.2.Value.1=false").unwrap(), ["2"]);
        assert_eq!(ask("VpcId.1=vpc-1&VpcId.2=vpc-3").unwrap(), ["1", "3"]);
        assert_eq!(
            ask("VpcId.1=vpc-9"),
            Err(Reason::NotFound("InvalidVpcID.NotFound".to_owned()))
        );
        assert!(matches!(
            ask("Filter.1.Name=nonsense&Filter.1.Value.1=x"),
            Err(Reason::BadValue(_))
        ));
    }

    #[test]
    fn by_scope() {
        let entries = json!([{"_n": "1", "_for": "pl-1"}, {"_n": "2", "_for": "pl-2"}]);
        let ask = |form| chosen("ec2", "GetManagedPrefixListEntries", form, &entries);
        assert_eq!(ask("PrefixListId=pl-2").unwrap(), ["2"]);
        assert_eq!(ask(""), Err(Reason::Missing("PrefixListId")));
    }

    #[test]
    fn by_member() {
        let updates = json!([
            {"_n": "1", "UpdateActionStatus": "complete", "Engine": "redis"},
            {"_n": "2", "UpdateActionStatus": "not-applied", "Engine": "redis"},
        ]);
        let ask = |form| chosen("elasticache", "DescribeUpdateActions", form, &updates);
        assert_eq!(
            ask("UpdateActionStatus.member.1=not-applied&ShowNodeLevelUpdateStatus=true").unwrap(),
            ["2"]
        );
        assert_eq!(ask("Engine=redis&MaxRecords=20").unwrap(), ["1", "2"]);
        assert!(matches!(
            ask("ServiceUpdateTimeRange.StartTime=x"),
            Err(Reason::BadValue(_))
        ));
    }
}
