//! What is found of the platform's traffic.

use std::collections::BTreeSet;

use cachewarden_model::{Gap, PlatformNeed, PlatformTraffic, ResourceId, RuleId};
use cachewarden_netset::PortRange;

use super::lines::{Far, Line};

/// What is found, in the order of the table.
#[derive(Default)]
pub(super) struct Found {
    stopped: Vec<PlatformNeed>,
    unsettled: Vec<PlatformNeed>,
    gaps: BTreeSet<Gap>,
}

impl Found {
    pub(super) fn stop(&mut self, line: &Line, ports: PortRange, by: (ResourceId, Option<RuleId>)) {
        let need = need(line, ports, Some(by));
        self.stopped.push(need);
    }

    pub(super) fn doubt(&mut self, line: &Line, ports: PortRange, gap: Gap) {
        self.unsettled.push(need(line, ports, None));
        self.gaps.insert(gap);
    }

    pub(super) fn traffic(self) -> PlatformTraffic {
        PlatformTraffic {
            stopped: self.stopped,
            unsettled: self.unsettled,
            gaps: self.gaps.into_iter().collect(),
        }
    }
}

fn need(line: &Line, ports: PortRange, by: Option<(ResourceId, Option<RuleId>)>) -> PlatformNeed {
    let (by, rule) = match by {
        Some((by, rule)) => (Some(by), rule),
        None => (None, None),
    };
    PlatformNeed {
        direction: line.direction,
        traffic: format!("{} {ports}", line.protocol),
        peer: line.far.name().to_owned(),
        purpose: line.purpose,
        probe: matches!(line.far, Far::Probes),
        by,
        rule,
    }
}
