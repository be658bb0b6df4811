//! Names of things: which cloud, which account, which resource.
//!
//! Ids are kept as the cloud writes them and compared whole; none is parsed
//! or built. Text of up to 24 bytes lives inside the value, so the ids of
//! AWS (`sgr-0123456789abcdef0`) cost no allocation.

use std::borrow::Borrow;
use std::fmt;

use compact_str::CompactString;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A public cloud.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Provider {
    /// Amazon Web Services.
    Aws,
    /// Microsoft Azure.
    Azure,
    /// Google Cloud.
    Gcp,
}

impl Provider {
    /// The lower-case name that the command line and all formats use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Aws => "aws",
            Self::Azure => "azure",
            Self::Gcp => "gcp",
        }
    }
}

impl fmt::Display for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
            JsonSchema,
        )]
        #[serde(transparent)]
        pub struct $name(#[schemars(with = "String")] CompactString);

        impl $name {
            /// Takes the text as it is.
            pub fn new(text: impl AsRef<str>) -> Self {
                Self(CompactString::new(text))
            }

            /// The text as the cloud writes it.
            pub fn as_str(&self) -> &str {
                self.0.as_str()
            }

            /// Whether there is no text at all.
            pub fn is_empty(&self) -> bool {
                self.0.is_empty()
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(CompactString::new(text))
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(CompactString::from(text))
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                self.as_str()
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                self.as_str() == other
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool {
                self.as_str() == *other
            }
        }
    };
}

text_id! {
    /// A resource, as its cloud names it: an ARN, `sg-…`, an Azure resource
    /// id, a Google Cloud resource name.
    ResourceId
}
text_id! {
    /// An AWS account, an Azure subscription or a Google Cloud project.
    AccountId
}
text_id! {
    /// A region, as the cloud spells it; `global` where the cloud has no
    /// region for the thing.
    Region
}
text_id! {
    /// A line of a filter: `sgr-…`, `100 egress` of a network ACL, the name
    /// of an NSG rule.
    RuleId
}
text_id! {
    /// A policy, in kebab-case.
    PolicyId
}
