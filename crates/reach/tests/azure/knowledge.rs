//! What was not read may decide: the answer is then not known.

use cachewarden_estates::Estate;
use cachewarden_estates::azure::change;
use cachewarden_estates::azure::change::{
    attach, detach, leaves_by, on_peering, peer, records, refused, unlink,
};
use cachewarden_estates::azure::id::{self, REDIS_ZONE};
use cachewarden_estates::azure::{SUBSCRIPTION, base, inbound, private_endpoint};
use cachewarden_model::Action::{Allow, Deny};
use cachewarden_model::{
    Effect, Fact, Gap, GapReason, Noun, PrivateEndpointState, Provider, RouteTarget, Stage, Symptom,
};

use crate::expect::{ask, group};

/// A refused call.
pub(crate) fn gap(what: &str) -> Gap {
    Gap {
        provider: Provider::Azure,
        account: Some(SUBSCRIPTION.into()),
        region: None,
        what: what.to_owned(),
        why: GapReason::AccessDenied,
        message: "the credentials may not ask".to_owned(),
        hides: vec![],
    }
}

#[test]
fn s1_a_zone_that_was_not_read_may_be_linked() {
    let hidden = |estate: cachewarden_estates::Estate| {
        estate.with(refused(
            "Microsoft.Network/privateDnsZones/read",
            &[Noun::DnsZones],
        ))
    };
    ask(
        "web",
        "sessions",
        hidden(base().with(unlink(REDIS_ZONE, "shop"))),
    )
    .is_unknown("privateDnsZones");
    // A link that is seen settles which zone answers.
    ask("web", "sessions", hidden(base())).is_open();
}

#[test]
fn a_zone_that_was_not_read_may_hold_the_name_of_a_public_cache() {
    let hidden = refused("Microsoft.Network/privateDnsZones/read", &[Noun::DnsZones]);
    ask("web", "catalog", base()).is_open();
    ask("web", "catalog", base().with(hidden)).is_unknown("privateDnsZones");
}

#[test]
fn s1_a_zone_whose_links_were_not_read_may_be_linked() {
    let unread = base().with(|estate| {
        for zone in &mut estate.snapshot.dns_zones {
            zone.links = Fact::unknown(gap("virtualNetworkLinks"));
        }
    });
    ask("web", "sessions", unread).is_unknown("virtualNetworkLinks");
}

#[test]
fn s4_records_that_were_not_read_are_not_missing() {
    let unread = base().with(|estate| {
        for zone in &mut estate.snapshot.dns_zones {
            zone.records = Fact::unknown(gap("privateDnsZones/A"));
        }
    });
    ask("web", "sessions", unread).is_unknown("privateDnsZones/A");
}

#[test]
fn s3_a_private_endpoint_that_was_not_read_may_have_the_address() {
    let hidden = base().with(|estate| {
        for record in records(estate, REDIS_ZONE) {
            record.values = vec!["10.1.2.99".to_owned()];
        }
    });
    let hidden = hidden.with(refused(
        "Microsoft.Network/privateEndpoints/read",
        &[Noun::PrivateEndpoints],
    ));
    ask("web", "sessions", hidden).is_unknown("privateEndpoints");
}

#[test]
fn s48_a_peering_that_was_not_read_may_join() {
    let hidden = base()
        .with(cachewarden_estates::azure::change::link(REDIS_ZONE, "data"))
        .with(refused("virtualNetworkPeerings", &[Noun::Peerings]));
    ask("batch", "sessions", hidden).is_unknown("virtualNetworkPeerings");
}

#[test]
fn s43_a_side_that_was_not_read_may_be_there() {
    let half = base()
        .with(cachewarden_estates::azure::change::link(REDIS_ZONE, "data"))
        .with(peer("data", "shop"))
        .with(|estate| {
            let gone = id::peering("shop", "data");
            estate.snapshot.peerings.retain(|it| it.id != *gone);
        })
        .with(refused("virtualNetworkPeerings", &[Noun::Peerings]));
    ask("batch", "sessions", half).is_unknown("virtualNetworkPeerings");
}

