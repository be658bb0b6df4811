//! Edits of what only Google Cloud has.

use cachewarden_model::{Edit, Rule, RuleId};

use crate::estate::Estate;
use crate::patch::{Patch, copy, find};

impl Patch {
    pub(super) fn copy_gcp(&mut self, estate: &Estate<'_>, edit: &Edit) {
        match edit {
            Edit::AllowGlobalAccess { endpoint } => {
                copy(
                    &mut self.endpoints,
                    estate.forwarding_rule(endpoint),
                    |it| &it.id,
                );
            }
            Edit::AddNetworkTag { interface, .. } => {
                let mut all = estate.snapshot().interfaces.iter();
                let found = all.find(|it| it.id == *interface);
                let edited = estate.patch().and_then(|patch| patch.interface(interface));
                copy(&mut self.interfaces, edited.or(found), |it| &it.id);
            }
            _ => {}
        }
    }

    pub(super) fn edit_gcp(&mut self, edit: &Edit) {
        match edit {
            Edit::AllowGlobalAccess { endpoint } => find(
                &mut self.endpoints,
                endpoint,
                |it| &it.id,
                |it| it.global_access = Some(true),
            ),
            Edit::AddNetworkTag { interface, tag } => find(
                &mut self.interfaces,
                interface,
                |it| &it.id,
                |it| {
                    it.network_tags.push(tag.clone());
                    it.network_tags.sort();
                    it.network_tags.dedup();
                },
            ),
            _ => {}
        }
    }
}

/// Puts a disabled rule in force; it stands in the list once per protocol.
pub(super) fn enable(rules: &mut [Rule], id: &RuleId) {
    for rule in rules.iter_mut().filter(|it| it.id == *id) {
        if let Some(gcp) = &mut rule.gcp
            && gcp.off.as_deref() == Some("disabled")
        {
            gcp.off = None;
        }
    }
}
