//! One connection.

use std::fmt;
use std::net::{IpAddr, SocketAddr};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One TCP connection, seen from the client that opens it.
///
/// Ordered by client, then by server.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
pub struct Flow {
    /// Address of the client.
    pub source: IpAddr,
    /// Port of the client, to which answers return: an ephemeral one.
    pub source_port: u16,
    /// Address of the server.
    pub destination: IpAddr,
    /// Port of the server.
    pub port: u16,
}

impl Flow {
    /// The way the answers take: source and destination exchanged.
    #[must_use]
    pub const fn reply(self) -> Self {
        Self {
            source: self.destination,
            source_port: self.port,
            destination: self.source,
            port: self.source_port,
        }
    }
}

/// `10.0.1.5:32768 -> 10.0.2.7:6379`, IPv6 addresses in brackets.
impl fmt::Display for Flow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let from = SocketAddr::new(self.source, self.source_port);
        let to = SocketAddr::new(self.destination, self.port);
        write!(f, "{from} -> {to}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flow(source: &str, destination: &str) -> Flow {
        Flow {
            source: source.parse().unwrap(),
            source_port: 32_768,
            destination: destination.parse().unwrap(),
            port: 6379,
        }
    }

    #[test]
    fn text_shows_both_ends() {
        let v4 = flow("10.0.1.5", "10.0.2.7");
        assert_eq!(v4.to_string(), "10.0.1.5:32768 -> 10.0.2.7:6379");
        assert_eq!(v4.reply().to_string(), "10.0.2.7:6379 -> 10.0.1.5:32768");
        assert_eq!(v4.reply().reply(), v4);
        let v6 = flow("2001:db8::5", "2001:db8::7");
        assert_eq!(v6.to_string(), "[2001:db8::5]:32768 -> [2001:db8::7]:6379");
    }

    #[test]
    fn json_names_every_part() {
        let json =
            r#"{"source":"10.0.1.5","source_port":32768,"destination":"10.0.2.7","port":6379}"#;
        let v4 = flow("10.0.1.5", "10.0.2.7");
        assert_eq!(serde_json::to_string(&v4).unwrap(), json);
        assert_eq!(serde_json::from_str::<Flow>(json).unwrap(), v4);
        let schema = schemars::schema_for!(Flow).to_value();
        assert_eq!(schema["required"].as_array().unwrap().len(), 4);
    }
}
