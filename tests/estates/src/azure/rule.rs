//! Rules of network security groups.

use cachewarden_model::{Action, Direction, Peer, Rule};
use cachewarden_netset::{Cidr, PortRange, Protocol};

use super::id;

/// A rule under construction: any protocol, any port, from and to anybody.
#[derive(Debug, Clone)]
pub struct Draft(Rule);

/// A rule for packets towards what the group guards.
pub fn inbound(name: &str, priority: u32, action: Action) -> Draft {
    Draft::new(name, priority, action, Direction::Ingress)
}

/// A rule for packets from what the group guards.
pub fn outbound(name: &str, priority: u32, action: Action) -> Draft {
    Draft::new(name, priority, action, Direction::Egress)
}

impl Draft {
    fn new(name: &str, priority: u32, action: Action, direction: Direction) -> Self {
        Self(Rule {
            gcp: None,
            id: name.into(),
            direction,
            action,
            priority: Some(priority),
            protocol: Protocol::Any,
            ports: vec![PortRange::ALL],
            peers: any(),
            local: any(),
            source_ports: vec![],
            description: String::new(),
        })
    }

    /// Over TCP only, to these destination ports.
    #[must_use]
    pub fn tcp(mut self, first: u16, last: u16) -> Self {
        self.0.protocol = Protocol::TCP;
        self.on(first, last)
    }

    /// To these destination ports, over any protocol.
    #[must_use]
    pub fn on(mut self, first: u16, last: u16) -> Self {
        self.0.ports = PortRange::new(first, last).into_iter().collect();
        self
    }

    /// Naming these on the far side.
    #[must_use]
    pub fn far(mut self, peers: impl IntoIterator<Item = Peer>) -> Self {
        self.0.peers = peers.into_iter().collect();
        self
    }

    /// Naming these on the near side.
    #[must_use]
    pub fn near(mut self, peers: impl IntoIterator<Item = Peer>) -> Self {
        self.0.local = peers.into_iter().collect();
        self
    }

    /// From these source ports.
    #[must_use]
    pub fn source_ports(mut self, first: u16, last: u16) -> Self {
        self.0.source_ports = PortRange::new(first, last).into_iter().collect();
        self
    }

    /// Over this protocol.
    #[must_use]
    pub fn protocol(mut self, protocol: Protocol) -> Self {
        self.0.protocol = protocol;
        self
    }

    /// The rule.
    pub fn rule(self) -> Rule {
        self.0
    }
}

impl From<Draft> for Rule {
    fn from(draft: Draft) -> Self {
        draft.0
    }
}

/// Anybody, in both families.
pub fn any() -> Vec<Peer> {
    vec![Peer::Cidr(Cidr::ANY_V4), Peer::Cidr(Cidr::ANY_V6)]
}

/// A range.
pub fn cidr(text: &str) -> Peer {
    Peer::Cidr(text.parse().expect("a range"))
}

/// A service tag.
pub fn tag(text: &str) -> Peer {
    Peer::ServiceTag(text.to_owned())
}

/// An application security group.
pub fn asg(name: &str) -> Peer {
    Peer::Group {
        group: id::asg(name).into(),
        account: None,
        network: None,
        link: None,
    }
}

/// The rules that every network security group ends with.
///
/// Source: Azure Virtual Network, "Network security groups", default rules.
pub fn defaults() -> Vec<Rule> {
    use Action::{Allow, Deny};
    let v4 = || [cidr("0.0.0.0/0")];
    vec![
        inbound("AllowVnetInBound", 65_000, Allow)
            .far([tag("VirtualNetwork")])
            .near([tag("VirtualNetwork")])
            .rule(),
        inbound("AllowAzureLoadBalancerInBound", 65_001, Allow)
            .far([tag("AzureLoadBalancer")])
            .rule(),
        inbound("DenyAllInBound", 65_500, Deny).rule(),
        outbound("AllowVnetOutBound", 65_000, Allow)
            .far([tag("VirtualNetwork")])
            .near([tag("VirtualNetwork")])
            .rule(),
        outbound("AllowInternetOutBound", 65_001, Allow)
            .far([tag("Internet")])
            .near(v4())
            .rule(),
        outbound("DenyAllOutBound", 65_500, Deny).rule(),
    ]
}