#[test]
fn rules_that_were_not_read_may_decide() {
    let unread = |name: &'static str| {
        base().with(move |estate| {
            estate.filter_mut(&id::group(name)).rules = Fact::unknown(gap("securityRules"));
        })
    };
    ask("web", "sessions", unread("apps")).is_unknown("securityRules");
    // Without policies the group at the endpoints has no say.
    ask("web", "sessions", unread("endpoints")).is_open();
    ask("web", "legacy", unread("redis")).is_unknown("securityRules");
}

#[test]
fn a_group_of_the_interface_that_was_not_read_may_decide() {
    let unread = base().with(|estate| {
        estate.interface_mut(&id::interface("web")).filters =
            Fact::unknown(gap("networkInterfaces"));
    });
    ask("web", "sessions", unread).is_unknown("networkInterfaces");
}

#[test]
fn a_table_that_was_not_read_may_lead_elsewhere() {
    let unread = base().with(|estate| {
        let subnet = estate.subnet_mut(&id::subnet("shop", "apps"));
        subnet.route_table = Fact::unknown(gap("routeTables"));
    });
    ask("web", "sessions", unread.clone()).is_unknown("routeTables");
    ask("web", "catalog", unread).is_unknown("routeTables");
}

#[test]
fn connections_that_were_not_read_may_bend_the_name() {
    let unread = base().with(|estate| {
        let cache = estate.cache_mut("catalog");
        let azure = cache.azure.as_mut().expect("a cache of Azure");
        azure.connections = Fact::unknown(gap("privateEndpointConnections"));
    });
    ask("web", "catalog", unread).is_unknown("privateEndpointConnections");
}

#[test]
fn public_access_that_was_not_read_is_not_on() {
    let unread = base().with(|estate| {
        estate.cache_mut("catalog").public_access = Fact::unknown(gap("publicNetworkAccess"));
    });
    ask("web", "catalog", unread).is_unknown("publicNetworkAccess");
}

#[test]
fn an_address_outside_every_network_is_not_followed() {
    ask("192.168.7.7", "sessions", base()).is_unknown("resolver is outside");
    // Without a gateway nobody outside is part of VirtualNetwork.
    ask("192.168.7.7", "legacy", base()).is_blocked(
        Symptom::Timeout,
        [group("redis", "DenyAllInBound", Stage::CacheSubnet)],
    );
    let gateway = base().with(|estate| {
        let own =
            cachewarden_estates::azure::subnet("shop", "GatewaySubnet", &["10.1.255.0/27"], None);
        estate.snapshot.subnets.push(own);
    });
    ask("192.168.7.7", "legacy", gateway).is_unknown("not read");
}

#[test]
fn an_address_that_nobody_has_may_carry_any_group() {
    ask("10.1.1.77", "sessions", base()).is_unknown("no known interface");
}

#[test]
fn administrator_rules_that_were_not_read_may_decide() {
    let unread = base().with(|estate| {
        estate.network_mut(&id::vnet("shop")).filters = Fact::unknown(gap("networkManagers"));
    });
    ask("web", "sessions", unread).is_unknown("networkManagers");
}

#[test]
fn a_network_manager_without_its_rules_may_deny() {
    let unread = base()
        .with(cachewarden_estates::azure::change::administrators(
            "shop",
            [],
        ))
        .with(|estate| {
            estate.filter_mut(&id::manager("central")).rules =
                Fact::unknown(gap("securityAdminConfigurations"));
        });
    ask("web", "sessions", unread).is_unknown("securityAdminConfigurations");
}

#[test]
fn the_subnet_of_an_endpoint_that_was_not_read_may_have_policies() {
    let elsewhere = base().with(detach("sessions")).with(|estate| {
        let host = "sessions.redis.cache.windows.net";
        let endpoint = private_endpoint("shop", "unseen", "sessions", host, "10.1.2.4");
        attach(endpoint)(estate);
    });
    ask("web", "sessions", elsewhere).is_unknown("was not read");
}

