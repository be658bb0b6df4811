//! How AWS spells its answers: the members of each shape, their names on the wire and their kinds.
//!
//! Read from `shapes.txt`, whose head explains the notation. Values are checked against it when an estate is
//! made, so that a misspelt member ends the test instead of vanishing on the wire.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde_json::{Map, Value};

static TEXT: &str = include_str!("shapes.txt");

/// What a member holds.
#[derive(Debug, PartialEq)]
pub(crate) enum Kind {
    Text,
    Flag,
    Whole,
    Real,
    /// Written in estates as RFC 3339.
    Time,
    Shape(&'static str),
    List {
        of: Box<Kind>,
        /// Name of each element in XML.
        element: &'static str,
    },
}

/// One member of a shape.
#[derive(Debug)]
pub(crate) struct Member {
    /// Its name on the wire.
    pub(crate) wire: String,
    pub(crate) kind: Kind,
}

/// One structure of one service.
#[derive(Debug)]
pub(crate) struct Shape {
    pub(crate) service: &'static str,
    pub(crate) name: &'static str,
    pub(crate) members: BTreeMap<&'static str, Member>,
}

impl Shape {
    /// The shape of that name; the answer of an operation is named after the operation.
    pub(crate) fn of(service: &str, name: &str) -> Option<&'static Self> {
        static SHAPES: OnceLock<BTreeMap<&'static str, BTreeMap<&'static str, Shape>>> =
            OnceLock::new();
        SHAPES.get_or_init(|| read(TEXT)).get(service)?.get(name)
    }

    /// The shape that a kind of this service names, through lists.
    pub(crate) fn inner(&self, kind: &Kind) -> Option<&'static Self> {
        match kind {
            Kind::Shape(name) => Self::of(self.service, name),
            Kind::List { of, .. } => self.inner(of),
            _ => None,
        }
    }

    /// The members that `value` sets, in the order of their names; null, and what starts with `_`, is not set.
    pub(crate) fn set<'a>(
        &'a self,
        value: &'a Map<String, Value>,
    ) -> impl Iterator<Item = (&'a Member, &'a Value)> {
        self.members.iter().filter_map(|(name, member)| {
            Some((member, value.get(*name).filter(|value| !value.is_null())?))
        })
    }

    /// Whether `value` can be written as this shape; if not, where and why.
    pub(crate) fn check(&self, value: &Value) -> Result<(), String> {
        let Value::Object(given) = value else {
            return Err(format!("{} must be an object, not {value}", self.name));
        };
        for (name, value) in given {
            if name.starts_with('_') || value.is_null() {
                continue;
            }
            let member = self.members.get(name.as_str()).ok_or_else(|| {
                let known: Vec<_> = self.members.keys().copied().collect();
                format!(
                    "{} has no member `{name}`; it has {}",
                    self.name,
                    known.join(", ")
                )
            })?;
            self.check_kind(&member.kind, value)
                .map_err(|why| format!("{}.{name}: {why}", self.name))?;
        }
        Ok(())
    }

    fn check_kind(&self, kind: &Kind, value: &Value) -> Result<(), String> {
        let fits = match (kind, value) {
            (Kind::Shape(_), _) => {
                return self.inner(kind).map_or(Ok(()), |shape| shape.check(value));
            }
            (Kind::List { of, .. }, Value::Array(items)) => {
                return items.iter().try_for_each(|item| self.check_kind(of, item));
            }
            (Kind::Text, Value::String(_))
            | (Kind::Flag, Value::Bool(_))
            | (Kind::Real, Value::Number(_)) => true,
            (Kind::Whole, Value::Number(number)) => number.is_i64(),
            (Kind::Time, Value::String(text)) => text.parse::<jiff::Timestamp>().is_ok(),
            _ => false,
        };
        if fits {
            Ok(())
        } else {
            Err(format!("{value} is not of the kind {kind:?}"))
        }
    }
}

/// Seconds since 1970 of a time as estates write it; they are checked first.
pub(crate) fn epoch_seconds(time: &Value) -> f64 {
    let time: jiff::Timestamp = time
        .as_str()
        .and_then(|text| text.parse().ok())
        .expect("a time that was checked");
    time.as_duration().as_secs_f64()
}

