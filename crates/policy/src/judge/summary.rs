//! The audit around the findings.

use std::collections::BTreeMap;

use cachewarden_model::{Audit, AuditSummary, Cache, CacheSummary, Finding, Severity, Verdict};

use crate::facts::{self, FactValue, Item, Lookup, World};

/// Counts, caches and gaps beside the findings.
pub(super) fn audit(world: &World<'_>, findings: Vec<Finding>) -> Audit {
    let snapshot = world.snapshot;
    // A gap may sit in a single fact only; what it keeps unknown names it.
    let mut gaps = snapshot.gaps.clone();
    gaps.extend(findings.iter().flat_map(|it| &it.gaps).cloned());
    gaps.sort();
    gaps.dedup();
    let mut caches: Vec<CacheSummary> = snapshot.caches.iter().map(|it| cache(world, it)).collect();
    caches.sort_by(|a, b| a.id.cmp(&b.id));
    let mut targets = snapshot.targets.clone();
    targets.sort();
    let mut skipped = snapshot.skipped.clone();
    skipped.sort();
    Audit {
        collected_at: snapshot.collected_at,
        judged_at: world.judged_at,
        targets,
        summary: counts(world, &findings, gaps.len()),
        caches,
        findings,
        skipped,
        gaps,
    }
}

fn counts(world: &World<'_>, findings: &[Finding], gaps: usize) -> AuditSummary {
    let mut by_severity: BTreeMap<Severity, u64> = Severity::WORST_FIRST
        .into_iter()
        .map(|severity| (severity, 0))
        .collect();
    let (mut unknown, mut waived) = (0, 0);
    for finding in findings {
        if finding.waived.is_some() {
            waived += 1;
        } else if finding.verdict == Verdict::Fail {
            *by_severity.entry(finding.severity).or_default() += 1;
        } else {
            unknown += 1;
        }
    }
    AuditSummary {
        caches: count(world.snapshot.caches.len()),
        clients: world.reachability.clients,
        connections: world.reachability.counts,
        findings: by_severity,
        unknown,
        waived,
        gaps: count(gaps),
    }
}

fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

fn cache<'a>(world: &World<'a>, cache: &'a Cache) -> CacheSummary {
    CacheSummary {
        id: cache.id.clone(),
        name: cache.name.clone(),
        provider: cache.provider,
        service: cache.service.as_str(),
        account: cache.account.clone(),
        region: cache.region.clone(),
        status: cache.status.value().map(|status| status.text.clone()),
        endpoints: cache.endpoints.clone(),
        connection_limit: number(world, cache, "cache.connection_limit"),
        peak_connections: number(world, cache, "cache.peak_connections"),
    }
}

/// A fact of a cache that is a count; none where it is not known.
fn number<'a>(world: &World<'a>, cache: &'a Cache, path: &str) -> Option<u64> {
    let Lookup::Fact(id) = facts::look_up(path, cachewarden_model::SubjectKind::Cache) else {
        return None;
    };
    match id.read(world, &Item::Cache(cache)) {
        FactValue::Int(value) => u64::try_from(value).ok(),
        _ => None,
    }
}
