//! Facts of a cache that the cloud states.

use std::borrow::Cow;

use cachewarden_model::GapReason;
use cachewarden_model::cache::{Cache, Phase, Status};

use super::words;
use super::world::gap_about;
use super::{FactDef, FactType, FactValue, Read, Reader};

pub(super) const fn fact(
    path: &'static str,
    kind: FactType,
    doc: &'static str,
    read: Read<Cache>,
) -> FactDef {
    FactDef::new(path, kind, doc, Reader::Cache(read))
}

use FactType::{Bool, Int, List, Text, Word};

pub(super) static FACTS: &[FactDef] = &[
    fact("cache.id", Text, "the cloud's id", |_, it| {
        FactValue::text(it.id.as_str())
    }),
    fact("cache.name", Text, "what people call it", |_, it| {
        FactValue::text(it.name.as_str())
    }),
    fact(
        "cache.provider",
        Word(words::PROVIDERS),
        "its cloud",
        |_, it| FactValue::text(it.provider.as_str()),
    ),
    fact(
        "cache.service",
        Word(words::SERVICES),
        "the service that runs it",
        |_, it| FactValue::text(it.service.as_str()),
    ),
    fact(
        "cache.account",
        Text,
        "the account that owns it",
        |_, it| FactValue::text(it.account.as_str()),
    ),
    fact("cache.region", Text, "its region", |_, it| {
        FactValue::text(it.region.as_str())
    }),
    fact(
        "cache.engine",
        Word(words::ENGINES),
        "what runs inside",
        |_, it| FactValue::of(&it.engine, |engine| FactValue::text(words::engine(*engine))),
    ),
    fact(
        "cache.engine_version",
        Text,
        "version of the engine",
        |_, it| {
            FactValue::of(&it.engine_version, |version| {
                FactValue::text(version.0.as_str())
            })
        },
    ),
    fact(
        "cache.node_type",
        Text,
        "the size, as the cloud names it",
        |_, it| FactValue::of(&it.node_type, |name| FactValue::text(name.as_str())),
    ),
    fact(
        "cache.status.text",
        Text,
        "the cloud's word for its state",
        |_, it| FactValue::of(&it.status, |status| FactValue::text(status.text.as_str())),
    ),
    fact(
        "cache.status.phase",
        Word(words::PHASES),
        "what its state means for a client: `serving`, `changing` (with interruptions), \
         `impaired` (what fails is not replaced), `creating`, `gone`; unknown where the cloud's \
         word is",
        |_, it| FactValue::of(&it.status, |status| phase(it, status)),
    ),
    fact(
        "cache.network",
        Text,
        "the network that it is in",
        |_, it| FactValue::of(&it.network, |id| FactValue::text(id.as_str())),
    ),
    fact(
        "cache.subnets",
        List,
        "every subnet that a node may be in",
        |_, it| {
            FactValue::of(&it.subnets, |ids| {
                FactValue::list(ids.iter().map(|id| id.as_str()))
            })
        },
    ),
    fact("cache.filters", List, "filters on its nodes", |_, it| {
        FactValue::of(&it.filters, |ids| {
            FactValue::list(ids.iter().map(|id| id.as_str()))
        })
    }),
    fact(
        "cache.families",
        Word(words::FAMILIES),
        "the address families it listens on",
        |_, it| {
            FactValue::of(&it.families, |families| {
                FactValue::text(words::families(*families))
            })
        },
    ),
    fact(
        "cache.endpoints",
        List,
        "what a client may connect to, as `host:port`",
        |_, it| {
            let host =
                |host: &Option<String>| host.clone().unwrap_or_else(|| "no name yet".to_owned());
            let text = |it: &cachewarden_model::Endpoint| format!("{}:{}", host(&it.host), it.port);
            FactValue::list(it.endpoints.iter().map(text))
        },
    ),
    fact(
        "cache.cluster_mode",
        Word(words::CLUSTER_MODES),
        "whether it speaks the cluster protocol",
        |_, it| {
            FactValue::of(&it.cluster_mode, |it| {
                FactValue::text(words::cluster_mode(*it))
            })
        },
    ),
    fact(
        "cache.automatic_failover",
        Word(words::FAILOVER),
        "whether a replica takes over by itself",
        |_, it| {
            FactValue::of(&it.automatic_failover, |it| {
                FactValue::text(words::failover(*it))
            })
        },
    ),
    fact(
        "cache.multi_zone",
        Bool,
        "whether its nodes are spread over zones",
        |_, it| FactValue::of(&it.multi_zone, |spread| FactValue::Bool(*spread)),
    ),
    fact("cache.shards", Int, "how many shards", |_, it| {
        FactValue::of(&it.shards, |count| FactValue::Int((*count).into()))
    }),
    fact(
        "cache.replicas",
        Int,
        "the least number of replicas that a shard has",
        |_, it| FactValue::of(&it.replicas, |count| FactValue::Int((*count).into())),
    ),
    fact(
        "cache.backup_days",
        Int,
        "for how many days backups are kept; 0 means that none are made",
        |_, it| FactValue::of(&it.backup_days, |days| FactValue::Int((*days).into())),
    ),
    fact(
        "cache.minor_upgrades",
        Bool,
        "whether minor versions are applied by themselves",
        |_, it| FactValue::of(&it.minor_upgrades, |on| FactValue::Bool(*on)),
    ),
    fact(
        "cache.maintenance_window",
        Text,
        "when maintenance may happen, in UTC: `sun:05:00-sun:06:00`",
        |_, it| {
            FactValue::of(&it.maintenance_window, |text| {
                FactValue::text(text.as_str())
            })
        },
    ),
    fact(
        "cache.aws.subnet_group",
        Text,
        "its subnet group",
        |_, it| {
            let group = it.aws.as_ref().and_then(|aws| aws.subnet_group.as_deref());
            of_clusters(it, group, FactValue::Null, FactValue::text)
        },
    )
    .or_null(),
    fact(
        "cache.aws.cache_security_groups",
        List,
        "EC2-Classic cache security groups",
        |_, it| {
            let groups = it.aws.as_ref().map(|aws| &aws.cache_security_groups);
            list_of_clusters(it, groups)
        },
    ),
    fact(
        "cache.aws.replication_group",
        Bool,
        "whether it is a replication group",
        |_, it| {
            FactValue::or_null(it.aws.as_ref(), |aws| {
                FactValue::Bool(aws.replication_group)
            })
        },
    )
    .or_null(),
    fact(
        "cache.aws.global_datastore",
        Text,
        "the global datastore it is part of",
        |_, it| {
            let name = it
                .aws
                .as_ref()
                .and_then(|aws| aws.global_datastore.as_deref());
            FactValue::or_null(name, FactValue::text)
        },
    )
    .or_null(),
    fact(
        "cache.aws.global_role",
        Text,
        "its part in it: `PRIMARY`, `SECONDARY`",
        |_, it| {
            let role = it.aws.as_ref().and_then(|aws| aws.global_role.as_deref());
            FactValue::or_null(role, FactValue::text)
        },
    )
    .or_null(),
    fact(
        "cache.aws.logs",
        List,
        "log types that are delivered",
        |_, it| {
            let logs = it.aws.as_ref().map(|aws| &aws.logs);
            list_of_clusters(it, logs)
        },
    ),
    fact(
        "cache.aws.notification_topic",
        Text,
        "the topic that is told of events",
        |_, it| {
            let topic = it
                .aws
                .as_ref()
                .and_then(|aws| aws.notification_topic.as_deref());
            of_clusters(it, topic, FactValue::Null, FactValue::text)
        },
    )
    .or_null(),
];