fn read(text: &'static str) -> BTreeMap<&'static str, BTreeMap<&'static str, Shape>> {
    let mut shapes: BTreeMap<_, BTreeMap<_, Shape>> = BTreeMap::new();
    let mut at = ("", "");
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        if let Some(members) = line.strip_prefix("  ") {
            let shape: &mut Shape =
                shapes
                    .entry(at.0)
                    .or_default()
                    .entry(at.1)
                    .or_insert_with(|| Shape {
                        service: at.0,
                        name: at.1,
                        members: BTreeMap::new(),
                    });
            shape
                .members
                .extend(members.split(' ').map(|note| read_member(at.0, note)));
        } else {
            at = line.split_once(' ').expect("a service and a shape");
        }
    }
    shapes
}

/// `Name=wire:kind`.
fn read_member(service: &str, note: &'static str) -> (&'static str, Member) {
    let (names, kind) = note.split_once(':').unwrap_or((note, ""));
    let (name, wire) = match names.split_once('=') {
        Some((name, wire)) => (name, wire.to_owned()),
        None if service == "ec2" => {
            let (first, rest) = names.split_at(1);
            (names, first.to_lowercase() + rest)
        }
        None => (names, names.to_owned()),
    };
    (
        name,
        Member {
            wire,
            kind: read_kind(service, kind),
        },
    )
}

fn read_kind(service: &str, note: &'static str) -> Kind {
    match note {
        "" => Kind::Text,
        "b" => Kind::Flag,
        "i" => Kind::Whole,
        "d" => Kind::Real,
        "t" => Kind::Time,
        list if list.starts_with('[') => {
            let inner = list.trim_start_matches('[').trim_end_matches(']');
            let usual = if service == "ec2" { "item" } else { "member" };
            let (of, element) = inner.split_once('@').unwrap_or((inner, usual));
            Kind::List {
                of: Box::new(read_kind(service, of)),
                element,
            }
        }
        shape => Kind::Shape(shape),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn notation() {
        let group = Shape::of("ec2", "SecurityGroup").unwrap();
        assert_eq!(group.members["Description"].wire, "groupDescription");
        assert_eq!(group.members["GroupId"].wire, "groupId");
        assert_eq!(
            group.members["IpPermissions"].kind,
            Kind::List {
                of: Box::new(Kind::Shape("IpPermission")),
                element: "item"
            }
        );
        let members = &Shape::of("elasticache", "ReplicationGroup")
            .unwrap()
            .members["MemberClusters"];
        assert_eq!(
            members.kind,
            Kind::List {
                of: Box::new(Kind::Text),
                element: "ClusterId"
            }
        );
        assert!(Shape::of("elasticache", "Nothing").is_none());
    }

    #[test]
    fn every_named_shape_is_there() {
        for (service, shapes) in read(TEXT) {
            for member in shapes.values().flat_map(|shape| shape.members.values()) {
                let mut kind = &member.kind;
                while let Kind::List { of, .. } = kind {
                    kind = of;
                }
                if let Kind::Shape(name) = kind {
                    assert!(Shape::of(service, name).is_some(), "{service} {name}");
                }
            }
        }
    }

    #[test]
    fn misspelt_members_and_wrong_kinds_are_named() {
        let shape = Shape::of("ec2", "NetworkAcl").unwrap();
        assert_eq!(
            shape.check(&json!({"Entries": [{"PortRange": {"From": 1, "To": 2}}], "_note": 1})),
            Ok(())
        );
        let why = shape
            .check(&json!({"Entries": [{"PortRange": {"From": "1"}}]}))
            .unwrap_err();
        assert_eq!(
            why,
            "NetworkAcl.Entries: NetworkAclEntry.PortRange: PortRange.From: \"1\" is not of the kind Whole"
        );
        let why = shape.check(&json!({"Entires": []})).unwrap_err();
        assert!(
            why.starts_with("NetworkAcl has no member `Entires`; it has Associations, Entries"),
            "{why}"
        );
    }
}
