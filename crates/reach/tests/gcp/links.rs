//! What joins a network to an instance of Memorystore for Redis.
//!
//! Source: Memorystore for Redis, "Networking" and "Troubleshoot issues";
//! Virtual Private Cloud, "VPC Network Peering".

use cachewarden_estates::gcp::change::{
    moved, on_cache, on_client, on_peering, peering_inactive, refused, without_peering,
};
use cachewarden_estates::gcp::{base, id};
use cachewarden_model::{Effect, LinkState, Noun, Stage, Symptom};

use crate::expect::{Blamed, ask, cache, network, peering, route, subnet};

fn to_internet() -> Blamed {
    route(id::VPC_A, Some("default-internet"))
}

#[test]
fn g18_the_client_is_in_another_network() {
    let apart = || {
        base()
            .with(without_peering(id::VPC_A, "to-vpc-b"))
            .with(without_peering(id::VPC_B, "to-vpc-a"))
    };
    ask("batch", "sessions", apart())
        .is_blocked(
            Symptom::Timeout,
            [
                route(id::VPC_B, Some("default-internet")),
                cache(id::SESSIONS, Stage::Link),
            ],
        )
        .is_called("GOOGLE_MANAGED_SERVICE_NO_PEERING")
        .is_called("PRIVATE_TRAFFIC_TO_INTERNET")
        .is_advised("create the instance again");
    ask("web", "sessions", apart()).is_open();
}

#[test]
fn g19_peering_is_not_transitive() {
    for name in ["sessions", "cart"] {
        ask("batch", name, base())
            .is_blocked(
                Symptom::Timeout,
                [
                    route(id::VPC_B, Some("default-internet")),
                    peering(id::VPC_B, "to-vpc-a"),
                ],
            )
            .is_called("NO_KNOWN_ROUTE_FROM_PEERED_NETWORK_TO_DESTINATION")
            .is_advised("Private Service Connect");
        ask("web", name, base()).is_open();
    }
}

#[test]
fn g22_the_peering_of_the_instance_is_gone() {
    let gone = || base().with(without_peering(id::VPC_A, id::REDIS_PEER));
    ask("web", "sessions", gone())
        .is_blocked(Symptom::Timeout, [to_internet(), network(id::VPC_A)])
        .is_called("GOOGLE_MANAGED_SERVICE_NO_PEERING")
        .is_advised("create and delete a further instance");
    // That of private services access is another one.
    ask("web", "cart", gone()).is_open();
    let hidden = gone().with(refused("compute.networks.list", &[Noun::Peerings]));
    ask("web", "sessions", hidden).says(Stage::Link, Effect::Unknown, "compute.networks.list");
}

#[test]
fn g23_private_services_access_is_gone_or_inactive() {
    let gone = base().with(without_peering(id::VPC_A, id::SERVICE_PEER));
    ask("web", "cart", gone)
        .is_blocked(Symptom::Timeout, [to_internet(), network(id::VPC_A)])
        .is_advised("vpc-peerings connect");
    let inactive = || base().with(peering_inactive(id::VPC_A, id::SERVICE_PEER));
    ask("web", "cart", inactive())
        .is_blocked(
            Symptom::Timeout,
            [to_internet(), peering(id::VPC_A, id::SERVICE_PEER)],
        )
        .is_called("GOOGLE_MANAGED_SERVICE_NO_PEERING");
    ask("web", "sessions", inactive()).is_open();
}

#[test]
fn g23_a_peering_that_is_down_and_still_has_its_routes() {
    let down = base().with(on_peering(id::VPC_A, id::SERVICE_PEER, |it| {
        it.state = LinkState::Down("INACTIVE".to_owned());
    }));
    ask("web", "cart", down).is_blocked(Symptom::Timeout, [peering(id::VPC_A, id::SERVICE_PEER)]);
    ask("web", "cart", base()).is_open();
}

#[test]
fn g42_the_service_uses_the_clients_range_itself() {
    let inside = base().with(moved(id::WEB, "172.17.200.4"));
    ask("web", "sessions", inside.clone())
        .is_blocked(Symptom::Timeout, [subnet(id::APPS)])
        .is_called("REDIS_INSTANCE_NO_ROUTE_TO_DESTINATION_NETWORK")
        .is_advised("172.17.0.0/16");
    ask("web", "catalog", inside).is_open();
    let beside = base().with(moved(id::WEB, "172.18.0.4"));
    ask("web", "sessions", beside).is_open();
}

#[test]
fn g43_a_public_address_for_private_use() {
    let public = base().with(moved(id::WEB, "34.10.0.10"));
    ask("web", "cart", public.clone())
        .is_blocked(Symptom::Timeout, [subnet(id::APPS)])
        .is_called("REDIS_INSTANCE_CONNECTING_FROM_PUPI_ADDRESS");
    ask("web", "sessions", public.clone()).is_unknown("not documented");
    ask("web", "catalog", public).is_open();
    let private = base().with(moved(id::WEB, "192.168.7.10"));
    ask("web", "cart", private).is_open();
}

#[test]
fn g64_an_instance_of_another_region() {
    ask("far", "sessions", base()).is_unknown("europe-west3");
    let near = base().with(on_cache("sessions", |it| {
        it.region = "europe-west3".into();
    }));
    ask("far", "sessions", near).is_open();
}

#[test]
fn g19_shared_vpc_clients_of_a_service_project_are_in_the_network() {
    let other = base().with(on_client(id::WEB, |it| it.account = "data".into()));
    ask("web", "sessions", other).is_open();
    ask("batch", "orders", base()).is_blocked(Symptom::Timeout, [peering(id::VPC_B, "to-vpc-a")]);
}
