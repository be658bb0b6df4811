//! One thing changed, one policy that fails; the same thing not known, the
//! same policy that cannot tell.

use cachewarden_model::*;
use cachewarden_policy::Selection;

use crate::estate::{Estate, at, gap, measure, rule_use, set, sound, user};

/// A change, and the policies with their verdicts that it makes.
fn changed(change: impl FnOnce(&mut Estate)) -> Vec<(String, Verdict)> {
    let mut estate = sound();
    change(&mut estate);
    estate.verdicts()
}

#[track_caller]
fn fails(policies: &[&str], change: impl FnOnce(&mut Estate)) {
    let expected: Vec<_> = policies
        .iter()
        .map(|it| ((*it).to_owned(), Verdict::Fail))
        .collect();
    assert_eq!(changed(change), expected);
}

#[track_caller]
fn cannot_tell(policies: &[&str], change: impl FnOnce(&mut Estate)) {
    let expected: Vec<_> = policies
        .iter()
        .map(|it| ((*it).to_owned(), Verdict::Unknown))
        .collect();
    assert_eq!(changed(change), expected);
}

#[test]
fn encryption() {
    fails(&["transit-encryption-is-on"], |it| {
        it.cache().transit_encryption = Fact::Known(TransitEncryption::Disabled);
    });
    fails(&["no-plaintext-port"], |it| {
        it.cache().transit_encryption = Fact::Known(TransitEncryption::Preferred);
    });
    cannot_tell(&["no-plaintext-port", "transit-encryption-is-on"], |it| {
        it.cache().transit_encryption = Fact::unknown(gap("x"));
    });
    fails(&["tls-minimum-is-1-2"], |it| {
        it.cache().tls_min = Fact::Known(TlsVersion::V1_0)
    });
    cannot_tell(&["tls-minimum-is-1-2"], |it| {
        it.cache().engine = Fact::Known(Engine::Redis);
        it.cache().engine_version = Fact::Known(Version("3.2.10".into()));
    });
    fails(&["data-at-rest-is-encrypted"], |it| {
        it.cache().at_rest_encryption = Fact::Known(AtRestEncryption::Disabled);
    });
    fails(
        &["no-pending-change-cuts-plaintext", "no-plaintext-port"],
        |it| {
            it.cache().transit_encryption = Fact::Known(TransitEncryption::Preferred);
            it.cache().pending.transit_encryption = Some(TransitEncryption::Required);
        },
    );
}

#[test]
fn logins() {
    let nobody = Authentication::default();
    fails(&["clients-must-log-in"], |it| {
        it.cache().authentication = Fact::Known(nobody.clone());
        it.cache().anonymous_access = Fact::Known(true);
        it.snapshot.users.clear();
    });
    fails(&["default-user-needs-password"], |it| {
        it.cache().anonymous_access = Fact::Known(true)
    });
    cannot_tell(&["default-user-needs-password"], |it| {
        it.cache().anonymous_access = Fact::unknown(gap("elasticache:DescribeUsers"));
    });
    fails(&["users-instead-of-one-token"], |it| {
        it.cache().authentication = Fact::Known(Authentication {
            token: true,
            ..nobody.clone()
        });
    });
    fails(&["acl-is-not-open-access"], |it| {
        it.cache().service = Service::MemoryDb;
        let groups = vec!["open-access".into()];
        it.cache().authentication = Fact::Known(Authentication {
            groups,
            ..nobody.clone()
        });
        it.cache().anonymous_access = Fact::Known(true);
        let mut group = it.snapshot.user_groups[0].clone();
        group.id = "open-access".into();
        group.service = Service::MemoryDb;
        it.snapshot.user_groups.push(group);
        let mut app = user("app", "on ~app:* +@read");
        app.service = Service::MemoryDb;
        it.snapshot.users.push(app);
    });
    cannot_tell(&["somebody-can-log-in"], |it| {
        it.snapshot.user_groups.clear()
    });
}

