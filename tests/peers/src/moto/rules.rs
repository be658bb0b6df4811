//! Filters of networks built in moto: security groups, prefix lists, network ACLs.

use std::ops::RangeInclusive;

use super::ec2::{Ec2, first};

/// Which way a rule looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// What comes in.
    Ingress,
    /// What goes out.
    Egress,
}

/// Whom a rule of a security group names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Peer<'a> {
    /// Addresses, of either family.
    Cidr(&'a str),
    /// A security group, by id.
    Group(&'a str),
    /// A prefix list, by id.
    PrefixList(&'a str),
}

impl Ec2 {
    /// A security group, which as in AWS lets everything out over IPv4; its id.
    pub fn security_group(&self, vpc: &str, name: &str) -> String {
        let parameters = [
            ("VpcId", vpc),
            ("GroupName", name),
            ("GroupDescription", name),
        ];
        self.id("groupId", "CreateSecurityGroup", &parameters)
    }

    /// A rule of a security group; its id. `protocol` is `tcp`, `udp`, or `-1` for all.
    pub fn allow(
        &self,
        group: &str,
        direction: Direction,
        protocol: &str,
        ports: RangeInclusive<u16>,
        peer: Peer<'_>,
    ) -> String {
        let action = match direction {
            Direction::Ingress => "AuthorizeSecurityGroupIngress",
            Direction::Egress => "AuthorizeSecurityGroupEgress",
        };
        self.rule("securityGroupRuleId", action, group, protocol, ports, peer)
    }

    /// Takes a rule back.
    pub fn revoke(
        &self,
        group: &str,
        direction: Direction,
        protocol: &str,
        ports: RangeInclusive<u16>,
        peer: Peer<'_>,
    ) {
        let action = match direction {
            Direction::Ingress => "RevokeSecurityGroupIngress",
            Direction::Egress => "RevokeSecurityGroupEgress",
        };
        self.rule("return", action, group, protocol, ports, peer);
    }

    fn rule(
        &self,
        element: &str,
        action: &str,
        group: &str,
        protocol: &str,
        ports: RangeInclusive<u16>,
        peer: Peer<'_>,
    ) -> String {
        let (name, value) = match peer {
            Peer::Cidr(cidr) if cidr.contains(':') => {
                ("IpPermissions.1.Ipv6Ranges.1.CidrIpv6", cidr)
            }
            Peer::Cidr(cidr) => ("IpPermissions.1.IpRanges.1.CidrIp", cidr),
            Peer::Group(id) => ("IpPermissions.1.Groups.1.GroupId", id),
            Peer::PrefixList(id) => ("IpPermissions.1.PrefixListIds.1.PrefixListId", id),
        };
        let (from, to) = (ports.start().to_string(), ports.end().to_string());
        let mut parameters = vec![
            ("GroupId", group),
            ("IpPermissions.1.IpProtocol", protocol),
            (name, value),
        ];
        if protocol != "-1" {
            parameters.extend([
                ("IpPermissions.1.FromPort", from.as_str()),
                ("IpPermissions.1.ToPort", to.as_str()),
            ]);
        }
        self.id(element, action, &parameters)
    }

    /// A network ACL without entries; its id.
    pub fn network_acl(&self, vpc: &str) -> String {
        self.id("networkAclId", "CreateNetworkAcl", &[("VpcId", vpc)])
    }

    /// An entry of a network ACL: `protocol` is `6` for TCP, `-1` for all; `action` is `allow` or `deny`.
    pub fn network_acl_entry(
        &self,
        acl: &str,
        (number, direction, action): (u16, Direction, &str),
        protocol: &str,
        ports: RangeInclusive<u16>,
        cidr: &str,
    ) {
        let block = if cidr.contains(':') {
            "Ipv6CidrBlock"
        } else {
            "CidrBlock"
        };
        self.call(
            "CreateNetworkAclEntry",
            &[
                ("NetworkAclId", acl),
                ("RuleNumber", &number.to_string()),
                ("Egress", &(direction == Direction::Egress).to_string()),
                ("RuleAction", action),
                ("Protocol", protocol),
                ("PortRange.From", &ports.start().to_string()),
                ("PortRange.To", &ports.end().to_string()),
                (block, cidr),
            ],
        );
    }

    /// Lets a subnet use a network ACL.
    pub fn use_network_acl(&self, subnet: &str, acl: &str) {
        let found = self.call(
            "DescribeNetworkAcls",
            &[
                ("Filter.1.Name", "association.subnet-id"),
                ("Filter.1.Value.1", subnet),
            ],
        );
        // An ACL has an association for each of its subnets.
        let association = found
            .split("<networkAclAssociationId>")
            .skip(1)
            .find(|each| first(each, "subnetId") == Some(subnet))
            .and_then(|each| each.split('<').next());
        let association =
            association.unwrap_or_else(|| panic!("{subnet} has no network ACL: {found}"));
        self.call(
            "ReplaceNetworkAclAssociation",
            &[("AssociationId", association), ("NetworkAclId", acl)],
        );
    }

    /// A customer's prefix list of IPv4 ranges; its id.
    pub fn prefix_list(&self, name: &str, cidrs: &[&str]) -> String {
        let names: Vec<_> = (1..=cidrs.len())
            .map(|number| format!("Entry.{number}.Cidr"))
            .collect();
        let size = cidrs.len().to_string();
        let mut parameters = vec![
            ("PrefixListName", name),
            ("MaxEntries", &size),
            ("AddressFamily", "IPv4"),
        ];
        parameters.extend(names.iter().map(String::as_str).zip(cidrs.iter().copied()));
        self.id("prefixListId", "CreateManagedPrefixList", &parameters)
    }
}