#[test]
fn s9_a_private_endpoint_of_another_subscription_was_not_read() {
    let foreign = |estate: &mut cachewarden_estates::Estate| {
        let gone = id::endpoint("sessions");
        estate
            .snapshot
            .private_endpoints
            .retain(|it| it.id != *gone);
    };
    ask("web", "sessions", base().with(foreign)).is_unknown("privateEndpoints/sessions");
    // Whoever the owner's name servers send there may get in.
    let custom = cachewarden_estates::azure::change::name_servers("shop", &["10.0.1.4"]);
    ask("web", "sessions", base().with(foreign).with(custom)).is_unknown("name servers of");
    let unread = base().with(|estate| {
        let endpoint = cachewarden_estates::azure::change::endpoint_mut(estate, "sessions");
        endpoint.addresses = Fact::unknown(gap("networkInterfaces"));
    });
    ask("web", "sessions", unread).is_unknown("networkInterfaces");
}

#[test]
fn a_gap_elsewhere_hides_nothing_here() {
    let metrics = base().with(refused("metrics", &[Noun::Metrics]));
    ask("web", "sessions", metrics.clone()).is_open();
    ask("web", "catalog", metrics).is_open();
}

#[test]
fn a_spoke_may_have_the_gateway_of_its_hub() {
    let remote = base().with(on_peering("shop", "hub", |it| {
        it.azure.as_mut().expect("of Azure").remote_gateways = Some(true);
    }));
    ask("web", "catalog", remote.clone()).is_unknown("gateway");
    ask(
        "web",
        "sessions",
        remote.with(leaves_by("shop", "apps", None)),
    )
    .is_open();
}

#[test]
fn a_client_of_another_cloud_is_not_followed() {
    let both = || {
        let aws = cachewarden_estates::base().build();
        let estate = base().build();
        cachewarden_estates::Estate {
            snapshot: estate.merge(aws),
        }
    };
    let client = cachewarden_estates::ids::CLIENT;
    ask(client, "cart", both()).is_unknown("resolver is outside");
    // The firewall names no private address, and the cache has no other door.
    ask(client, "catalog", both()).is_unknown("outward address");
    let name = cachewarden_estates::ids::CACHE;
    let answer = ask("web", name, both());
    assert_ne!(answer.0.outcome, cachewarden_model::Outcome::Open);
}

#[test]
fn policies_that_were_not_read_may_ask_the_group() {
    let unread = |name: &'static str| {
        base()
            .with(change::rules(
                "endpoints",
                [inbound(name, 200, Deny).tcp(6380, 6380)],
            ))
            .with(change::on_subnet("shop", "endpoints", |it| {
                it.private_endpoint_policies = Fact::unknown(gap("endpointNetworkPolicies"));
            }))
    };
    ask("web", "sessions", unread("NoRedis")).is_unknown("endpointNetworkPolicies");
    // Where the group lets the client in, it does not matter.
    let admits = unread("NoRedis").with(change::rules(
        "endpoints",
        [inbound("Redis", 200, Allow).tcp(6380, 6380)],
    ));
    ask("web", "sessions", admits).is_open();
}

#[test]
fn policies_that_were_not_read_may_ask_routes() {
    let routed = |range: &str| {
        base()
            .with(change::routes(
                "shop",
                "apps",
                [change::route("Nowhere", range, RouteTarget::Drop)],
            ))
            .with(change::on_subnet("shop", "endpoints", |it| {
                it.private_endpoint_policies = Fact::unknown(gap("endpointNetworkPolicies"));
            }))
    };
    ask("web", "sessions", routed("10.1.2.0/24")).is_unknown("endpointNetworkPolicies");
    // One that is shorter than the network's own range never counts.
    ask("web", "sessions", routed("10.0.0.0/8")).is_open();
}

