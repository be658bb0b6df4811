//! How a scenario asks and what it expects.

use std::sync::LazyLock;

use cachewarden_estates::Estate;
use cachewarden_model::{Audit, Finding, Snapshot, Symptom, Verdict};
use cachewarden_policy::{Judgement, Library, Selection, judge};

/// Every policy.
static LIBRARY: LazyLock<Library> = LazyLock::new(|| {
    let selection = Selection {
        packs: ["strict", "hygiene"].map(str::to_owned).to_vec(),
        ..Selection::default()
    };
    Library::load(&[], &selection).expect("the policies are valid")
});

/// Judges an estate by every policy, as of the day of its snapshot.
pub(crate) fn audit(estate: Estate) -> Audit {
    let snapshot: Snapshot = estate.build();
    let estate = cachewarden_reach::Estate::new(&snapshot);
    let reachability = cachewarden_reach::reachability(&estate, &[]);
    let narrower = cachewarden_reach::Narrower::new(&estate, &[]);
    judge(
        &LIBRARY,
        &Judgement {
            snapshot: &snapshot,
            reachability: &reachability,
            narrow: Some(&narrower),
            expectations: &[],
            waivers: &[],
            judged_at: snapshot.collected_at,
        },
    )
}

/// What a policy says of the thing with this name.
fn verdict(audit: &Audit, policy: &str, subject: &str) -> (Verdict, Option<Finding>) {
    let mut of_both = audit
        .findings
        .iter()
        .filter(|it| it.policy == policy && it.subject.name == subject);
    let found = of_both.next().cloned();
    // What passes, and what a policy is not about, is no finding.
    (found.as_ref().map_or(Verdict::Pass, |it| it.verdict), found)
}

/// The policy fails for the thing with this name in one estate, and is silent
/// in its twin.
#[track_caller]
pub(crate) fn fails(policy: &str, subject: &str, estate: Estate, twin: Estate) -> Finding {
    assert!(
        LIBRARY.find(policy).is_some(),
        "there is no policy `{policy}`"
    );
    let ill = audit(estate);
    let (is, found) = verdict(&ill, policy, subject);
    let others: Vec<_> = ill
        .findings
        .iter()
        .map(|it| (&it.policy, &it.subject.name))
        .collect();
    assert_eq!(
        is,
        Verdict::Fail,
        "{policy} of {subject}: {found:#?}, but {others:#?}"
    );
    let (is, silent) = verdict(&audit(twin), policy, subject);
    assert_eq!(is, Verdict::Pass, "the twin: {silent:#?}");
    found.expect("a finding")
}

/// The same, and this is what a client sees.
#[track_caller]
pub(crate) fn fails_as(
    symptom: Symptom,
    policy: &str,
    subject: &str,
    estate: Estate,
    twin: Estate,
) -> Finding {
    let finding = fails(policy, subject, estate, twin);
    assert_eq!(finding.symptom, Some(symptom), "{finding:#?}");
    finding
}
