//! What is odd about one thing costs no other, and is never read as empty.

use cachewarden_model::{Fact, GapReason, Noun, Phase, PublicAccess};
use cachewarden_peers::{AzureEstate, FakeAzure};
use serde_json::{Value, json};

use super::harness::{SHOP, collect, estate, gaps, shop};

fn orders() -> String {
    shop("Microsoft.Cache/Redis/orders")
}

fn changed(id: &str, change: impl FnOnce(&mut Value)) -> cachewarden_model::Snapshot {
    collect(&FakeAzure::start(estate().changed(id, change)))
}

fn cache<'a>(
    snapshot: &'a cachewarden_model::Snapshot,
    name: &str,
) -> &'a cachewarden_model::Cache {
    snapshot.caches.iter().find(|it| it.name == name).unwrap()
}

#[test]
fn a_cache_that_cannot_be_read_is_a_gap() {
    let snapshot = changed(&orders(), |it| it["properties"]["sku"] = Value::Null);
    assert_eq!(snapshot.caches.len(), 3);
    let found = gaps(&snapshot, "Microsoft.Cache/redis/read");
    assert_eq!(
        (found[0].why, found[0].hides.as_slice()),
        (GapReason::Damaged, &[Noun::Caches][..])
    );
}

#[test]
fn words_of_the_future_are_unknown() {
    let snapshot = changed(&orders(), |it| {
        it["properties"]["provisioningState"] = "Levitating".into();
        it["properties"]["publicNetworkAccess"] = "SecuredByPerimeter".into();
        it["properties"]["minimumTlsVersion"] = "1.4".into();
        it["properties"]["redisConfiguration"]["authnotrequired"] = "perhaps".into();
    });
    let orders = cache(&snapshot, "orders");
    assert_eq!(orders.status.value().unwrap().phase, Phase::Unclear);
    assert!(orders.public_access.is_unknown());
    assert!(orders.tls_min.is_unknown());
    assert!(orders.anonymous_access.is_unknown());
}

#[test]
fn a_rule_that_is_not_understood_makes_the_group_unknown() {
    let nsg = shop("Microsoft.Network/networkSecurityGroups/web");
    for (field, word) in [
        ("access", "Quarantine"),
        ("protocol", "Quic"),
        ("destinationPortRange", "http"),
    ] {
        let snapshot = changed(&nsg, |it| {
            it["properties"]["securityRules"][1]["properties"][field] = word.into()
        });
        let filter = snapshot
            .filters
            .iter()
            .find(|it| it.id == nsg.as_str())
            .unwrap();
        assert!(filter.rules.is_unknown(), "{field}");
    }
    let snapshot = changed(&nsg, |it| it["properties"]["securityRules"] = Value::Null);
    let filter = snapshot
        .filters
        .iter()
        .find(|it| it.id == nsg.as_str())
        .unwrap();
    assert!(filter.rules.is_unknown());
}

#[test]
fn a_network_policy_of_the_future_settles_nothing() {
    let vnet = shop("Microsoft.Network/virtualNetworks/app");
    let snapshot = changed(&vnet, |it| {
        it["properties"]["subnets"][1]["properties"]["privateEndpointNetworkPolicies"] =
            "Sometimes".into();
    });
    let data = snapshot
        .subnets
        .iter()
        .find(|it| it.name == "data")
        .unwrap();
    let azure = data.azure.as_ref().unwrap();
    assert!(azure.private_endpoint_policies.is_unknown());
    assert!(data.filter.value().unwrap().is_some());
}

#[test]
fn a_link_without_its_state_may_answer() {
    let zone = super::harness::core(
        "Microsoft.Network/privateDnsZones/privatelink.redis.cache.windows.net",
    );
    let snapshot = changed(&format!("{zone}/virtualNetworkLinks/app"), |it| {
        it["properties"]["virtualNetworkLinkState"] = Value::Null;
    });
    assert!(snapshot.dns_zones[0].links.is_unknown());
    assert!(snapshot.dns_zones[0].records.value().is_some());
    let snapshot = changed(&format!("{zone}/CNAME/alias"), |it| {
        it["properties"]["cnameRecord"] = Value::Null;
    });
    assert!(snapshot.dns_zones[0].records.is_unknown());
}