#[test]
fn a_table_of_another_subnet_that_was_not_read_may_widen_the_network() {
    let stranger = |estate| ask("192.168.7.7", "legacy", estate);
    stranger(base()).is_blocked(
        Symptom::Timeout,
        [group("redis", "DenyAllInBound", Stage::CacheSubnet)],
    );
    let untold = base().with(|estate| {
        estate.subnet_mut(&id::subnet("shop", "apps")).route_table =
            Fact::unknown(gap("routeTables"));
    });
    stranger(untold).is_unknown("routeTables");
    let table = || base().with(change::routes("shop", "apps", []));
    stranger(table()).is_blocked(
        Symptom::Timeout,
        [group("redis", "DenyAllInBound", Stage::CacheSubnet)],
    );
    let unread = table().with(|estate| {
        for table in &mut estate.snapshot.route_tables {
            table.routes = Fact::unknown(gap("routeTables"));
        }
    });
    stranger(unread).is_unknown("routeTables");
    let gone = table().with(|estate| estate.snapshot.route_tables.clear());
    stranger(gone).is_unknown("route table was not read");
    let hidden = base().with(refused("virtualNetworks/subnets", &[Noun::Subnets]));
    stranger(hidden).is_unknown("subnets");
}

#[test]
fn administrator_rules_that_were_not_read_may_deliver() {
    let closed = |estate: Estate| {
        estate.with(change::rules(
            "redis",
            [inbound("No", 200, Deny).tcp(6380, 6380)],
        ))
    };
    ask("web", "legacy", closed(base()))
        .is_blocked(Symptom::Timeout, [group("redis", "No", Stage::CacheSubnet)]);
    let unread = closed(base()).with(|estate| {
        estate.network_mut(&id::vnet("shop")).filters = Fact::unknown(gap("networkManagers"));
    });
    ask("web", "legacy", unread).is_unknown("networkManagers");
}

#[test]
fn a_connection_that_names_no_endpoint_may_be_anyones() {
    let nameless = |estate: &mut Estate| {
        let azure = estate.cache_mut("sessions").azure.as_mut();
        let connections = &mut azure.expect("a cache of Azure").connections;
        let Fact::Known(connections) = connections else {
            panic!("they are known");
        };
        for connection in connections {
            connection.endpoint = None;
        }
    };
    ask("web", "sessions", base().with(nameless)).is_unknown("was not told");
    // One whose endpoint is gone carries nothing, whosever it was.
    let gone = base().with(nameless).with(|estate| {
        let azure = estate.cache_mut("sessions").azure.as_mut();
        if let Fact::Known(connections) = &mut azure.expect("a cache of Azure").connections {
            for connection in connections {
                connection.state = PrivateEndpointState::Down("Disconnected".to_owned());
            }
        }
    });
    let found = ask("web", "sessions", gone);
    found.says(Stage::PrivateEndpoint, Effect::Deny, "knows no connection");
    // Its own endpoint may have any address.
    let stray = base().with(nameless).with(|estate| {
        estate.snapshot.private_endpoints.clear();
    });
    ask("web", "sessions", stray).is_unknown("this private endpoint of the cache");
}

#[test]
fn records_that_were_not_read_may_be_left_over() {
    let unread = |network: bool| {
        base().with(move |estate| {
            for zone in &mut estate.snapshot.dns_zones {
                zone.records = Fact::unknown(gap("privateDnsZones/A"));
                if !network {
                    zone.links = Fact::Known(vec![]);
                }
            }
        })
    };
    ask("web", "catalog", unread(false)).is_unknown("privateDnsZones/A");
    ask("web", "catalog", unread(true)).is_unknown("privateDnsZones/A");
}

#[test]
fn a_gateway_in_a_subnet_that_was_not_read_may_know_the_way() {
    ask("web", "catalog", base()).is_open();
    for noun in [Noun::Subnets, Noun::Peerings] {
        let hidden = base().with(refused("virtualNetworks/parts", &[noun]));
        ask("web", "catalog", hidden).is_unknown("virtualNetworks/parts");
    }
}

#[test]
fn a_subnet_of_which_no_way_out_was_read_may_have_none() {
    let unread = base().with(|estate| {
        estate.subnet_mut(&id::subnet("shop", "apps")).azure = None;
        let admits = change::firewall_rules("catalog", &[]);
        admits(estate);
    });
    ask("web", "catalog", unread).is_unknown("way out");
}
