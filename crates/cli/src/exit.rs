//! What the process says to its caller: all exit codes stand here alone.
//!
//! | Code | Means |
//! |---|---|
//! | 0 | clean |
//! | 1 | a finding at or above the threshold; a connection that is not open |
//! | 2 | the tool could not do its work: usage, credentials, unreadable input |
//! | 3 | nothing failed, but something is not known (`--strict`, and `why`) |

use std::process::ExitCode;

use cachewarden_model::{
    Audit, ConnectionCounts, Gap, Noun, ReachReport, Region, Severity, Snapshot, Target, Verdict,
};

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// 0.
    Clean,
    /// 1.
    Failed,
    /// 2.
    Error,
    /// 3.
    Unknown,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Clean => 0,
            Exit::Failed => 1,
            Exit::Error => 2,
            Exit::Unknown => 3,
        })
    }
}

impl Exit {
    /// An audit of which no cache could be listed anywhere has not been done.
    ///
    /// Else it fails if something that is not waived fails, from this
    /// severity up; none means that nothing does.
    pub(crate) fn of_audit(audit: &Audit, fail_from: Option<Severity>, strict: bool) -> Self {
        let fails = |from: Severity| {
            audit
                .findings
                .iter()
                .any(|it| it.verdict == Verdict::Fail && it.waived.is_none() && it.severity >= from)
        };
        if fail_from.is_some_and(fails) {
            return Self::Failed;
        }
        if blind(&audit.targets, audit.summary.caches, &audit.gaps) {
            return Self::Error;
        }
        let unknown = audit.summary.unknown > 0;
        Self::unless_unknown(strict, unknown, audit.summary.connections, &audit.gaps)
    }

    /// `reach` fails never, unless no cache could be listed anywhere.
    pub(crate) fn of_reach(report: &ReachReport, strict: bool) -> Self {
        if blind(&report.targets, report.caches, &report.gaps) {
            return Self::Error;
        }
        Self::unless_unknown(strict, false, report.counts, &report.gaps)
    }

    /// `why` answers one question, so its answer is the code: 0 where every
    /// connection is open, 1 where one is blocked or partial, else 3.
    pub(crate) fn of_why(report: &ReachReport) -> Self {
        let ConnectionCounts {
            partial,
            blocked,
            unknown,
            ..
        } = report.counts;
        if partial + blocked > 0 {
            Self::Failed
        } else if unknown > 0 {
            Self::Unknown
        } else {
            Self::Clean
        }
    }

    /// A snapshot is clean if nothing in it was left unseen.
    pub(crate) fn of_collection(snapshot: &Snapshot, strict: bool) -> Self {
        let Snapshot {
            targets,
            caches,
            gaps,
            ..
        } = snapshot;
        let caches = u64::try_from(caches.len()).unwrap_or(u64::MAX);
        if blind(targets, caches, gaps) {
            return Self::Error;
        }
        Self::unless_unknown(strict, false, ConnectionCounts::default(), gaps)
    }

    /// Policies are clean if every case of theirs came out as it should.
    pub(crate) fn of_cases(all_as_expected: bool) -> Self {
        if all_as_expected {
            Self::Clean
        } else {
            Self::Failed
        }
    }

    fn unless_unknown(
        strict: bool,
        verdicts: bool,
        connections: ConnectionCounts,
        gaps: &[Gap],
    ) -> Self {
        let unknown = verdicts || connections.unknown > 0 || !gaps.is_empty();
        if strict && unknown {
            Self::Unknown
        } else {
            Self::Clean
        }
    }
}

/// Whether there is no cache, and wherever one was looked for, some may have
/// been missed. What looks like an empty account is then one that was not
/// read, which must never pass for a clean one.
fn blind(targets: &[Target], caches: u64, gaps: &[Gap]) -> bool {
    let hidden = |target: &Target, region: &Region| {
        gaps.iter().any(|gap| {
            gap.provider == target.provider
                && gap.account.as_ref().is_none_or(|it| *it == target.account)
                && gap.region.as_ref().is_none_or(|it| it == region)
                && gap.hides.contains(&Noun::Caches)
        })
    };
    let missed = |target: &Target| target.regions.iter().all(|region| hidden(target, region));
    caches == 0 && !gaps.is_empty() && targets.iter().all(missed)
}
