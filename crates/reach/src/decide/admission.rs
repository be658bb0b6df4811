//! Filters on the client and on the cache, on the request.

use cachewarden_model::{Effect, Leg, Provider, Stage};

use crate::client::{Carries, Client, End};
use crate::decide::Through;
use crate::estate::Estate;
use crate::filter::{Admission, admit, misses, nearest};
use crate::path::unread;
use crate::peer::Via;
use crate::remedy::{Remedy, cache_direction, client_direction};
use crate::step::{Judged, Recorder};

/// The client's own filter, on the request. Stateful: the reply passes.
#[expect(
    clippy::too_many_arguments,
    reason = "one flow and where to put what came of it"
)]
pub(super) fn client_filter<'a>(
    estate: &Estate<'a>,
    client: &Client<'a>,
    from: &End<'a>,
    to: &End<'a>,
    port: u16,
    via: Via<'a>,
    through: &mut Through,
    record: &mut impl Recorder,
) {
    let step = || Judged::new(Leg::Request, Stage::ClientFilter, "security-group");
    match from.carries {
        Carries::Nothing if from.network.is_none() => {
            record.record(|| step().not_applicable("outside every known network"));
        }
        Carries::Nothing => {
            through.doubt();
            let mut gap = unread(from, None, "interface");
            gap.message = format!(
                "no known interface has the address {}, so that its own filters are not known",
                from.address
            );
            record.record(|| step().unknown(gap.clone()));
        }
        Carries::Unclear(gap) => {
            through.doubt();
            record.record(|| step().unknown(Box::new(gap.clone())));
        }
        Carries::These([], _) => {
            record.record(|| step().not_applicable("the interface has no filter"));
        }
        Carries::These(filters, _) => {
            let direction = client_direction(Leg::Request);
            let verdict = admit(estate, filters, direction, to, port, via);
            settle(&verdict, through);
            record.record(|| {
                let seen = Flow {
                    estate,
                    filters,
                    direction,
                    far: to,
                    port,
                    via,
                };
                seen.word(
                    step(),
                    verdict,
                    client.interface.map_or("the client", |it| it.id.as_str()),
                )
            });
        }
    }
}

/// The filter on the cache, on the request. Stateful: the reply passes.
pub(super) fn cache_filter<'a>(
    estate: &Estate<'a>,
    from: &End<'a>,
    to: &End<'a>,
    port: u16,
    via: Via<'a>,
    through: &mut Through,
    record: &mut impl Recorder,
) {
    let step = || Judged::new(Leg::Request, Stage::CacheFilter, "security-group");
    match to.carries {
        Carries::Unclear(gap) => {
            through.doubt();
            record.record(|| step().unknown(Box::new(gap.clone())));
        }
        Carries::Nothing | Carries::These([], _) => {
            // Every cache on AWS carries a group; none told is none read.
            through.doubt();
            let mut gap = unread(to, None, "security groups");
            gap.provider = to.subnet.map_or(Provider::Aws, |it| it.provider);
            record.record(|| step().unknown(gap.clone()));
        }
        Carries::These(filters, _) => {
            let direction = cache_direction(Leg::Request);
            let verdict = admit(estate, filters, direction, from, port, via);
            settle(&verdict, through);
            record.record(|| {
                let seen = Flow {
                    estate,
                    filters,
                    direction,
                    far: from,
                    port,
                    via,
                };
                seen.word(step(), verdict, "the cache")
            });
        }
    }
}

fn settle(verdict: &Admission<'_>, through: &mut Through) {
    match verdict {
        Admission::Allowed(..) => {}
        Admission::Denied => through.stop(),
        Admission::Unknown(_) => through.doubt(),
    }
}

/// One flow at an allow-list, for its words.
struct Flow<'e, 'a> {
    estate: &'e Estate<'a>,
    filters: &'a [cachewarden_model::ResourceId],
    direction: cachewarden_model::Direction,
    far: &'e End<'a>,
    port: u16,
    via: Via<'a>,
}

impl Flow<'_, '_> {
    fn word(&self, step: Judged, verdict: Admission<'_>, owner: &str) -> Judged {
        let Self {
            estate,
            filters,
            direction,
            far,
            port,
            via,
        } = self;
        match verdict {
            Admission::Allowed(filter, rule) => step
                .resource(&filter.id)
                .rule(rule.id.clone())
                .allow(crate::rules::words(rule)),
            Admission::Unknown(gap) => {
                let step = match filters.first() {
                    Some(first) => step.resource(first),
                    None => step,
                };
                step.unknown(gap)
            }
            Admission::Denied => {
                let missed = misses(estate, filters, *direction, far, *port, *via);
                let (rule, near) = nearest(&missed, *port);
                let resource = missed
                    .first()
                    .filter(|_| rule.is_some())
                    .map(|miss| &miss.filter.id)
                    .or(filters.first());
                let towards = match direction {
                    cachewarden_model::Direction::Ingress => "from",
                    cachewarden_model::Direction::Egress => "to",
                };
                let all: Vec<&str> = filters.iter().map(|id| id.as_str()).collect();
                let detail = format!(
                    "no {} rule of {} ({owner}) admits tcp {port} {towards} {}",
                    direction.as_str(),
                    all.join(", "),
                    far.address
                );
                let step = match resource {
                    Some(resource) => step.resource(resource),
                    None => step,
                };
                let mut judged = step.rule(rule).effect(Effect::Deny, detail).nearest(near);
                judged = judged.remedy(Remedy::Admit {
                    direction: *direction,
                    far: far.address,
                    port: *port,
                });
                judged
            }
        }
    }
}
