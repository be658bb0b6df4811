//! One finding: what the subject, the policy and the engine say of it.

use cachewarden_model::{Evidence, Finding, FindingFix, Fix, Gap, Subject, Symptom, Verdict};

use crate::facts::{FactId, FactValue, Item, World};
use crate::policy::{FixFor, Policy, Ruling, SymptomSource};
use account::{Account, account};

mod account;
mod subject;

/// The finding that a ruling makes.
pub(super) fn new<'a>(
    policy: &Policy,
    ruling: &Ruling,
    world: &World<'a>,
    item: &Item<'a>,
) -> Finding {
    let subject = subject::of(item);
    let read = |id: FactId| id.read(world, item);
    let facts: Vec<(FactId, FactValue<'a>)> = policy
        .facts()
        .into_iter()
        .map(|id| (id, read(id)))
        .collect();
    let failed = ruling.verdict == Verdict::Fail;
    let gaps = if failed { vec![] } else { gaps(&facts) };
    let message = if failed {
        policy.message.sentence(read, &policy.thresholds)
    } else {
        not_known(ruling, &facts)
    };
    let account = if failed {
        account(policy, world, item)
    } else {
        Account::default()
    };
    Finding {
        policy: policy.id.clone(),
        title: policy.title.clone(),
        verdict: ruling.verdict,
        severity: policy.severity,
        concern: policy.concern,
        fingerprint: fingerprint(policy, &subject),
        message,
        symptom: if failed { symptom(policy, item) } else { None },
        evidence: evidence(policy, &facts),
        blame: account.blame,
        witness: account.witness,
        fix: if failed {
            fix(policy, account.fix, item, read)
        } else {
            None
        },
        references: policy.references.clone(),
        controls: policy.controls.clone(),
        waived: None,
        gaps,
        subject,
    }
}

/// Adds what a second finding about the same policy and subject knows.
pub(super) fn absorb(finding: &mut Finding, other: Finding) {
    for blame in other.blame {
        if !finding.blame.contains(&blame) {
            finding.blame.push(blame);
        }
    }
    finding.gaps.extend(other.gaps);
    finding.gaps.sort();
    finding.gaps.dedup();
    finding.witness = finding.witness.or(other.witness);
    finding.symptom = finding.symptom.or(other.symptom);
    if finding.fix.is_none() {
        finding.fix = other.fix;
    }
}

fn gaps(facts: &[(FactId, FactValue<'_>)]) -> Vec<Gap> {
    let unknown = facts.iter().filter_map(|(_, value)| match value {
        FactValue::Unknown(gaps) => Some(gaps),
        _ => None,
    });
    let mut gaps: Vec<Gap> = unknown
        .flatten()
        .map(|gap| gap.clone().into_owned())
        .collect();
    gaps.sort();
    gaps.dedup();
    gaps
}

fn not_known(ruling: &Ruling, facts: &[(FactId, FactValue<'_>)]) -> String {
    if let Some(why) = &ruling.broken {
        return format!("the policy cannot be worked out for these facts: {why}");
    }
    let unknown = facts.iter().filter(|(_, value)| value.is_unknown());
    let names: Vec<String> = unknown.map(|(id, _)| format!("`{}`", id.path())).collect();
    match names.as_slice() {
        [name] => format!("cannot be told: {name} is not known"),
        names => format!("cannot be told: {} are not known", names.join(", ")),
    }
}

fn symptom(policy: &Policy, item: &Item<'_>) -> Option<Symptom> {
    match (policy.symptom.as_ref()?, item) {
        (SymptomSource::Always(symptom), _) => Some(*symptom),
        (SymptomSource::OfCloud(symptoms), _) => symptoms.get(&item.provider()?).copied(),
        (SymptomSource::Connection, Item::Connection(item)) => item.connection.symptom,
        (SymptomSource::Connection, Item::Expectation(item)) => item
            .result
            .unmet
            .iter()
            .find_map(|connection| connection.symptom),
        (SymptomSource::Connection, _) => None,
    }
}

fn evidence(policy: &Policy, facts: &[(FactId, FactValue<'_>)]) -> Vec<Evidence> {
    let facts = facts
        .iter()
        .map(|(id, value)| (id.path().to_owned(), value.to_json()));
    let used = policy
        .applies
        .iter()
        .chain([&policy.requires])
        .flat_map(|it| it.thresholds());
    let thresholds = used.filter_map(|name| {
        Some((
            format!("threshold.{name}"),
            policy.thresholds.get(name)?.to_json(),
        ))
    });
    let mut evidence: Vec<Evidence> = facts
        .chain(thresholds)
        .map(|(fact, value)| Evidence { fact, value })
        .collect();
    evidence.sort_by(|a, b| a.fact.cmp(&b.fact));
    evidence.dedup_by(|a, b| a.fact == b.fact);
    evidence
}

/// The engine's own fix, which was tried, before the policy's.
fn fix<'a>(
    policy: &Policy,
    proven: Option<Fix>,
    item: &Item<'a>,
    read: impl Fn(FactId) -> FactValue<'a>,
) -> Option<FindingFix> {
    if let Some(fix) = proven {
        return Some(FindingFix::Edits(fix));
    }
    let whose = item.provider().map(FixFor::from);
    let template = whose
        .and_then(|whose| policy.fix.get(&whose))
        .or(policy.fix.get(&FixFor::Any))?;
    Some(FindingFix::Text {
        summary: template.summary.sentence(&read, &policy.thresholds),
        command: template
            .command(item.cache())
            .and_then(|it| it.command(&read, &policy.thresholds)),
    })
}

/// 16 hex digits that stay the same for the same policy and subject: FNV-1a
/// over both, which is the same on every platform.
///
/// Source: RFC 9923, "The FNV Non-Cryptographic Hash Algorithm".
fn fingerprint(policy: &Policy, subject: &Subject) -> String {
    let parts = [
        policy.id.as_str(),
        subject.kind.as_str(),
        subject.id.as_str(),
    ];
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for part in parts {
        // A byte that no text holds keeps the parts apart.
        for byte in part.bytes().chain([0xff]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
    format!("{hash:016x}")
}
