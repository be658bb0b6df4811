//! What the company has on Azure: a ticket service, taken over with its team.
//!
//! | Cache | Case |
//! |---|---|
//! | tickets | the private zone is not linked to the network of its clients |
//! | invoices | a rule at its private endpoint denies before the one that admits |
//! | offers | its firewall names a former address of its clients |
//! | banners | open to the internet, and no firewall can narrow it |
//! | refunds | nobody approved its private endpoint |
//! | archive | of a service that retires |

use cachewarden_model::{
    Action, Authentication, Cache, Fact, PrivateEndpointPolicies, PrivateEndpointState, Snapshot,
};

use crate::Estate;
use crate::azure::change::{
    connect, connection_state, endpoint_mut, leaves_by, peer, policies, rules,
};
use crate::azure::id::{ENTERPRISE_ZONE, MANAGED_ZONE, REDIS_ZONE};
use crate::azure::{
    asg, cidr, empty, enterprise, firewall, id, inbound, machine, managed, nat_gateway, network,
    private_endpoint, redis, security_group, standard, subnet, tag, zone,
};

/// What the company has on Azure: a ticket service with a case of each kind.
pub fn on_azure() -> Snapshot {
    let mut estate = empty();
    networks(&mut estate);
    clients(&mut estate);
    for (name, networks) in [
        (REDIS_ZONE, &["booking"][..]),
        (MANAGED_ZONE, &["booking", "events"][..]),
        (ENTERPRISE_ZONE, &["booking"][..]),
    ] {
        estate.snapshot.dns_zones.push(zone(name, networks));
    }
    let owned = |cache: Cache| {
        let mut cache = cache;
        cache.authentication = Fact::Known(Authentication {
            token: true,
            groups: vec![],
            identity: true,
        });
        cache.tags = Fact::Known([("team".to_owned(), "tickets".to_owned())].into());
        cache
    };
    classic(&mut estate, owned(standard("tickets", false)), "10.80.2.4");
    classic(
        &mut estate,
        owned(redis("refunds", "Premium", "P1", false)),
        "10.80.2.5",
    );
    connection_state("refunds", PrivateEndpointState::Pending)(&mut estate);
    clustered(
        &mut estate,
        owned(managed("invoices", Some(false))),
        MANAGED_ZONE,
        "10.80.2.6",
    );
    clustered(
        &mut estate,
        owned(enterprise("archive", Some(false))),
        ENTERPRISE_ZONE,
        "10.80.2.7",
    );
    let offers = owned(standard("offers", true));
    let former = [("booking", "20.61.4.10", "20.61.4.10")];
    estate.snapshot.filters.push(firewall(&offers, &former));
    estate.snapshot.caches.push(offers);
    estate
        .snapshot
        .caches
        .push(owned(managed("banners", Some(true))));
    endpoint_mut(&mut estate, "invoices").groups = vec![id::asg("invoices").into()];
    estate.build()
}

fn networks(estate: &mut Estate) {
    for (name, range) in [("booking", "10.80.0.0/16"), ("events", "10.81.0.0/16")] {
        estate.snapshot.networks.push(network(name, &[range]));
    }
    for (network, name, range, group) in [
        ("booking", "apps", "10.80.1.0/24", "booking-apps"),
        ("booking", "endpoints", "10.80.2.0/24", "booking-endpoints"),
        ("events", "seats", "10.81.1.0/24", "events-seats"),
    ] {
        estate.snapshot.filters.push(security_group(group, []));
        let own = subnet(network, name, &[range], Some(group));
        estate.snapshot.subnets.push(own);
    }
    peer("booking", "events")(estate);
    policies("booking", "endpoints", PrivateEndpointPolicies::Filters)(estate);
    let gateway = nat_gateway("booking-out", &["20.61.4.20"]);
    estate.snapshot.nat_gateways.push(gateway);
    leaves_by("booking", "apps", Some("booking-out"))(estate);
    leaves_by("events", "seats", Some("booking-out"))(estate);
    rules(
        "booking-endpoints",
        [
            inbound("NoOldPorts", 200, Action::Deny)
                .tcp(8000, 10_100)
                .far([tag("VirtualNetwork")])
                .near([asg("invoices")]),
            inbound("SeatsToTickets", 300, Action::Allow)
                .tcp(6380, 6380)
                .far([cidr("10.81.1.0/24")])
                .near([cidr("10.80.2.4/32")]),
            inbound("BillingToInvoices", 310, Action::Allow)
                .tcp(10_000, 10_000)
                .far([asg("billing")])
                .near([asg("invoices")]),
            inbound("BillingToRefunds", 320, Action::Allow)
                .tcp(6380, 6380)
                .far([asg("billing")])
                .near([cidr("10.80.2.5/32")]),
            inbound("BillingToArchive", 330, Action::Allow)
                .tcp(10_000, 10_000)
                .far([asg("billing")])
                .near([cidr("10.80.2.7/32")]),
        ],
    )(estate);
}

fn clients(estate: &mut Estate) {
    for (network, subnet, name, address, group) in [
        ("booking", "apps", "front-1", "10.80.1.4", None),
        ("booking", "apps", "billing-1", "10.80.1.5", Some("billing")),
        ("events", "seats", "seats-1", "10.81.1.4", None),
        ("events", "seats", "seats-2", "10.81.1.5", None),
    ] {
        let mut own = machine(estate, network, subnet, name, &[address]);
        own.groups = group.into_iter().map(|it| id::asg(it).into()).collect();
        estate.snapshot.interfaces.push(own);
    }
}

fn host(cache: &Cache) -> String {
    let endpoint = cache.endpoints.first();
    endpoint
        .and_then(|it| it.host.clone())
        .expect("a host name")
}

/// An Azure Cache for Redis behind a private endpoint.
fn classic(estate: &mut Estate, cache: Cache, address: &str) {
    let endpoint = private_endpoint("booking", "endpoints", &cache.name, &host(&cache), address);
    estate.snapshot.filters.push(firewall(&cache, &[]));
    estate.snapshot.caches.push(cache);
    connect(endpoint, REDIS_ZONE)(estate);
}

/// An Enterprise or Managed cache behind a private endpoint.
fn clustered(estate: &mut Estate, cache: Cache, zone: &str, address: &str) {
    let endpoint = private_endpoint("booking", "endpoints", &cache.name, &host(&cache), address);
    estate.snapshot.caches.push(cache);
    connect(endpoint, zone)(estate);
}
