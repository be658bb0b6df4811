//! Clients whose interfaces are not listed: machines of uniform scale sets
//! (nodes of AKS among them) and apps that reach into a subnet. Each stands
//! for itself with all addresses of its subnet: it may have any of them.

use std::collections::BTreeSet;

use cachewarden_model::{
    AccountId, Attachment, Fact, Gap, GapReason, Interface, InterfaceKind, Platform, Provider,
    ResourceId, RunState,
};
use cachewarden_netset::Cidr;
use serde_json::Value;

use super::addresses::cidrs;
use super::interface::platform;
use super::{View, gap, last, name, normalised, row, tags};
use crate::operation::Operation;
use crate::wire::Resource;
use crate::wire::network as wire;

/// One interface for each such client and subnet.
pub(super) fn interfaces(view: View<'_>) -> Vec<Result<Interface, Box<Gap>>> {
    let rows = |operation| view.estate.graph.rows(operation).iter();
    let sets = rows(Operation::ScaleSets).flat_map(|it| scale_set(view, it));
    let sites = rows(Operation::Sites).filter_map(|it| app(view, Operation::Sites, it));
    let environments = rows(Operation::ContainerEnvironments);
    let environments =
        environments.filter_map(|it| app(view, Operation::ContainerEnvironments, it));
    sets.chain(sites).chain(environments).collect()
}

/// A scale set, once for each subnet. Machines of a flexible one have
/// interfaces that are listed.
///
/// Source: Azure Virtual Machine Scale Sets, "Orchestration modes".
fn scale_set(view: View<'_>, value: &Value) -> Vec<Result<Interface, Box<Gap>>> {
    const WHAT: Operation = Operation::ScaleSets;
    let (account, set) = match row::<wire::ScaleSet>(WHAT, value) {
        Ok(read) => read,
        Err(gap) => return vec![Err(gap)],
    };
    let mode = set.own.mode.as_deref().unwrap_or_default();
    if mode.eq_ignore_ascii_case("Flexible") {
        return vec![];
    }
    let unread = || {
        let message = format!("the subnets of {} were not told", name(&set));
        let mut gap = gap(&account, WHAT, GapReason::NotOffered, message);
        gap.hides = WHAT.hides().to_vec();
        Err(Box::new(gap))
    };
    let Some(listed) = &set.own.interfaces else {
        return vec![unread()];
    };
    let mut seen = BTreeSet::new();
    let mut interfaces = vec![];
    for interface in listed {
        let wire = &interface.properties;
        for address in &wire.ip_configurations {
            let Some(subnet) = &address.properties.subnet else {
                interfaces.push(unread());
                continue;
            };
            if !seen.insert(subnet.id.to_lowercase()) {
                continue;
            }
            let group = wire.network_security_group.as_ref();
            let groups = &address.properties.application_security_groups;
            let found = Client {
                view,
                account: &account,
                operation: WHAT,
                subnet: &subnet.id,
                kind: InterfaceKind::Machine,
                filters: group.map(|it| view.ids.id(&it.id)).into_iter().collect(),
                groups: groups.iter().map(|it| view.ids.id(&it.id)).collect(),
                forwards: wire.forwards,
                state: None,
                platform: set.own.os.as_deref().and_then(platform),
            };
            interfaces.push(found.interface(&set));
        }
    }
    interfaces
}

/// An app or an environment of apps; none if it reaches into no subnet.
fn app(view: View<'_>, operation: Operation, value: &Value) -> Option<Result<Interface, Box<Gap>>> {
    let (account, app) = match row::<wire::App>(operation, value) {
        Ok(read) => read,
        Err(gap) => return Some(Err(gap)),
    };
    let subnet = app.own.subnet.as_deref().filter(|it| !it.is_empty())?;
    let client = Client {
        view,
        account: &account,
        operation,
        subnet,
        kind: InterfaceKind::Function,
        filters: vec![],
        groups: vec![],
        forwards: None,
        state: app.own.state.as_deref().filter(|it| !it.is_empty()),
        platform: Some(Platform::Managed),
    };
    Some(client.interface(&app))
}

/// A client without a listed interface.
struct Client<'a> {
    view: View<'a>,
    account: &'a AccountId,
    operation: Operation,
    subnet: &'a str,
    kind: InterfaceKind,
    filters: Vec<ResourceId>,
    groups: Vec<ResourceId>,
    forwards: Option<bool>,
    /// The cloud's word, where it has one.
    state: Option<&'a str>,
    platform: Option<Platform>,
}

impl Client<'_> {
    fn interface<T>(mut self, resource: &Resource<T>) -> Result<Interface, Box<Gap>> {
        let ids = self.view.ids;
        let (id, called) = (ids.id(&resource.id), name(resource));
        let unread = |what: &str| {
            let message = format!("the {what} of {called} was not told");
            gap(self.account, self.operation, GapReason::NotOffered, message)
        };
        let prefixes = self.ranges().ok_or_else(|| {
            let mut gap = unread("subnet");
            gap.hides = self.operation.hides().to_vec();
            Box::new(gap)
        })?;
        self.groups.sort();
        let state = match self.state {
            Some("Running") => Fact::Known(RunState::Running),
            Some("Stopped") => Fact::Known(RunState::Stopped),
            Some(word) => Fact::Known(RunState::Other(word.to_owned())),
            None => Fact::unknown(unread("state")),
        };
        let platform = match self.platform {
            Some(platform) => Fact::Known(platform),
            None => Fact::unknown(unread("operating system")),
        };
        Ok(Interface {
            gcp: None,
            id: format!("{id}#{}", last(self.subnet)).into(),
            name: called.clone(),
            provider: Provider::Azure,
            account: self.account.clone(),
            region: normalised(resource.location.as_deref()),
            network: ids.network_of(self.subnet),
            subnet: ids.id(self.subnet),
            kind: self.kind,
            attached_to: Some(Attachment {
                id,
                name: called.clone(),
                state,
                platform,
                machine_type: None,
            }),
            addresses: vec![],
            prefixes,
            public_addresses: vec![],
            filters: Fact::Known(self.filters),
            groups: self.groups,
            network_tags: vec![],
            service_account: None,
            address_check: match self.forwards {
                Some(forwards) => Fact::Known(!forwards),
                None => Fact::Default(true),
            },
            tracking_idle_seconds: None,
            description: String::new(),
            tags: tags(resource),
        })
    }

    /// All addresses of the subnet; none if it was not read.
    fn ranges(&self) -> Option<Vec<Cidr>> {
        let network = self.view.ids.network_of(self.subnet);
        let mut networks = self.view.estate.networks.iter();
        let is = |value: &Value, id: &str| {
            let its = value.get("id").and_then(Value::as_str);
            its.is_some_and(|it| it.eq_ignore_ascii_case(id))
        };
        let (_, network) = networks.find(|(_, it)| is(it, network.as_str()))?;
        let subnets = network.pointer("/properties/subnets")?.as_array()?;
        let subnet = subnets.iter().find(|it| is(it, self.subnet))?;
        let one = subnet.pointer("/properties/addressPrefix").into_iter();
        let many = subnet.pointer("/properties/addressPrefixes");
        let many = many.and_then(Value::as_array).into_iter().flatten();
        cidrs(one.chain(many).filter_map(Value::as_str)).filter(|it| !it.is_empty())
    }
}
