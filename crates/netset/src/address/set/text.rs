//! Address sets as text: display, serde, JSON schema. All of them write the fewest
//! blocks, in order, so that equal sets give equal bytes.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::AddressSet;
use crate::Cidr;

/// Blocks with commas between, `10.0.0.0/8, ::1/128`; `nothing` if there are none.
impl fmt::Display for AddressSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut blocks = self.cidrs();
        let Some(first) = blocks.next() else {
            return f.write_str("nothing");
        };
        write!(f, "{first}")?;
        blocks.try_for_each(|block| write!(f, ", {block}"))
    }
}

/// Written as a set of blocks, `{10.0.0.0/8, ::1/128}`.
impl fmt::Debug for AddressSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.cidrs()).finish()
    }
}

impl Serialize for AddressSet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.cidrs())
    }
}

/// Reads blocks in any order; they may overlap.
impl<'de> Deserialize<'de> for AddressSet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::<Cidr>::deserialize(deserializer).map(Self::from_iter)
    }
}

impl JsonSchema for AddressSet {
    fn schema_name() -> Cow<'static, str> {
        "AddressSet".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "array",
            "items": generator.subschema_for::<Cidr>(),
            "description": "Set of addresses as a list of blocks; empty for no addresses.",
        })
    }
}
