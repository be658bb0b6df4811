//! What the fake AWS holds: items per account, region and operation, written with the API's own member names.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::metrics;
use crate::operations::{self, Answer, Operation};
use crate::shapes::Shape;

/// The things in a fake AWS.
///
/// A tree of place, operation and items:
///
/// ```
/// use cachewarden_peers::Estate;
/// use serde_json::json;
///
/// let estate = Estate::new(json!({
///     "eu-west-1": {
///         "ec2:DescribeVpcs": [{"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16"}],
///         "ec2:DescribeVpcAttribute": [{"_for": "vpc-1", "EnableDnsSupport": {"Value": true}}],
///     },
///     "222222222222/eu-west-1": {},
/// }));
/// ```
///
/// A place is a region of the fake's own account, or `ACCOUNT/REGION`. An operation is named as in IAM
/// (`ec2:DescribeVpcs`). An item is one element of the operation's list; for `DescribeVpcAttribute`, one network
/// with all its attributes; for `GetMetricData`, one series (see [`crate::FakeAws`]). Members that start with `_`
/// are not sent: `_for` says whose item it is where the operation asks about one thing (a prefix list, a
/// route table, a parameter group, a network). Times are RFC 3339 in every protocol.
///
/// An operation that the estate does not mention answers an empty list. `DescribeRegions` then lists the
/// regions of the estate, and `DescribeVpcBlockPublicAccessOptions` says that nothing is blocked.
#[derive(Debug, Clone, Default)]
pub struct Estate {
    /// By account (empty for the fake's own), region and `service:Operation`.
    places: BTreeMap<(String, String), BTreeMap<String, Vec<Value>>>,
}

impl Estate {
    /// An estate without anything.
    #[must_use]
    pub fn empty() -> Self {
        Self::default()
    }

    /// Reads an estate.
    ///
    /// # Panics
    ///
    /// Where an operation is not served, or an item has a member or a value that the API does not have.
    #[must_use]
    pub fn new(tree: Value) -> Self {
        let Value::Object(places) = tree else {
            panic!("an estate is an object of places, not {tree}");
        };
        let mut estate = Self::empty();
        for (place, operations) in places {
            let Value::Object(operations) = operations else {
                panic!("estate `{place}` must be an object of operations, not {operations}");
            };
            estate.places.entry(split(&place)).or_default();
            for (operation, items) in operations {
                estate = estate.with(&place, &operation, items);
            }
        }
        estate
    }

    /// Adds items to those that an operation answers in a place.
    ///
    /// # Panics
    ///
    /// As [`Estate::new`].
    #[must_use]
    pub fn with(mut self, place: &str, operation: &str, items: Value) -> Self {
        let Value::Array(items) = items else {
            panic!("estate `{place}`, `{operation}`: must be a list of items, not {items}");
        };
        for item in &items {
            if let Err(why) = check(operation, item) {
                panic!("estate `{place}`, `{operation}`: {why}");
            }
        }
        self.places
            .entry(split(place))
            .or_default()
            .entry(operation.to_owned())
            .or_default()
            .extend(items);
        self
    }

    /// Whether the estate mentions an operation in a place.
    pub(crate) fn mentions(&self, place: &Place<'_>, operation: &Operation) -> bool {
        self.listed(place, operation).is_some()
    }

    /// What an operation answers in a place.
    pub(crate) fn items(&self, place: &Place<'_>, operation: &Operation) -> Vec<Value> {
        match (self.listed(place, operation), operation.name) {
            (Some(items), _) => items.clone(),
            (None, "DescribeRegions") => self.regions(place).into_iter().map(region).collect(),
            (None, "DescribeVpcBlockPublicAccessOptions") => vec![json!({
                "AwsAccountId": place.account,
                "AwsRegion": place.region,
                "ExclusionsAllowed": "allowed",
                "InternetGatewayBlockMode": "off",
                "ManagedBy": "account",
                "State": "default-state",
            })],
            (None, _) => Vec::new(),
        }
    }

    fn listed(&self, place: &Place<'_>, operation: &Operation) -> Option<&Vec<Value>> {
        let name = format!("{}:{}", operation.service, operation.name);
        place
            .keys()
            .into_iter()
            .find_map(|key| self.places.get(&key)?.get(&name))
    }