#[test]
fn users() {
    fails(
        &["access-strings-are-narrow", "users-lack-dangerous-commands"],
        |it| {
            it.snapshot.users = vec![user("app", "on ~* &* +@all")];
        },
    );
    fails(&["somebody-can-log-in", "used-user-is-switched-on"], |it| {
        it.snapshot.users = vec![user("app", "off ~app:* +@read")];
    });
    fails(&["user-proves-itself"], |it| {
        it.snapshot.users[0].authentication = Fact::Known(UserAuthentication::NoPassword);
    });
    fails(&[], |it| {
        it.snapshot
            .users
            .push(user("nobody-uses-it", "on ~* +@all"))
    });
    cannot_tell(
        &[
            "access-strings-are-narrow",
            "somebody-can-log-in",
            "used-user-is-switched-on",
            "users-lack-dangerous-commands",
        ],
        |it| it.snapshot.users[0].access = Fact::unknown(gap("elasticache:DescribeUsers")),
    );
    fails(&["no-pending-change-takes-logins-away"], |it| {
        it.cache().pending.groups_removed = vec!["app-users".into()];
    });
}

/// What the refused call would have told is unknown; what another call told
/// of it fails all the same.
#[test]
fn changes_and_settings_that_were_not_read() {
    let unread = || Some(Box::new(gap("elasticache:DescribeCacheClusters")));
    cannot_tell(
        &[
            "coming-size-fits-peak-connections",
            "no-pending-change-takes-logins-away",
        ],
        |it| it.cache().pending.unread = unread(),
    );
    let judged = |change: fn(&mut PendingChanges)| {
        let mut estate = sound();
        estate.cache().pending.unread = unread();
        change(&mut estate.cache().pending);
        estate.verdicts()
    };
    let lost = judged(|it| it.groups_removed = vec!["app-users".into()]);
    let policy = "no-pending-change-takes-logins-away".to_owned();
    assert!(lost.contains(&(policy, Verdict::Fail)), "{lost:?}");
    cannot_tell(
        &[
            "cache-has-subnet-group",
            "no-classic-security-group",
            "subnet-group-is-not-default",
        ],
        |it| {
            let aws = it.cache().aws.as_mut().unwrap();
            aws.subnet_group = None;
            aws.unread = unread();
        },
    );
}

#[test]
fn users_are_told_apart_by_account_region_and_service() {
    let mut estate = sound();
    let mut other = user("app", "on ~* +@all");
    other.region = "us-east-1".into();
    estate.snapshot.users.push(other);
    assert_eq!(estate.verdicts(), []);
    estate.snapshot.users[0].access = Fact::Known("on ~* +@all -@dangerous -@admin".into());
    assert_eq!(estate.verdicts(), []);
    estate.snapshot.users[0].access = Fact::Known("on ~app:* +@all".into());
    let audit = estate.audit();
    assert_eq!(
        audit.findings[0].subject.id,
        "111122223333/eu-west-1/elasticache/app"
    );
}

#[test]
fn limits_and_metrics() {
    fails(&["peak-connections-leave-headroom"], |it| {
        it.cache().node_type = Fact::Known("cache.t3.micro".into());
        measure(it.cache(), "CurrConnections", Fact::Known(19_400.0));
    });
    fails(&["coming-size-fits-peak-connections"], |it| {
        it.cache().pending.node_type = Some("cache.t3.micro".into());
        measure(it.cache(), "CurrConnections", Fact::Known(30_000.0));
    });
    cannot_tell(&["peak-connections-leave-headroom"], |it| {
        it.cache().node_type = Fact::unknown(gap("x"));
    });
    for (name, policy) in [
        ("AuthenticationFailures", "logins-succeed"),
        ("CommandAuthorizationFailures", "users-stay-within-rights"),
        ("CurrConnections", "peak-connections-leave-headroom"),
        ("DatabaseMemoryUsagePercentage", "memory-has-headroom"),
        ("EngineCPUUtilization", "engine-thread-has-headroom"),
        ("Evictions", "keys-are-not-evicted"),
        (
            "NetworkBandwidthOutAllowanceExceeded",
            "network-allowance-suffices",
        ),
        (
            "NetworkConntrackAllowanceExceeded",
            "connection-tracking-has-room",
        ),
        ("NewConnections", "connections-are-reused"),
        ("TrafficManagementActive", "service-sheds-no-load"),
    ] {
        fails(&[policy], |it| measure(it.cache(), name, Fact::Known(1e9)));
        cannot_tell(&[policy], |it| {
            measure(it.cache(), name, Fact::unknown(gap("cloudwatch")))
        });
        cannot_tell(&[policy], |it| {
            it.cache().metrics.retain(|metric| metric.name != name)
        });
    }
}

