//! Firewall rules and the filters that they stand in.

use cachewarden_model::network::GcpRule;
use cachewarden_model::{
    Action, Direction, Discipline, Fact, Filter, FilterKind, Peer, Provider, Rule, RuleId, Tracking,
};
use cachewarden_netset::{PortRange, Protocol};

use super::id;
use super::network::range;

/// A rule under construction: any protocol, any port, any IPv4 address on the
/// far side, all machines on the near side.
#[derive(Debug, Clone)]
pub struct Draft(Rule);

/// A rule of a network for packets from its machines.
pub fn egress(name: &str, priority: u32, action: Action) -> Draft {
    Draft::new(name, priority, action, Direction::Egress)
}

/// A rule of a network for packets to its machines.
pub fn ingress(name: &str, priority: u32, action: Action) -> Draft {
    Draft::new(name, priority, action, Direction::Ingress)
}

/// A rule of a firewall policy for packets from machines; it has no name but
/// its priority.
pub fn line(priority: u32, action: Action) -> Draft {
    Draft::new(&priority.to_string(), priority, action, Direction::Egress)
}

impl Draft {
    fn new(name: &str, priority: u32, action: Action, direction: Direction) -> Self {
        Self(Rule {
            id: RuleId::from(name),
            direction,
            action,
            priority: Some(priority),
            protocol: Protocol::Any,
            ports: vec![PortRange::ALL],
            peers: vec![cidr("0.0.0.0/0")],
            local: vec![],
            source_ports: vec![],
            gcp: None,
            description: String::new(),
        })
    }

    /// Over TCP only, to these destination ports.
    #[must_use]
    pub fn tcp(mut self, first: u16, last: u16) -> Self {
        self.0.protocol = Protocol::TCP;
        self.0.ports = PortRange::new(first, last).into_iter().collect();
        self
    }

    /// Over this protocol, to any port.
    #[must_use]
    pub fn protocol(mut self, protocol: Protocol) -> Self {
        self.0.protocol = protocol;
        self.0.ports = vec![PortRange::ALL];
        self
    }

    /// To or from these ranges.
    #[must_use]
    pub fn far(self, ranges: &[&str]) -> Self {
        self.peers(ranges.iter().map(|it| cidr(it)))
    }

    /// To or from these.
    #[must_use]
    pub fn peers(mut self, peers: impl IntoIterator<Item = Peer>) -> Self {
        self.0.peers = peers.into_iter().collect();
        self
    }

    /// For machines with one of these tags.
    #[must_use]
    pub fn tags(self, tags: &[&str]) -> Self {
        self.targets(tags.iter().map(|it| Peer::Tag((*it).to_owned())))
    }

    /// For machines that run as one of these service accounts.
    #[must_use]
    pub fn accounts(self, emails: &[&str]) -> Self {
        self.targets(emails.iter().map(|it| account(it)))
    }

    /// For machines with one of these secure tags (`tagValues/1`).
    #[must_use]
    pub fn secure_tags(self, values: &[&str]) -> Self {
        self.targets(
            values
                .iter()
                .map(|it| Peer::Other(format!("secure tag {it}"))),
        )
    }

    /// For these machines.
    #[must_use]
    pub fn targets(mut self, targets: impl IntoIterator<Item = Peer>) -> Self {
        self.0.local = targets.into_iter().collect();
        self
    }

    /// For machines of these networks.
    #[must_use]
    pub fn networks(mut self, networks: &[&str]) -> Self {
        self.gcp().networks = networks.iter().map(|it| (*it).into()).collect();
        self.gcp().networks.sort();
        self
    }

    /// For these addresses on the near side, besides the target.
    #[must_use]
    pub fn near(mut self, ranges: &[&str]) -> Self {
        self.gcp().near = ranges.iter().map(|it| cidr(it)).collect();
        self
    }

    /// As if it were absent: `disabled`, `no effective tag`.
    #[must_use]
    pub fn off(mut self, why: &str) -> Self {
        self.gcp().off = Some(why.to_owned());
        self
    }

    /// Handing what it allows to a security profile.
    #[must_use]
    pub fn inspects(mut self) -> Self {
        self.gcp().inspects = true;
        self
    }

    fn gcp(&mut self) -> &mut GcpRule {
        self.0.gcp.get_or_insert_default()
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

/// A range.
pub fn cidr(text: &str) -> Peer {
    Peer::Cidr(range(text))
}

/// A service account.
pub fn account(email: &str) -> Peer {
    Peer::ServiceAccount(email.to_owned())
}

/// What the cloud alone can resolve: `fqdn example.com`, `region RU`.
pub fn unresolved(words: &str) -> Peer {
    Peer::Other(words.to_owned())
}

/// The filter with a network's own rules.
pub fn firewalls(network: &str, rules: impl IntoIterator<Item = Draft>) -> Filter {
    let name = format!("firewalls of {}", id::name_of(network));
    Filter {
        network: Some(network.into()),
        name,
        kind: FilterKind::VpcFirewall,
        ..policy(&id::firewalls(network), rules)
    }
}

/// A firewall policy with these rules alone.
pub fn policy(id: &str, rules: impl IntoIterator<Item = Draft>) -> Filter {
    Filter {
        id: id.into(),
        name: id::name_of(id).to_owned(),
        provider: Provider::Gcp,
        account: id::project_of(id).into(),
        region: id::region_of(id).into(),
        kind: FilterKind::FirewallPolicy,
        network: None,
        discipline: Discipline::FirstMatch,
        tracking: Tracking::Stateful,
        builtin: false,
        rules: Fact::Known(rules.into_iter().map(Rule::from).collect()),
    }
}

/// The rules that every policy is made with: each leaves the packet to the
/// next filter.
pub fn premade() -> Vec<Draft> {
    let next = |priority, direction: Direction, far: &str| {
        let draft = match direction {
            Direction::Egress => egress(&format!("{priority}"), priority, Action::Next),
            Direction::Ingress => ingress(&format!("{priority}"), priority, Action::Next),
        };
        draft.far(&[far])
    };
    vec![
        next(2_147_483_644, Direction::Egress, "::/0"),
        next(2_147_483_645, Direction::Ingress, "::/0"),
        next(2_147_483_646, Direction::Egress, "0.0.0.0/0"),
        next(2_147_483_647, Direction::Ingress, "0.0.0.0/0"),
    ]
}
