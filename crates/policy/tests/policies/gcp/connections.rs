//! Private Service Connect connections of caches, and the policies that make
//! them.

use cachewarden_model::*;

use super::nouns::{connection, network};
use super::{cannot_tell, fails, gap, hiding};
use crate::estate::Estate;

#[test]
fn connections_that_carry_nothing() {
    fails(&["automatic-connections-carry-traffic"], |it| {
        it.snapshot.private_endpoints[1].state = PrivateEndpointState::Down("REJECTED".into());
    });
    // The forwarding rule knows better than the cache.
    fails(&[], |it| {
        it.connections()[0].status = Some("NOT_FOUND".into())
    });
    fails(&["automatic-connections-carry-traffic"], |it| {
        it.snapshot.private_endpoints.clear();
        it.connections()[0].status = Some("NOT_FOUND".into());
    });
    cannot_tell(&["automatic-connections-carry-traffic"], |it| {
        it.snapshot.private_endpoints.clear();
        it.connections()[0].status = None;
    });
    cannot_tell(&["automatic-connections-carry-traffic"], |it| {
        it.snapshot.private_endpoints.clear();
        it.connections()[0].status = Some("LEVITATING".into());
    });
    fails(&["registered-connections-carry-traffic"], |it| {
        it.snapshot.private_endpoints[0].state = PrivateEndpointState::Pending;
        it.connections()[0].automatic = false;
        it.connections()[1].automatic = false;
    });
}

#[test]
fn connections_that_were_not_read() {
    let unknown = [
        "automatic-connections-carry-traffic",
        "automatic-connections-have-policy",
        "connection-address-is-private",
        "connection-policy-has-room",
        "connection-policy-makes-its-connections",
        "hub-does-not-offer-cache",
        "networks-have-every-connection",
        "no-foreign-project-connects",
        "registered-connections-carry-traffic",
    ];
    cannot_tell(&unknown, |it| {
        it.cluster_gcp().connections = Fact::unknown(gap("redis.clusters.list"));
    });
}

#[test]
fn a_network_needs_every_connection() {
    fails(&["networks-have-every-connection"], |it| {
        it.connections().pop();
    });
    fails(&[], |it| {
        it.connections().pop();
        it.cluster().cluster_mode = Fact::Known(ClusterMode::Disabled);
    });
    cannot_tell(&["networks-have-every-connection"], |it| {
        it.connections().pop();
        it.cluster().cluster_mode = Fact::unknown(gap("mode"));
    });
    // Which attachment a connection leads to need not be told.
    fails(&[], |it| {
        it.connections()
            .iter_mut()
            .for_each(|it| it.attachment = None);
    });
    fails(&[], |it| {
        let url = "https://www.googleapis.com/compute/v1/projects/1/regions/r/serviceAttachments";
        for connection in it.connections() {
            let name = connection.attachment.take().unwrap();
            connection.attachment = Some(format!("{url}/{name}"));
        }
    });
    fails(&["networks-have-every-connection"], |it| {
        it.connections()[1].attachment = Some("attachment-1".into());
    });
}

#[test]
fn connections_elsewhere() {
    let elsewhere = |it: &mut Estate, project: &str| {
        for (address, attachment) in [("10.9.0.4", "attachment-1"), ("10.9.0.5", "attachment-2")] {
            it.connections().push(PscConnection {
                network: format!("projects/{project}/global/networks/lab").into(),
                project: Some(project.into()),
                automatic: false,
                ..connection(address, "none", None, attachment)
            });
        }
        let mut network = network();
        network.id = format!("projects/{project}/global/networks/lab").into();
        it.snapshot.networks.push(network);
    };
    fails(&["no-foreign-project-connects"], |it| {
        elsewhere(it, "partners")
    });
    fails(&[], |it| elsewhere(it, "shop"));
    // A project that shares the network may make the rule in it.
    fails(&[], |it| {
        elsewhere(it, "shop");
        for connection in it.connections() {
            connection.project = Some("service".into());
        }
    });
    fails(&["connection-address-is-private"], |it| {
        it.connections()[0].address = Some("34.1.2.3".parse().unwrap());
    });
}

#[test]
fn connection_policies() {
    fails(&["automatic-connections-have-policy"], |it| {
        it.snapshot.connection_policies[0].service_class = "gcp-memorystore".into();
    });
    fails(&["automatic-connections-have-policy"], |it| {
        it.snapshot.connection_policies[0].region = "us-east1".into();
    });
    fails(&["connection-policy-has-room"], |it| {
        it.snapshot.connection_policies[0].limit = Some(3);
    });
    fails(&[], |it| it.snapshot.connection_policies[0].limit = None);
    fails(&["connection-policy-makes-its-connections"], |it| {
        it.snapshot.connection_policies[0].connections[1].state = "FAILED".into();
    });
    cannot_tell(&["connection-policy-makes-its-connections"], |it| {
        it.snapshot.connection_policies[0].connections[1].state = "LEVITATING".into();
    });
    let unknown = [
        "automatic-connections-have-policy",
        "connection-policy-has-room",
        "connection-policy-makes-its-connections",
    ];
    cannot_tell(&unknown, |it| {
        it.snapshot.connection_policies.clear();
        it.snapshot.gaps = vec![hiding(Noun::ConnectionPolicies)];
    });
    // A gap of another project or region hides nothing here.
    fails(&["automatic-connections-have-policy"], |it| {
        it.snapshot.connection_policies.clear();
        let other = Gap {
            account: Some("lab".into()),
            ..hiding(Noun::ConnectionPolicies)
        };
        let there = Gap {
            region: Some("us-east1".into()),
            ..hiding(Noun::ConnectionPolicies)
        };
        it.snapshot.gaps = vec![other, there];
    });
}