#[test]
fn a_limit_of_the_parameters_counts_where_it_is_lower() {
    let mut estate = sound();
    let mut parameters = estate.cache().parameters.value().unwrap().clone();
    parameters.insert("maxclients".into(), "10000".into());
    estate.cache().parameters = Fact::Known(parameters);
    assert_eq!(estate.audit().caches[0].connection_limit, Some(10_000));
}

#[test]
fn demand_is_summed() {
    let expect = |replicas| Expectation {
        name: format!("{replicas} copies"),
        client: Selector {
            name: Some("checkout".into()),
            ..Selector::default()
        },
        cache: Selector {
            name: Some("sessions".into()),
            ..Selector::default()
        },
        outcome: ExpectedOutcome::Reach,
        demand: Some(Demand {
            replicas,
            processes: 4,
            pool: 250,
        }),
        tls: None,
    };
    let result = |expectation| ExpectationResult {
        expectation,
        clients: 1,
        caches: vec![crate::estate::CACHE.into()],
        counts: ConnectionCounts {
            open: 1,
            ..ConnectionCounts::default()
        },
        unmet: vec![],
        gaps: vec![],
    };
    fails(&["declared-demand-leaves-headroom"], |it| {
        it.expectations = vec![expect(40), expect(12)];
        it.reachability.expectations = vec![result(0), result(1)];
    });
    fails(&[], |it| {
        it.expectations = vec![expect(40)];
        it.reachability.expectations = vec![result(0)];
    });
}

