//! Serverless clients: connectors, and Cloud Run services with Direct VPC
//! egress. A service behind a connector shows as that connector.

use std::collections::BTreeMap;

use cachewarden_model::{
    AccountId, Attachment, Fact, Gap, GcpInterface, Interface, InterfaceKind, Platform, Provider,
    Region, ResourceId, RunState, Subnet,
};
use cachewarden_netset::Cidr;
use serde_json::Value;

use super::addresses::range;
use super::{last, odd, read, region, subnet, untold};
use crate::collect::Estate;
use crate::operation::Operation;
use crate::wire::serverless::{Connector, DirectEgress, Service};

pub(super) fn interfaces(estate: &Estate) -> Vec<Result<Interface, Box<Gap>>> {
    let connectors = estate.rows(Operation::Connectors);
    let services = estate.rows(Operation::Services);
    if connectors.count() + services.count() == 0 {
        return vec![];
    }
    let subnets: BTreeMap<ResourceId, Subnet> = subnet::subnets(estate)
        .into_iter()
        .flatten()
        .map(|it| (it.id.clone(), it))
        .collect();
    let view = View { estate, subnets };
    let connectors = estate.rows(Operation::Connectors);
    let mut all: Vec<_> = connectors
        .map(|(account, it)| view.connector(account, it))
        .collect();
    for (account, value) in estate.rows(Operation::Services) {
        all.extend(view.services(account, value));
    }
    all
}

struct View<'a> {
    estate: &'a Estate,
    subnets: BTreeMap<ResourceId, Subnet>,
}

/// Where something serverless comes from.
struct Place {
    region: Region,
    network: ResourceId,
    subnet: ResourceId,
    prefixes: Vec<Cidr>,
}

impl View<'_> {
    /// Source: `google/cloud/vpcaccess/v1/vpc_access.proto`, "Connector".
    fn connector(&self, account: &AccountId, value: &Value) -> Result<Interface, Box<Gap>> {
        let operation = Operation::Connectors;
        let it: Connector = read(account, operation, value)?;
        let hidden = |what: &str| {
            let message = format!("{what} of the connector {} cannot be read", last(&it.name));
            let mut gap = odd(account, operation, &message);
            gap.hides = operation.hides().to_vec();
            Box::new(gap)
        };
        let id = self.estate.ids.resource(&it.name, account);
        let region = region(&it.name);
        let named = it.subnet.as_ref().filter(|it| !it.name.is_empty());
        let place = if let Some(named) = named {
            let project = match named.project_id.as_str() {
                "" => account.clone(),
                project => self.estate.ids.project(project),
            };
            let subnet = subnet_id(&project, &region, &named.name);
            self.place(&subnet, it.network.as_deref(), &project, None)
                .ok_or_else(|| hidden("the subnet"))?
        } else {
            let text = it
                .ip_cidr_range
                .as_deref()
                .ok_or_else(|| hidden("the range"))?;
            let network = it.network.as_deref().ok_or_else(|| hidden("the network"))?;
            Place {
                region,
                network: network_id(self.estate, account, network),
                // A range of its own, in no subnet that is listed.
                subnet: ResourceId::from(format!("{id}/range")),
                prefixes: vec![range(text).ok_or_else(|| hidden("the range"))?],
            }
        };
        let state = match it.state.as_deref() {
            None | Some("STATE_UNSPECIFIED" | "0") => Fact::unknown(untold(
                account,
                operation,
                "the API does not tell whether the connector is ready",
            )),
            Some(word) => Fact::Known(match word {
                "READY" | "1" => RunState::Running,
                word => RunState::Other(connector_state(word).to_owned()),
            }),
        };
        let mut gap = untold(
            account,
            operation,
            "the cloud does not tell which network tags it gives to connectors",
        );
        gap.region = Some(place.region.clone());
        let gcp = GcpInterface {
            tags_unread: Some(Box::new(gap)),
            ..GcpInterface::default()
        };
        let name = last(&it.name).to_owned();
        let kind = InterfaceKind::Connector;
        Ok(interface(
            account,
            (id.clone(), id, name),
            kind,
            place,
            state,
            gcp,
        ))
    }

    /// One client for each subnet that a service sends from; none for a
    /// service that sends into no network by itself.
    fn services(&self, account: &AccountId, value: &Value) -> Vec<Result<Interface, Box<Gap>>> {
        let it: Service = match read(account, Operation::Services, value) {
            Ok(it) => it,
            Err(gap) => return vec![Err(gap)],
        };
        let annotations = &it.spec.template.metadata.annotations;
        let Some(text) = annotations.get("run.googleapis.com/network-interfaces") else {
            return vec![];
        };
        let Ok(interfaces) = serde_json::from_str::<Vec<DirectEgress>>(text) else {
            return vec![Err(strange(account, &it, "the network interfaces"))];
        };
        interfaces
            .iter()
            .map(|egress| self.service(account, &it, egress))
            .collect()
    }

    /// Source: Cloud Run, "Direct VPC egress with a VPC network".
    fn service(
        &self,
        account: &AccountId,
        it: &Service,
        egress: &DirectEgress,
    ) -> Result<Interface, Box<Gap>> {
        let hidden = |what| strange(account, it, what);
        let location = it.metadata.labels.get("cloud.googleapis.com/location");
        let region = Region::from(location.ok_or_else(|| hidden("the region"))?.as_str());
        let network = egress.network.as_deref().filter(|it| !it.is_empty());
        // Without a subnet it is the one that is called as the network is.
        let named = egress.subnetwork.as_deref().filter(|it| !it.is_empty());
        let named = named
            .or(network.map(last))
            .ok_or_else(|| hidden("the subnet"))?;
        let subnet = if named.contains('/') {
            self.estate.ids.resource(named, account)
        } else {
            // A bare name is of the network's project.
            let home = network.filter(|it| it.contains('/')).map(|it| {
                let network = self.estate.ids.relative(it, account);
                AccountId::from(super::project(&network))
            });
            subnet_id(&home.unwrap_or_else(|| account.clone()), &region, named)
        };
        let place = self
            .place(&subnet, network, account, Some(()))
            .ok_or_else(|| hidden("the subnet"))?;
        let own = ResourceId::from(format!(
            "projects/{account}/locations/{region}/services/{}",
            it.metadata.name
        ));
        let id = ResourceId::from(format!("{own}#{}", last(subnet.as_str())));
        let words = &it.spec.template.metadata.annotations;
        let words = words.get("run.googleapis.com/vpc-access-egress");
        let gcp = GcpInterface {
            // Source: as above: private ranges alone where nothing is chosen.
            egress: Some(words.map_or("PRIVATE_RANGES_ONLY".to_owned(), |it| {
                it.to_ascii_uppercase().replace('-', "_")
            })),
            ..GcpInterface::default()
        };
        let mut tags = egress.tags.clone();
        tags.sort();
        let name = it.metadata.name.clone();
        let kind = InterfaceKind::Function;
        let service_account = it.spec.template.spec.service_account_name.clone();
        let state = run_state(account, it);
        Ok(Interface {
            network_tags: tags,
            service_account,
            ..interface(account, (id, own, name), kind, place, state, gcp)
        })
    }

    /// A subnet that was read, or as much as is known of another one; none if
    /// not even its network is. `primary` takes the primary range alone.
    fn place(
        &self,
        id: &ResourceId,
        network: Option<&str>,
        account: &AccountId,
        primary: Option<()>,
    ) -> Option<Place> {
        if let Some(subnet) = self.subnets.get(id) {
            let secondary = subnet.gcp.as_ref().map(|it| &it.secondary);
            let other = |it: &Cidr| secondary.is_some_and(|all| all.values().any(|own| own == it));
            let mut prefixes = subnet.cidrs.clone();
            prefixes.retain(|it| primary.is_none() || !other(it));
            return Some(Place {
                region: subnet.region.clone(),
                network: subnet.network.clone(),
                subnet: id.clone(),
                prefixes,
            });
        }
        Some(Place {
            region: region(id.as_str()),
            network: network_id(self.estate, account, network?),
            subnet: id.clone(),
            prefixes: vec![],
        })
    }
}

