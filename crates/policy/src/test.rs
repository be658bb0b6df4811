//! Runs the cases that policies bring along.

use cachewarden_model::{PolicyId, Verdict};

use crate::library::Library;

/// What came of one case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseResult {
    /// The policy.
    pub policy: PolicyId,
    /// The file that the policy was read from.
    pub file: String,
    /// The case.
    pub case: String,
    /// What must come of it.
    pub expected: Verdict,
    /// What came of it.
    pub got: Verdict,
    /// Why the expression could not be worked out though all its facts are
    /// known; else none.
    pub broken: Option<String>,
}

impl CaseResult {
    /// Whether it came out as expected, and for want of a fact where the
    /// verdict unknown is.
    pub fn passed(&self) -> bool {
        self.expected == self.got && self.broken.is_none()
    }
}

impl Library {
    /// Runs the cases of all policies, those not in use too, with their
    /// default thresholds. In the order of the policies and their cases.
    pub fn test(&self) -> Vec<CaseResult> {
        let mut results = vec![];
        for policy in self.policies() {
            for case in &policy.cases {
                let ruling = policy.judge(|id| case.facts.get(&id), &policy.defaults);
                results.push(CaseResult {
                    policy: policy.id.clone(),
                    file: policy.file.clone(),
                    case: case.name.clone(),
                    expected: case.expect,
                    got: ruling.verdict,
                    broken: ruling.broken,
                });
            }
        }
        results
    }
}
