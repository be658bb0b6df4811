//! Certificate authorities of clusters and of Valkey, whose lists do not tell
//! them: one call for each cache, or for each region that shares one.

use std::collections::{BTreeMap, BTreeSet};

use cachewarden_model::{AccountId, Gap, GapReason, Provider};
use cachewarden_provider::call;
use futures_util::future::join_all;
use google_cloud_memorystore_v1::model as valkey;
use google_cloud_redis_cluster_v1::model as cluster;
use tokio::time::timeout;

use super::ask::{Ask, question};
use super::{Answer, Estate};
use crate::client::Api;
use crate::operation::Operation;

/// Who signs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Authority {
    /// One of the cache's own; by the cache's name.
    Own(Operation, String),
    /// One that the caches of a region share; by the region's name.
    Shared(Operation, String),
    /// One of the customer's own.
    Customers,
}

/// By the name of the cache.
pub(super) async fn read(ask: &Ask<'_>, estate: &Estate) -> BTreeMap<String, Answer<Vec<String>>> {
    let caches = signers(estate);
    let wanted: BTreeSet<(AccountId, Authority)> = caches
        .iter()
        .map(|(account, _, it)| (account.clone(), it.clone()))
        .collect();
    let read = wanted.into_iter().map(|(account, authority)| async move {
        let answer = one(ask, &account, &authority).await;
        ((account, authority), answer)
    });
    let answers: BTreeMap<_, _> = join_all(read).await.into_iter().collect();
    caches
        .into_iter()
        .filter_map(|(account, name, authority)| {
            let answer = answers.get(&(account, authority))?.clone();
            Some((name, answer))
        })
        .collect()
}

/// Project, name and signer of each cache that encrypts connections.
fn signers(estate: &Estate) -> Vec<(AccountId, String, Authority)> {
    let mut all = vec![];
    for (account, it) in &estate.clusters {
        let on = cluster::TransitEncryptionMode::ServerAuthentication;
        if it.transit_encryption_mode != on {
            continue;
        }
        let mode = it.server_ca_mode.as_ref().map(ToString::to_string);
        let signer = signer(Operation::ClusterAuthority, &it.name, mode.as_deref());
        all.push((account.clone(), it.name.clone(), signer));
    }
    for (account, it) in &estate.valkey {
        let on = valkey::instance::TransitEncryptionMode::ServerAuthentication;
        if it.transit_encryption_mode != on {
            continue;
        }
        let mode = it.server_ca_mode.as_ref().map(ToString::to_string);
        let signer = signer(Operation::ValkeyAuthority, &it.name, mode.as_deref());
        all.push((account.clone(), it.name.clone(), signer));
    }
    all
}

/// The mode's words differ by product in their beginnings alone.
fn signer(operation: Operation, name: &str, mode: Option<&str>) -> Authority {
    let mode = mode.unwrap_or_default();
    if mode.contains("SHARED_CA") {
        let region: Vec<&str> = name.split('/').take(4).collect();
        Authority::Shared(operation, region.join("/"))
    } else if mode.contains("CUSTOMER_MANAGED") {
        Authority::Customers
    } else {
        Authority::Own(operation, name.to_owned())
    }
}

async fn one(ask: &Ask<'_>, account: &AccountId, authority: &Authority) -> Answer<Vec<String>> {
    let (Authority::Own(operation, name) | Authority::Shared(operation, name)) = authority else {
        return Err(Box::new(customers(account)));
    };
    let is_shared = matches!(authority, Authority::Shared(..));
    let is_cluster = *operation == Operation::ClusterAuthority;
    let api = if is_cluster {
        Api::Redis
    } else {
        Api::Memorystore
    };
    // What does not get its turn in time is asked all the same, and finds the
    // time over: its gap says so.
    let _ = timeout(ask.session.time_left(), ask.client.pace.wait(api, account)).await;
    let send = || async {
        let answer = match (is_cluster, is_shared) {
            (true, false) => ask.client.cluster_authority(name).await,
            (true, true) => ask.client.shared_cluster_authority(name).await,
            (false, false) => ask.client.valkey_authority(name).await,
            (false, true) => ask.client.shared_valkey_authority(name).await,
        };
        answer.map_err(|it| it.failure)
    };
    call::one(ask.session, &question(*operation, Some(account)), send).await
}

/// The pool of Certificate Authority Service is not read: its permissions are
/// many, and its authorities are renewed by their owner.
fn customers(account: &AccountId) -> Gap {
    Gap {
        provider: Provider::Gcp,
        account: Some(account.clone()),
        region: None,
        what: "privateca.certificateAuthorities.list".to_owned(),
        why: GapReason::NotCollected,
        message: "the authority is one of the customer's own; its pool is not read".to_owned(),
        hides: vec![],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_call_for_a_region_that_shares() {
        let name = "projects/p/locations/us-east1/clusters/c";
        let of = |mode| signer(Operation::ClusterAuthority, name, mode);
        assert_eq!(
            of(Some("SERVER_CA_MODE_GOOGLE_MANAGED_SHARED_CA")),
            Authority::Shared(
                Operation::ClusterAuthority,
                "projects/p/locations/us-east1".to_owned()
            )
        );
        assert_eq!(of(Some("CUSTOMER_MANAGED_CAS_CA")), Authority::Customers);
        let own = Authority::Own(Operation::ClusterAuthority, name.to_owned());
        assert_eq!(of(None), own);
        assert_eq!(of(Some("GOOGLE_MANAGED_PER_INSTANCE_CA")), own);
    }
}
