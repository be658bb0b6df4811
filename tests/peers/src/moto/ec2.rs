//! Builds networks: a small client of EC2's query API, for moto and for a [`crate::FakeAws`] in front of it.
//!
//! Every call that is refused ends the test with what the server said.

use crate::forward::{ACCOUNT_HEADER, address};
use crate::http::{encode, send};
use crate::identity::access_key;

/// An image that moto knows.
const IMAGE: &str = "ami-12c6146b";

/// A client of one account and region.
#[derive(Debug, Clone)]
pub struct Ec2 {
    address: String,
    account: String,
    region: String,
}

impl Ec2 {
    /// A client of the server at `url`.
    #[must_use]
    pub fn at(url: &str, account: &str, region: &str) -> Self {
        Self {
            address: address(url),
            account: account.to_owned(),
            region: region.to_owned(),
        }
    }

    /// Sends one request; the answer's XML.
    ///
    /// # Panics
    ///
    /// Where the server refuses it.
    pub fn call(&self, action: &str, parameters: &[(&str, &str)]) -> String {
        let mut body = format!("Action={action}&Version=2016-11-15");
        for (name, value) in parameters {
            body.push_str(&format!("&{}={}", encode(name), encode(value)));
        }
        let credential = format!(
            "AWS4-HMAC-SHA256 Credential={}/20260131/{}/ec2/aws4_request, SignedHeaders=host, Signature=0",
            access_key(&self.account),
            self.region
        );
        let headers = [
            ("host", self.address.as_str()),
            ("authorization", credential.as_str()),
            (
                "content-type",
                "application/x-www-form-urlencoded; charset=utf-8",
            ),
            (ACCOUNT_HEADER, self.account.as_str()),
        ];
        let answer = send(&self.address, "POST / HTTP/1.1", &headers, body.as_bytes())
            .unwrap_or_else(|error| panic!("{action}: {error}"));
        let text = String::from_utf8_lossy(&answer.body).into_owned();
        assert_eq!(answer.status, 200, "{action} {parameters:?}: {text}");
        text
    }

    /// A network; its id.
    pub fn vpc(&self, cidr: &str) -> String {
        self.id("vpcId", "CreateVpc", &[("CidrBlock", cidr)])
    }

    /// Sets a network's attribute: `EnableDnsSupport`, `EnableDnsHostnames`.
    pub fn vpc_attribute(&self, vpc: &str, attribute: &str, value: bool) {
        let name = format!("{attribute}.Value");
        self.call(
            "ModifyVpcAttribute",
            &[("VpcId", vpc), (&name, &value.to_string())],
        );
    }

    /// A subnet in a zone (`eu-west-1a`); its id.
    pub fn subnet(&self, vpc: &str, cidr: &str, zone: &str) -> String {
        let parameters = [
            ("VpcId", vpc),
            ("CidrBlock", cidr),
            ("AvailabilityZone", zone),
        ];
        self.id("subnetId", "CreateSubnet", &parameters)
    }

    /// A route table; its id.
    pub fn route_table(&self, vpc: &str) -> String {
        self.id("routeTableId", "CreateRouteTable", &[("VpcId", vpc)])
    }

    /// Lets a subnet use a route table.
    pub fn use_route_table(&self, subnet: &str, table: &str) {
        self.call(
            "AssociateRouteTable",
            &[("SubnetId", subnet), ("RouteTableId", table)],
        );
    }

    /// A route; `target` as the API names it: `("GatewayId", id)`, `("VpcPeeringConnectionId", id)`, ….
    pub fn route(&self, table: &str, cidr: &str, target: (&str, &str)) {
        let block = if cidr.contains(':') {
            "DestinationIpv6CidrBlock"
        } else {
            "DestinationCidrBlock"
        };
        self.call(
            "CreateRoute",
            &[("RouteTableId", table), (block, cidr), target],
        );
    }

    /// An internet gateway attached to a network; its id.
    pub fn internet_gateway(&self, vpc: &str) -> String {
        let gateway = self.id("internetGatewayId", "CreateInternetGateway", &[]);
        self.call(
            "AttachInternetGateway",
            &[("InternetGatewayId", &gateway), ("VpcId", vpc)],
        );
        gateway
    }