fn strange(account: &AccountId, it: &Service, what: &str) -> Box<Gap> {
    let message = format!("{what} of the service {} cannot be read", it.metadata.name);
    let mut gap = odd(account, Operation::Services, &message);
    gap.hides = Operation::Services.hides().to_vec();
    Box::new(gap)
}

/// The word of a number, which some answers hold in its stead.
///
/// Source: `vpc_access.proto`, "State" of a connector.
fn connector_state(word: &str) -> &str {
    match word {
        "2" => "CREATING",
        "3" => "DELETING",
        "4" => "ERROR",
        "5" => "UPDATING",
        word => word,
    }
}

/// Whether the newest revision that was asked for serves.
fn run_state(account: &AccountId, it: &Service) -> Fact<RunState> {
    let ready = it.status.conditions.iter().find(|it| it.kind == "Ready");
    match ready.map(|it| it.status.as_str()) {
        Some("True") => Fact::Known(RunState::Running),
        Some("False") => Fact::Known(RunState::Other("not ready".to_owned())),
        _ => Fact::unknown(untold(
            account,
            Operation::Services,
            "the API does not tell whether the service is ready",
        )),
    }
}

fn subnet_id(project: &AccountId, region: &Region, name: &str) -> ResourceId {
    ResourceId::from(format!(
        "projects/{project}/regions/{region}/subnetworks/{name}"
    ))
}

/// A network by its URL, or by its bare name within the project.
fn network_id(estate: &Estate, account: &AccountId, text: &str) -> ResourceId {
    if text.contains('/') {
        estate.ids.resource(text, account)
    } else {
        ResourceId::from(format!("projects/{account}/global/networks/{text}"))
    }
}

fn interface(
    account: &AccountId,
    (id, own, name): (ResourceId, ResourceId, String),
    kind: InterfaceKind,
    place: Place,
    state: Fact<RunState>,
    gcp: GcpInterface,
) -> Interface {
    Interface {
        id,
        name: name.clone(),
        provider: Provider::Gcp,
        account: account.clone(),
        region: place.region,
        network: place.network,
        subnet: place.subnet,
        kind,
        attached_to: Some(Attachment {
            id: own,
            name,
            state,
            platform: Fact::Known(Platform::Managed),
            machine_type: None,
        }),
        addresses: vec![],
        prefixes: place.prefixes,
        public_addresses: vec![],
        filters: Fact::Default(vec![]),
        groups: vec![],
        network_tags: vec![],
        service_account: None,
        gcp: Some(Box::new(gcp)),
        address_check: Fact::Default(true),
        tracking_idle_seconds: None,
        description: String::new(),
        tags: BTreeMap::new(),
    }
}
