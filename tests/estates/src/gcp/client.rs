//! Machines, connectors and serverless services.

use std::collections::BTreeMap;

use cachewarden_model::network::GcpInterface;
use cachewarden_model::{
    Attachment, Fact, Gap, GapReason, Interface, InterfaceKind, Platform, Provider, RunState,
};

use super::id;
use super::network::range;
use crate::Estate;

/// The first interface of a running machine in zone b of its subnet's region,
/// by its id.
pub fn machine(
    estate: &Estate,
    subnet: &str,
    id: &str,
    address: &str,
    tags: &[&str],
    account: Option<&str>,
) -> Interface {
    let subnet = estate.subnet(subnet);
    let own = id.rsplit_once('/').map_or(id, |(own, _)| own);
    let mut network_tags: Vec<String> = tags.iter().map(|it| (*it).to_owned()).collect();
    network_tags.sort();
    Interface {
        id: id.into(),
        name: id::name_of(own).to_owned(),
        provider: Provider::Gcp,
        account: id::project_of(id).into(),
        region: subnet.region.clone(),
        network: subnet.network.clone(),
        subnet: subnet.id.clone(),
        kind: InterfaceKind::Machine,
        attached_to: Some(Attachment {
            id: own.into(),
            name: id::name_of(own).to_owned(),
            state: Fact::Known(RunState::Running),
            platform: Fact::Known(Platform::Linux),
            machine_type: Some("e2-small".to_owned()),
        }),
        addresses: vec![address.parse().expect("an address")],
        prefixes: vec![],
        public_addresses: vec![],
        filters: Fact::Default(vec![]),
        groups: vec![],
        network_tags,
        service_account: account.map(str::to_owned),
        gcp: Some(Box::new(GcpInterface {
            scopes: account
                .map(|_| "https://www.googleapis.com/auth/cloud-platform".to_owned())
                .into_iter()
                .collect(),
            egress: None,
            tags_unread: None,
        })),
        address_check: Fact::Known(true),
        tracking_idle_seconds: None,
        description: String::new(),
        tags: BTreeMap::new(),
    }
}

/// A serverless connector that is ready and has the whole of a subnet.
pub fn connector(estate: &Estate, subnet: &str, id: &str) -> Interface {
    let home = estate.subnet(subnet).clone();
    let mut interface = without_address(estate, subnet, id);
    interface.kind = InterfaceKind::Connector;
    interface.prefixes = home.cidrs;
    if let Some(gcp) = &mut interface.gcp {
        gcp.tags_unread = Some(Box::new(Gap {
            provider: Provider::Gcp,
            account: Some(id::project_of(id).into()),
            region: Some(home.region),
            what: "network tags of a connector".to_owned(),
            why: GapReason::NotOffered,
            message: "the cloud does not tell which tags it gives to connectors".to_owned(),
            hides: vec![],
        }));
    }
    interface
}

/// A Cloud Run service with Direct VPC egress from the primary range of a
/// subnet: `SERVICE#SUBNET`.
pub fn service(estate: &Estate, subnet: &str, id: &str, primary: &str, tags: &[&str]) -> Interface {
    let mut interface = without_address(estate, subnet, id);
    interface.kind = InterfaceKind::Function;
    interface.prefixes = vec![range(primary)];
    interface.network_tags = tags.iter().map(|it| (*it).to_owned()).collect();
    interface.network_tags.sort();
    if let Some(gcp) = &mut interface.gcp {
        gcp.egress = Some("PRIVATE_RANGES_ONLY".to_owned());
    }
    interface
}

fn without_address(estate: &Estate, subnet: &str, id: &str) -> Interface {
    let mut interface = machine(estate, subnet, id, "0.0.0.0", &[], None);
    let own = id.split('#').next().unwrap_or(id);
    interface.addresses.clear();
    id::name_of(own).clone_into(&mut interface.name);
    interface.attached_to = Some(Attachment {
        id: own.into(),
        name: id::name_of(own).to_owned(),
        state: Fact::Known(RunState::Running),
        platform: Fact::Known(Platform::Managed),
        machine_type: None,
    });
    interface
}