#[test]
fn idle_connections() {
    let parameter = |it: &mut Estate, name: &str, value: &str| {
        let mut parameters = it.cache().parameters.value().unwrap().clone();
        parameters.insert(name.into(), value.into());
        it.cache().parameters = Fact::Known(parameters);
    };
    let path = |it: &mut Estate, trackers: Vec<Tracker>| {
        let facts = PathFacts {
            clients: 2,
            trackers,
        };
        it.reachability
            .paths
            .insert(crate::estate::CACHE.into(), facts);
    };
    let tracker = |kind, machine_type: Option<&str>, stated_seconds| Tracker {
        kind,
        certain: true,
        provider: Provider::Aws,
        stated_seconds,
        machine_type: machine_type.map(str::to_owned),
        id: "eni-1".into(),
        name: "app".into(),
    };
    let machine = |name| tracker(TrackerKind::Interface, Some(name), None);
    let untyped = || tracker(TrackerKind::Interface, None, None);
    fails(&["server-keeps-idle-connections"], |it| {
        parameter(it, "timeout", "60")
    });
    cannot_tell(&["server-keeps-idle-connections"], |it| {
        parameter(it, "timeout", "soon")
    });
    let policy = ["keepalive-beats-idle-limits"];
    // The estate's keepalive is 300 seconds.
    for trackers in [
        vec![],
        vec![machine("m8i.large")],
        vec![machine("m5.large"), untyped()],
        vec![tracker(TrackerKind::PrivateEndpoint, None, None)],
        vec![tracker(TrackerKind::NatGateway, None, None)],
        vec![tracker(
            TrackerKind::Interface,
            Some("m8i.large"),
            Some(600),
        )],
    ] {
        fails(&[], |it| path(it, trackers.clone()));
    }
    for trackers in [
        vec![tracker(TrackerKind::Interface, Some("m5.large"), Some(300))],
        vec![tracker(TrackerKind::Interface, None, Some(60)), untyped()],
    ] {
        fails(&policy, |it| path(it, trackers.clone()));
    }
    // Its owner may have set less.
    cannot_tell(&policy, |it| {
        path(it, vec![tracker(TrackerKind::LoadBalancer, None, None)])
    });
    for (keepalive, trackers) in [
        ("0", vec![machine("m5.large")]),
        ("0", vec![untyped()]),
        ("350", vec![machine("m8i.large"), untyped()]),
        ("600", vec![tracker(TrackerKind::NatGateway, None, None)]),
    ] {
        fails(&policy, |it| {
            parameter(it, "tcp-keepalive", keepalive);
            path(it, trackers.clone());
        });
    }
    fails(&[], |it| {
        parameter(it, "tcp-keepalive", "600");
        path(it, vec![machine("m5.large")]);
    });
    let perhaps = || Tracker {
        certain: false,
        ..tracker(TrackerKind::NatGateway, None, None)
    };
    for unknown in [untyped(), machine("m10z.large"), perhaps()] {
        cannot_tell(&policy, |it| {
            parameter(it, "tcp-keepalive", "600");
            path(it, vec![machine("m5.large"), unknown.clone()]);
        });
    }
    // It beats whatever may be on the way; without any nothing is settled.
    fails(&[], |it| path(it, vec![perhaps()]));
    cannot_tell(&policy, |it| {
        parameter(it, "tcp-keepalive", "0");
        path(it, vec![perhaps()]);
    });
}

#[test]
fn resilience_and_state() {
    fails(&["cache-has-replica"], |it| {
        it.cache().replicas = Fact::Known(0)
    });
    fails(&["failover-is-automatic"], |it| {
        it.cache().automatic_failover = Fact::Known(Failover::Disabled);
    });
    fails(&["nodes-are-spread-over-zones"], |it| {
        it.cache().multi_zone = Fact::Known(false)
    });
    fails(&["backups-are-kept"], |it| {
        it.cache().backup_days = Fact::Known(1)
    });
    let status = |text: &str, phase| {
        Fact::Known(Status {
            text: text.into(),
            phase,
        })
    };
    fails(&["cache-accepts-connections"], |it| {
        it.cache().status = status("create-failed", Phase::Gone);
    });
    fails(&["cache-is-not-impaired"], |it| {
        it.cache().status = status("incompatible-network", Phase::Impaired);
    });
    cannot_tell(
        &["cache-accepts-connections", "cache-is-not-impaired"],
        |it| it.cache().status = status("levitating", Phase::Unclear),
    );
}