#[test]
fn connections_without_a_state_are_unknown() {
    let stateless = json!([{"id": "c", "properties": {"privateLinkServiceConnectionState": {}}}]);
    for name in ["orders", "sessions"] {
        let kind = match name {
            "orders" => "Redis",
            _ => "redisEnterprise",
        };
        let snapshot = changed(&shop(&format!("Microsoft.Cache/{kind}/{name}")), |it| {
            it["properties"]["privateEndpointConnections"] = stateless.clone();
        });
        let azure = cache(&snapshot, name).azure.as_ref().unwrap();
        assert!(azure.connections.is_unknown(), "{name}");
    }
    let endpoint = shop("Microsoft.Network/privateEndpoints/orders-pe");
    let snapshot = changed(&endpoint, |it| {
        it["properties"]["privateLinkServiceConnections"][0]["properties"]["privateLinkServiceConnectionState"] =
            Value::Null;
    });
    assert_eq!(snapshot.private_endpoints, []);
    let found = gaps(&snapshot, "Microsoft.Network/privateEndpoints/read");
    assert_eq!(found[0].hides, [Noun::PrivateEndpoints]);
    // One without any properties may lead to a cache as well.
    let snapshot = changed(&endpoint, |it| it["properties"] = Value::Null);
    let found = gaps(&snapshot, "Microsoft.Network/privateEndpoints/read");
    assert_eq!(found[0].hides, [Noun::PrivateEndpoints]);
}

#[test]
fn an_endpoint_of_which_an_interface_was_not_read_has_more_addresses() {
    let endpoint = shop("Microsoft.Network/privateEndpoints/orders-pe");
    let whole = changed(&endpoint, |_| {});
    assert!(whole.private_endpoints[0].filters.value().is_some());
    let partly = changed(&endpoint, |it| {
        let all = it["properties"]["networkInterfaces"]
            .as_array_mut()
            .unwrap();
        all.push(json!({"id": shop("Microsoft.Network/networkInterfaces/orders-pe.nic.2")}));
    });
    let partly = &partly.private_endpoints[0];
    assert!(partly.addresses.is_unknown());
    assert!(partly.filters.is_unknown());
    let nic = shop("Microsoft.Network/networkInterfaces/orders-pe.nic.1");
    let damaged = changed(&nic, |it| {
        let all = it["properties"]["ipConfigurations"].as_array_mut().unwrap();
        all.push(json!({"properties": {"privateIPAddress": "10.1.2.x"}}));
    });
    assert!(damaged.private_endpoints[0].addresses.is_unknown());
}

#[test]
fn a_scale_set_whose_subnets_are_not_told_is_a_gap() {
    let set = format!(
        "/subscriptions/{SHOP}/resourceGroups/aks/providers/\
         Microsoft.Compute/virtualMachineScaleSets/aks-pool-1"
    );
    let action = "Microsoft.Compute/virtualMachineScaleSets/read";
    let snapshot = changed(&set, |it| {
        it["properties"]["virtualMachineProfile"]["networkProfile"] = Value::Null;
    });
    assert_eq!(gaps(&snapshot, action)[0].hides, [Noun::Interfaces]);
    let snapshot = changed(&set, |it| {
        let profile = &mut it["properties"]["virtualMachineProfile"]["networkProfile"];
        let interface = &mut profile["networkInterfaceConfigurations"][0]["properties"];
        interface["ipConfigurations"][0]["properties"]["subnet"] = Value::Null;
    });
    assert_eq!(gaps(&snapshot, action)[0].hides, [Noun::Interfaces]);
}