    fn regions(&self, place: &Place<'_>) -> BTreeSet<&str> {
        let accounts = place.keys().map(|(account, _)| account);
        let here = self
            .places
            .keys()
            .filter(|(account, _)| accounts.contains(account));
        here.map(|(_, region)| region.as_str()).collect()
    }
}

/// Where a request looks.
#[derive(Debug)]
pub(crate) struct Place<'a> {
    pub(crate) account: &'a str,
    pub(crate) region: &'a str,
    /// The account whose places need not name it.
    pub(crate) home: &'a str,
}

impl Place<'_> {
    /// The keys of the estate that may hold this place.
    fn keys(&self) -> [(String, String); 2] {
        let unnamed = if self.account == self.home {
            ""
        } else {
            self.account
        };
        [self.account, unnamed].map(|account| (account.to_owned(), self.region.to_owned()))
    }
}

fn split(place: &str) -> (String, String) {
    let (account, region) = place.split_once('/').unwrap_or(("", place));
    (account.to_owned(), region.to_owned())
}

fn region(name: &str) -> Value {
    json!({"Endpoint": format!("ec2.{name}.amazonaws.com"), "OptInStatus": "opt-in-not-required", "RegionName": name})
}

/// Whether an item can be an answer of `operation`; if not, why.
fn check(operation: &str, item: &Value) -> Result<(), String> {
    let (service, name) = operation
        .split_once(':')
        .ok_or("an operation is written `service:Operation`")?;
    let known = operations::find(service, name).ok_or("no such operation is served")?;
    let whole = Shape::of(service, name).ok_or("no such shape")?;
    if known.scope.is_some() && !item["_for"].is_string() {
        return Err(format!(
            "an item needs `_for`, the {} that it belongs to",
            known.scope.unwrap_or_default()
        ));
    }
    match known.answer {
        Answer::Attribute => whole.check(item),
        Answer::Own if service == "cloudwatch" => metrics::check(item),
        Answer::Own => Err("the fake answers this by itself".to_owned()),
        Answer::List(member) | Answer::One(member) => {
            let kind = whole.members.get(member).map(|member| &member.kind);
            kind.and_then(|kind| whole.inner(kind))
                .map_or(Ok(()), |shape| shape.check(item))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items(estate: &Estate, account: &str, region: &str, name: &str) -> Vec<Value> {
        let place = Place {
            account,
            region,
            home: "111111111111",
        };
        estate.items(&place, operations::find("ec2", name).unwrap())
    }

    #[test]
    fn places_of_accounts() {
        let estate = Estate::new(json!({
            "eu-west-1": {"ec2:DescribeVpcs": [{"VpcId": "vpc-1"}]},
            "222222222222/eu-west-1": {"ec2:DescribeVpcs": [{"VpcId": "vpc-2"}]},
            "222222222222/us-east-1": {},
        }));
        assert_eq!(
            items(&estate, "111111111111", "eu-west-1", "DescribeVpcs"),
            [json!({"VpcId": "vpc-1"})]
        );
        assert_eq!(
            items(&estate, "222222222222", "eu-west-1", "DescribeVpcs"),
            [json!({"VpcId": "vpc-2"})]
        );
        assert_eq!(
            items(&estate, "222222222222", "us-east-1", "DescribeVpcs").len(),
            0
        );
        let names = |account| {
            let regions = items(&estate, account, "us-east-1", "DescribeRegions");
            regions
                .iter()
                .map(|region| region["RegionName"].as_str().unwrap().to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(names("111111111111"), ["eu-west-1"]);
        assert_eq!(names("222222222222"), ["eu-west-1", "us-east-1"]);
    }

    #[test]
    #[should_panic(expected = "estate `r`, `ec2:DescribeVpcs`: Vpc has no member `Vpcid`")]
    fn misspelt_member() {
        drop(Estate::empty().with("r", "ec2:DescribeVpcs", json!([{"Vpcid": "vpc-1"}])));
    }

    #[test]
    #[should_panic(expected = "no such operation is served")]
    fn misspelt_operation() {
        drop(Estate::new(json!({"r": {"ec2:DescribeVPCs": [{}]}})));
    }

    #[test]
    #[should_panic(expected = "an item needs `_for`, the PrefixListId")]
    fn item_of_nothing() {
        drop(Estate::new(
            json!({"r": {"ec2:GetManagedPrefixListEntries": [{"Cidr": "10.0.0.0/8"}]}}),
        ));
    }
}