/// What `read` makes of a thing that the cache clusters tell; `none` where
/// they have none, and unknown where they were not read.
fn of_clusters<'a, T>(
    cache: &'a Cache,
    thing: Option<T>,
    none: FactValue<'a>,
    read: impl FnOnce(T) -> FactValue<'a>,
) -> FactValue<'a> {
    let unread = cache.aws.as_ref().and_then(|aws| aws.unread.as_deref());
    match (thing, unread) {
        (Some(thing), _) => read(thing),
        (None, Some(gap)) => FactValue::Unknown(vec![Cow::Borrowed(gap)]),
        (None, None) => none,
    }
}

/// The same of a list; an empty one is none.
fn list_of_clusters<'a>(cache: &'a Cache, list: Option<&'a Vec<String>>) -> FactValue<'a> {
    let list = list.filter(|list| !list.is_empty());
    let none = FactValue::list(std::iter::empty::<&str>());
    of_clusters(cache, list, none, |list| {
        FactValue::list(list.iter().map(String::as_str))
    })
}

fn phase<'a>(cache: &Cache, status: &Status) -> FactValue<'a> {
    if status.phase == Phase::Unclear {
        let message = format!("the state `{}` is not understood", status.text);
        return FactValue::unknown(gap_about(cache, "state", GapReason::Unmodelled, message));
    }
    FactValue::text(words::phase(status.phase))
}