#[test]
fn a_newer_property_in_another_form_is_not_absent() {
    let snapshot = changed(&orders(), |it| {
        it["properties"]["zonalAllocationPolicy"] = json!({"kind": "NoZones"});
    });
    let found = gaps(&snapshot, "Microsoft.Cache/redis/read");
    assert_eq!(found[0].hides, [Noun::Caches]);
}

#[test]
fn ports_that_the_answer_lacks() {
    // Those of every cache; those of a database its owner may choose.
    let snapshot = changed(&orders(), |it| it["properties"]["sslPort"] = Value::Null);
    assert_eq!(cache(&snapshot, "orders").endpoints[0].port, 6380);
    let database = shop("Microsoft.Cache/redisEnterprise/sessions/databases/default");
    let snapshot = changed(&database, |it| it["properties"]["port"] = Value::Null);
    let found = gaps(&snapshot, "Microsoft.Cache/redisEnterprise/databases/read");
    assert_eq!(found[0].hides, [Noun::Caches]);
}

#[test]
fn a_peering_state_of_the_future_is_a_gap() {
    let vnet = shop("Microsoft.Network/virtualNetworks/app");
    let snapshot = changed(&vnet, |it| {
        let peering = &mut it["properties"]["virtualNetworkPeerings"][0]["properties"];
        peering["peeringState"] = "Rehearsing".into();
    });
    let found = gaps(&snapshot, "Microsoft.Network/virtualNetworks/read");
    assert_eq!(found[0].hides, [Noun::Peerings]);
}

#[test]
fn a_service_that_was_never_used_has_nothing() {
    use cachewarden_peers::{Fault, FaultKind};
    let fake = FakeAzure::start(estate());
    let core = super::harness::CORE;
    fake.unregistered(core, "Microsoft.Cache");
    let snapshot = collect(&fake);
    assert_eq!(
        (snapshot.caches.len(), snapshot.gaps.as_slice()),
        (3, &[][..])
    );
    // Any other refusal of the same status is one.
    fake.clear();
    let action = "Microsoft.Cache/redisEnterprise/read";
    fake.fault(Fault::new(FaultKind::Status(409)).on(action).account(SHOP));
    let snapshot = collect(&fake);
    assert_eq!(gaps(&snapshot, action).len(), 1);
}

/// `publicNetworkAccess` that is not stated, by the connections that there are.
#[test]
fn a_managed_cache_that_does_not_state_its_public_access() {
    let sessions = shop("Microsoft.Cache/redisEnterprise/sessions");
    let with = |connections: Value| {
        let snapshot = changed(&sessions, |it| {
            it["properties"]["publicNetworkAccess"] = Value::Null;
            it["properties"]["privateEndpointConnections"] = connections;
        });
        cache(&snapshot, "sessions").public_access.clone()
    };
    let connection = |status: &str| json!([{"id": "c", "properties": {"privateLinkServiceConnectionState": {"status": status}}}]);
    assert_eq!(with(json!([])), Fact::Default(PublicAccess::Enabled));
    assert_eq!(
        with(connection("Approved")),
        Fact::Default(PublicAccess::Disabled)
    );
    assert_eq!(
        with(connection("Rejected")),
        Fact::Default(PublicAccess::Enabled)
    );
    assert!(with(connection("Pending")).is_unknown());
    assert!(with(Value::Null).is_unknown());
}

#[test]
fn ids_in_another_letter_case_are_the_same_ids() {
    // As some calls write them: groups and types in lower or upper case.
    let nic = shop("Microsoft.Network/networkInterfaces/web-1-nic");
    let snapshot = changed(&nic, |it| {
        let subnet = &mut it["properties"]["ipConfigurations"][1]["properties"]["subnet"]["id"];
        *subnet = subnet.as_str().unwrap().to_uppercase().into();
    });
    let interface = snapshot
        .interfaces
        .iter()
        .find(|it| it.id == nic.as_str())
        .unwrap();
    assert_eq!(
        interface.subnet,
        shop("Microsoft.Network/virtualNetworks/app/subnets/web").as_str()
    );
    assert_eq!(
        interface.network,
        shop("Microsoft.Network/virtualNetworks/app").as_str()
    );
    assert_eq!(snapshot, collect(&FakeAzure::start(estate())));
}