    /// A peering with a network of any account and region, not yet accepted; its id.
    pub fn peering(&self, vpc: &str, peer: &str, account: &str, region: &str) -> String {
        let parameters = [
            ("VpcId", vpc),
            ("PeerVpcId", peer),
            ("PeerOwnerId", account),
            ("PeerRegion", region),
        ];
        self.id(
            "vpcPeeringConnectionId",
            "CreateVpcPeeringConnection",
            &parameters,
        )
    }

    /// Accepts a peering, with the client of the other side.
    pub fn accept_peering(&self, peering: &str) {
        self.call(
            "AcceptVpcPeeringConnection",
            &[("VpcPeeringConnectionId", peering)],
        );
    }

    /// A transit gateway; its id.
    pub fn transit_gateway(&self) -> String {
        self.id("transitGatewayId", "CreateTransitGateway", &[])
    }

    /// Attaches a network to a transit gateway through subnets; the attachment's id.
    pub fn transit_gateway_attachment(&self, gateway: &str, vpc: &str, subnets: &[&str]) -> String {
        let names = numbered("SubnetIds", subnets.len());
        let mut parameters = vec![("TransitGatewayId", gateway), ("VpcId", vpc)];
        parameters.extend(
            names
                .iter()
                .map(String::as_str)
                .zip(subnets.iter().copied()),
        );
        self.id(
            "transitGatewayAttachmentId",
            "CreateTransitGatewayVpcAttachment",
            &parameters,
        )
    }

    /// A running instance with one interface; the ids of both.
    pub fn instance(&self, subnet: &str, groups: &[&str], address: &str) -> (String, String) {
        let names = numbered("NetworkInterface.1.SecurityGroupId", groups.len());
        let mut parameters = vec![
            ("ImageId", IMAGE),
            ("MinCount", "1"),
            ("MaxCount", "1"),
            ("NetworkInterface.1.DeviceIndex", "0"),
            ("NetworkInterface.1.SubnetId", subnet),
            ("NetworkInterface.1.PrivateIpAddress", address),
        ];
        parameters.extend(names.iter().map(String::as_str).zip(groups.iter().copied()));
        let answer = self.call("RunInstances", &parameters);
        (
            expect(&answer, "instanceId").to_owned(),
            expect(&answer, "networkInterfaceId").to_owned(),
        )
    }

    /// An interface that belongs to no instance; its id.
    pub fn interface(
        &self,
        subnet: &str,
        groups: &[&str],
        address: &str,
        description: &str,
    ) -> String {
        let names = numbered("SecurityGroupId", groups.len());
        let mut parameters = vec![
            ("SubnetId", subnet),
            ("PrivateIpAddress", address),
            ("Description", description),
        ];
        parameters.extend(names.iter().map(String::as_str).zip(groups.iter().copied()));
        self.id("networkInterfaceId", "CreateNetworkInterface", &parameters)
    }

    /// Tags anything.
    pub fn tag(&self, resource: &str, key: &str, value: &str) {
        self.call(
            "CreateTags",
            &[
                ("ResourceId.1", resource),
                ("Tag.1.Key", key),
                ("Tag.1.Value", value),
            ],
        );
    }

    /// Sends a request; the text of the answer's first element of that name.
    pub(super) fn id(&self, element: &str, action: &str, parameters: &[(&str, &str)]) -> String {
        expect(&self.call(action, parameters), element).to_owned()
    }
}

pub(super) fn numbered(name: &str, count: usize) -> Vec<String> {
    (1..=count)
        .map(|number| format!("{name}.{number}"))
        .collect()
}

/// The text of the first element of that name.
pub(super) fn first<'a>(xml: &'a str, element: &str) -> Option<&'a str> {
    let (_, rest) = xml.split_once(&format!("<{element}>"))?;
    rest.split('<').next()
}

fn expect<'a>(xml: &'a str, element: &str) -> &'a str {
    first(xml, element).unwrap_or_else(|| panic!("no {element} in {xml}"))
}