#[test]
fn versions_and_updates() {
    let redis = |it: &mut Estate, version: &str| {
        it.cache().engine = Fact::Known(Engine::Redis);
        it.cache().engine_version = Fact::Known(Version(version.into()));
        it.cache().tls_min = Fact::Known(TlsVersion::V1_2);
    };
    fails(&["engine-version-is-supported"], |it| redis(it, "5.0.6"));
    fails(&["engine-version-stays-supported"], |it| redis(it, "6.2.6"));
    fails(&[], |it| redis(it, "7.1.0"));
    fails(&["minor-versions-are-applied"], |it| {
        it.cache().minor_upgrades = Fact::Known(false)
    });
    fails(&["maintenance-avoids-business-hours"], |it| {
        it.cache().maintenance_window = Fact::Known("tue:09:00-tue:10:00".into());
    });
    let update = |status: &str, apply_by: &str, in_time| ServiceUpdate {
        name: "elasticache-20261001".into(),
        severity: "critical".into(),
        kind: "security-update".into(),
        status: status.into(),
        apply_by: Some(at(apply_by)),
        in_time,
    };
    for (update, policies) in [
        (
            update("not-applied", "2026-11-19", None),
            vec!["service-updates-are-not-overdue"],
        ),
        (
            update("not-applied", "2026-12-30", Some(false)),
            vec!["service-updates-are-not-overdue"],
        ),
        (
            update("scheduled", "2026-12-01", None),
            vec!["due-service-updates-are-applied"],
        ),
        (update("not-applied", "2026-12-30", None), vec![]),
        (update("complete", "2026-11-19", Some(false)), vec![]),
    ] {
        fails(&policies, |it| {
            it.cache().updates = Fact::Known(vec![update])
        });
    }
    fails(&["parameter-group-is-in-sync"], |it| {
        let group = ParameterGroup {
            name: "own".into(),
            status: "pending-reboot".into(),
        };
        it.cache().parameter_group = Fact::Known(Some(group));
    });
    fails(&["certificate-authority-stays-valid"], |it| {
        it.cache().authority_expires = Some(at("2026-12-24"));
    });
    fails(&["slow-log-is-delivered"], |it| {
        it.cache().aws.as_mut().unwrap().logs = vec!["engine-log".into()];
    });
}

#[test]
fn rules() {
    fails(&["rule-does-not-admit-internet"], |it| {
        it.reachability.rules = vec![RuleUse {
            world: true,
            public_addresses: 1,
            ..rule_use()
        }];
    });
    fails(&["rule-names-no-public-address"], |it| {
        it.reachability.rules = vec![RuleUse {
            public_addresses: 256,
            addresses: 256,
            ..rule_use()
        }];
    });
    fails(
        &[
            "rule-admits-few-private-addresses",
            "rule-does-not-admit-whole-network",
        ],
        |it| {
            it.reachability.rules = vec![RuleUse {
                whole_network: true,
                addresses: 65_536,
                tightest: Some(set(&["10.0.1.4/30"])),
                ..rule_use()
            }];
        },
    );
    fails(&["rule-opens-cache-ports-only"], |it| {
        it.reachability.rules = vec![RuleUse {
            covers_other_ports: true,
            ..rule_use()
        }];
    });
    for (dead, policy) in [
        (
            DeadRule::Shadowed {
                by: vec!["sgr-0".into()],
            },
            "rule-is-not-shadowed",
        ),
        (DeadRule::NamesNobody, "named-group-has-members"),
        (
            DeadRule::Stale {
                detail: "the peering is deleted".into(),
            },
            "named-group-has-members",
        ),
        (
            DeadRule::Inert {
                detail: "ipv6 alone".into(),
            },
            "rule-can-match",
        ),
    ] {
        fails(&[policy], |it| {
            it.reachability.rules = vec![RuleUse {
                dead: Some(dead),
                ..rule_use()
            }]
        });
    }
    cannot_tell(&["named-group-has-members"], |it| {
        let gaps = vec![gap("ec2:DescribeNetworkInterfaces")];
        it.reachability.rules = vec![RuleUse {
            clients: None,
            gaps,
            ..rule_use()
        }];
    });
}

#[test]
fn egress_rules_ask_for_no_clients() {
    fails(&[], |it| {
        let egress = RuleUse {
            direction: Direction::Egress,
            clients: None,
            world: true,
            covers_other_ports: true,
            ..rule_use()
        };
        it.reachability.rules = vec![egress];
    });
}