#[test]
fn a_manager_without_configurations_has_no_say() {
    let manager = super::harness::core("Microsoft.Network/networkManagers/central");
    let app = shop("Microsoft.Network/virtualNetworks/app");
    let above = |estate: AzureEstate| {
        let snapshot = collect(&FakeAzure::start(estate));
        let network = snapshot
            .networks
            .iter()
            .find(|it| it.id == app.as_str())
            .unwrap();
        network.filters.clone()
    };
    assert_eq!(above(estate()), Fact::Known(vec![manager.as_str().into()]));
    let bare = estate().without(&format!("{manager}/securityAdminConfigurations/base"));
    assert_eq!(above(bare), Fact::Default(vec![]));
}

/// Two public addresses, one of which may not be read: the other is not all.
#[test]
fn public_addresses_are_all_told_or_none() {
    let nic = shop("Microsoft.Network/networkInterfaces/web-1-nic");
    let (one, other) = (
        shop("Microsoft.Network/publicIPAddresses/out-ip"),
        shop("Microsoft.Network/publicIPAddresses/second"),
    );
    let with = estate().changed(&nic, |it| {
        for (index, address) in [&one, &other].iter().enumerate() {
            let configuration = &mut it["properties"]["ipConfigurations"][index];
            configuration["properties"]["publicIPAddress"] = json!({"id": address});
        }
    });
    let told = |estate: AzureEstate| {
        let snapshot = collect(&FakeAzure::start(estate));
        let interfaces = snapshot.interfaces.iter();
        let mut interface = interfaces.filter(|it| it.id == nic.as_str());
        interface.next().unwrap().public_addresses.clone()
    };
    assert_eq!(told(with.clone()), [] as [std::net::IpAddr; 0]);
    // One that has no address at the time is none.
    let idle = json!({
        "id": other, "type": "Microsoft.Network/publicIPAddresses", "location": "westeurope",
        "properties": {"publicIPAllocationMethod": "Dynamic"},
    });
    let address: std::net::IpAddr = "20.50.2.7".parse().unwrap();
    assert_eq!(told(with.with(idle)), [address]);
}

#[test]
fn logs_of_settings_that_are_odd_or_refused_are_unknown() {
    let logs = |snapshot: &cachewarden_model::Snapshot, name: &str| {
        cache(snapshot, name).azure.as_ref().unwrap().logs.clone()
    };
    let calm = collect(&FakeAzure::start(estate()));
    let known = |it: &[&str]| Fact::Known(it.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>());
    assert_eq!(logs(&calm, "orders"), known(&["ConnectedClientList"]));
    assert_eq!(logs(&calm, "sessions"), known(&["allLogs"]));
    assert_eq!(logs(&calm, "legacy"), known(&[]));
    let setting = format!(
        "{}/providers/microsoft.insights/diagnosticSettings/to-workspace",
        orders()
    );
    let odd = changed(&setting, |it| {
        it["properties"]["logs"] = json!([{"enabled": true}])
    });
    assert!(logs(&odd, "orders").is_unknown());
    let odd = changed(&setting, |it| {
        it["properties"]["logs"][0]["enabled"] = Value::Null
    });
    assert!(logs(&odd, "orders").is_unknown());
    let fake = FakeAzure::start(estate());
    fake.deny("Microsoft.Insights/diagnosticSettings/read");
    let refused = collect(&fake);
    for name in ["orders", "sessions", "legacy"] {
        assert!(logs(&refused, name).is_unknown(), "{name}");
    }
}
