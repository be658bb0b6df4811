//! Clients and caches.

use cachewarden_estates::{Estate, Place, noun};
use cachewarden_model::{Fact, IpFamilies, Phase, Platform, ResourceId, Status};

use super::{Net, host};
use crate::choices::Choices;

/// A machine in one of the networks.
pub(crate) fn add_client(
    choices: &mut Choices<'_>,
    estate: &mut Estate,
    nets: &[Net],
    number: usize,
) {
    let net = choices.pick(nets);
    let (subnet, blocks, _) = choices.pick(&net.subnets);
    let mut addresses = vec![host(&blocks[0], 10 + number)];
    if let Some(block) = blocks.get(1)
        && choices.chance(60)
    {
        addresses.push(host(block, 10 + number));
        if choices.chance(20) {
            addresses.remove(0);
        }
    }
    if choices.chance(15) {
        addresses.push(host(&blocks[0], 200 + number));
    }
    let addresses: Vec<&str> = addresses.iter().map(String::as_str).collect();
    let mut groups = vec![choices.pick(&net.groups)];
    if choices.chance(25) {
        groups.push(choices.pick(&net.groups));
    }
    groups.dedup();
    let groups: Vec<&str> = groups.iter().map(String::as_str).collect();
    let id = format!("eni-{number}");
    let mut machine = noun::machine(estate.subnet(&subnet), &id, &id, &addresses, &groups);
    if let Some(attached) = &mut machine.attached_to {
        let all = [
            Platform::Linux,
            Platform::Linux,
            Platform::Windows,
            Platform::Managed,
        ];
        attached.platform = Fact::Known(choices.pick(&all));
    }
    estate.snapshot.interfaces.push(machine);
}

/// A cache in this network.
pub(crate) fn add_cache(choices: &mut Choices<'_>, estate: &mut Estate, net: &Net, number: usize) {
    let name = format!("cache-{number}");
    // AWS places nodes into subnets of the wanted families only.
    let mut subnets: Vec<_> = net
        .subnets
        .iter()
        .filter(|it| it.1.len() > 1)
        .cloned()
        .collect();
    let families = if subnets.is_empty() {
        IpFamilies::Ipv4
    } else {
        choices.pick(&[IpFamilies::Ipv4, IpFamilies::DualStack, IpFamilies::Ipv6])
    };
    if families == IpFamilies::Ipv4 {
        subnets.clone_from(&net.subnets);
    }
    let mut shards = vec![];
    for shard in 0..1 + choices.below(4) {
        let (subnet, blocks, _) = choices.pick(&subnets);
        let known = choices.chance(70);
        let mut addresses = vec![];
        if known && families != IpFamilies::Ipv6 {
            addresses.push(host(&blocks[0], 20 + 5 * number + shard));
        }
        if let Some(block) = blocks.get(1)
            && known
            && families != IpFamilies::Ipv4
        {
            addresses.push(host(block, 20 + 5 * number + shard));
        }
        shards.push((subnet, addresses));
    }
    let texts: Vec<Vec<&str>> = shards
        .iter()
        .map(|(_, it)| it.iter().map(String::as_str).collect())
        .collect();
    let places: Vec<_> = shards
        .iter()
        .zip(&texts)
        .map(|((subnet, _), texts)| (estate.subnet(subnet), texts.as_slice()))
        .collect();
    let mut cache = if choices.chance(15) {
        noun::serverless(Place::HOME, &name, &places)
    } else {
        noun::replication_group(Place::HOME, &name, &places)
    };
    cache.families = Fact::Known(families);
    // A zone may hold several subnets of the cache's.
    if choices.chance(15)
        && let Some(node) = cache.nodes.first_mut()
    {
        let mut ids: Vec<ResourceId> = subnets.iter().map(|it| it.0.as_str().into()).collect();
        ids.sort();
        cache.subnets = Fact::Known(ids.clone());
        node.subnets = Fact::Known(ids);
    }
    if choices.chance(4) {
        let phase = choices.pick(&[
            Phase::Creating,
            Phase::Gone,
            Phase::Unclear,
            Phase::Changing,
        ]);
        let text = "something".to_owned();
        cache.status = Fact::Known(Status { text, phase });
    }
    let mut groups = vec![choices.pick(&net.groups)];
    if choices.chance(30) {
        groups.push(choices.pick(&net.groups));
    }
    groups.dedup();
    let groups: Vec<&str> = groups.iter().map(String::as_str).collect();
    estate.add_cache(cache, &groups);
}