#[test]
fn a_rule_is_to_blame_itself() {
    let mut estate = sound();
    estate.reachability.rules = vec![RuleUse {
        world: true,
        ..rule_use()
    }];
    let audit = estate.audit();
    let blame = &audit.findings[0].blame[0];
    assert_eq!(
        (blame.kind.as_str(), blame.stage),
        ("security-group", Stage::CacheFilter)
    );
    assert_eq!(blame.rule, Some("sgr-1".into()));
    assert_eq!(audit.findings[0].subject.id, "sg-cache/sgr-1");
    let Some(FindingFix::Text {
        command: Some(command),
        ..
    }) = &audit.findings[0].fix
    else {
        panic!("{:?}", audit.findings[0].fix);
    };
    assert_eq!(
        command,
        "aws ec2 revoke-security-group-ingress --region eu-west-1 --group-id sg-cache \
         --security-group-rule-ids sgr-1"
    );
}

#[test]
fn expectations() {
    let expectation = |outcome| Expectation {
        name: "checkout".into(),
        client: Selector::default(),
        cache: Selector::default(),
        outcome,
        demand: None,
        tls: None,
    };
    let result = |counts| ExpectationResult {
        expectation: 0,
        clients: 1,
        caches: vec![crate::estate::CACHE.into()],
        counts,
        unmet: vec![],
        gaps: vec![],
    };
    let set = |it: &mut Estate, outcome, counts| {
        it.expectations = vec![expectation(outcome)];
        it.reachability.expectations = vec![result(counts)];
    };
    let none = ConnectionCounts::default();
    // Others may be meant, of whom a label was not read.
    for (outcome, policy) in [
        (ExpectedOutcome::Reach, "expected-connections-are-open"),
        (ExpectedOutcome::NoReach, "unwanted-connections-are-closed"),
    ] {
        cannot_tell(&[policy], |it| {
            let counts = match outcome {
                ExpectedOutcome::Reach => ConnectionCounts { open: 1, ..none },
                ExpectedOutcome::NoReach => ConnectionCounts { blocked: 1, ..none },
            };
            set(it, outcome, counts);
            it.reachability.expectations[0].gaps = vec![gap("tag:GetResources")];
        });
    }
    cannot_tell(
        &[
            "expectation-names-somebody",
            "expected-connections-are-open",
        ],
        |it| {
            set(it, ExpectedOutcome::Reach, none);
            it.reachability.expectations[0].caches.clear();
            it.reachability.expectations[0].gaps = vec![gap("tag:GetResources")];
        },
    );
    fails(&["expected-connections-are-open"], |it| {
        set(
            it,
            ExpectedOutcome::Reach,
            ConnectionCounts {
                open: 2,
                partial: 1,
                ..none
            },
        );
    });
    cannot_tell(&["expected-connections-are-open"], |it| {
        set(
            it,
            ExpectedOutcome::Reach,
            ConnectionCounts {
                open: 2,
                unknown: 1,
                ..none
            },
        );
    });
    fails(&["unwanted-connections-are-closed"], |it| {
        set(
            it,
            ExpectedOutcome::NoReach,
            ConnectionCounts {
                partial: 1,
                blocked: 4,
                ..none
            },
        );
    });
    fails(&[], |it| {
        set(
            it,
            ExpectedOutcome::NoReach,
            ConnectionCounts { blocked: 4, ..none },
        );
    });
    fails(&["expectation-names-somebody"], |it| {
        set(it, ExpectedOutcome::Reach, none);
        it.reachability.expectations[0].clients = 0;
    });
    cannot_tell(
        &[
            "expectation-names-somebody",
            "no-public-forwarder-reaches-cache",
        ],
        |it| {
            set(it, ExpectedOutcome::Reach, none);
            it.reachability.expectations[0].clients = 0;
            let hides = vec![Noun::Interfaces];
            it.snapshot.gaps = vec![Gap {
                hides,
                ..gap("ec2:DescribeNetworkInterfaces")
            }];
        },
    );
}

#[test]
fn hygiene_is_off_unless_asked_for() {
    let mut estate = sound();
    estate.selection = Selection {
        packs: vec!["hygiene".into()],
        ..Selection::default()
    };
    let names: Vec<String> = estate
        .verdicts()
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    assert_eq!(names, ["default-port-is-not-used", "events-are-announced"]);
}
