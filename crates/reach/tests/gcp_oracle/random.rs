//! Random estates on Google Cloud: three networks of two regions, up to nine
//! clients, five caches. Where all bytes are zero, everything works that
//! should.

mod filters;
mod roads;
mod services;

use cachewarden_estates::Estate;
use cachewarden_estates::gcp::{
    ABROAD, HOME, add_network, add_subnet, connector, empty, id, machine, service, subnet,
};
use cachewarden_model::{Attachment, Fact, Region, RunState, Target};

use crate::choices::Choices;

/// The networks; the second byte of their ranges follows from their place.
pub(crate) const NETWORKS: [&str; 3] = [
    "projects/p0/global/networks/n0",
    "projects/p1/global/networks/n1",
    "projects/p2/global/networks/n2",
];

/// An estate.
pub(crate) fn estate(choices: &mut Choices<'_>) -> Estate {
    let mut estate = empty();
    let regions = || [HOME, ABROAD, "global"].map(Region::from).to_vec();
    for target in &mut estate.snapshot.targets {
        target.regions = regions();
    }
    let first = estate.snapshot.targets.first().expect("a target").clone();
    estate.snapshot.targets = ["p0", "p1", "p2"]
        .map(|project| Target {
            account: project.into(),
            ..first.clone()
        })
        .to_vec();
    for (place, network) in NETWORKS.iter().enumerate() {
        add_network(&mut estate, network);
        subnets(choices, &mut estate, place, network);
        clients(choices, &mut estate, place, network);
    }
    services::add(choices, &mut estate);
    roads::add(choices, &mut estate);
    filters::add(choices, &mut estate);
    estate
}

/// The id of a network's subnet.
pub(crate) fn subnet_id(place: usize, name: &str) -> String {
    let region = if name == "b" { ABROAD } else { HOME };
    id::subnet(&format!("p{place}"), region, name)
}

fn subnets(choices: &mut Choices<'_>, estate: &mut Estate, place: usize, network: &str) {
    let machines = match choices.below(24) {
        22 => format!("172.17.{place}.0/24"),
        23 => format!("34.10.{place}.0/24"),
        _ => format!("10.{place}.1.0/24"),
    };
    let pods = format!("10.{place}.128.0/24");
    for (name, range, pods) in [
        ("a", machines, Some(pods)),
        ("b", format!("10.{place}.2.0/24"), None),
        ("e", format!("10.{place}.3.0/24"), None),
        ("s", format!("10.{place}.4.0/28"), None),
    ] {
        let secondary = pods.as_deref().map(|it| ("pods", it));
        let id = subnet_id(place, name);
        let mut own = subnet(network, &id, &range, secondary.as_slice());
        if name == "e"
            && choices.chance(10)
            && let Some(gcp) = &mut own.gcp
        {
            gcp.routes_may_overlap = true;
        }
        add_subnet(estate, own);
    }
}

fn clients(choices: &mut Choices<'_>, estate: &mut Estate, place: usize, network: &str) {
    let near = subnet_id(place, "a");
    let mut ranges = estate.subnet(&near).cidrs.iter().map(ToString::to_string);
    let machines = ranges.find(|it| !it.contains(".128."));
    let machines = machines.expect("the primary range");
    let address = machines.replace(".0/24", ".10");
    let account = choices.pick(&[None, Some("s0@x"), Some("s1@x")]);
    let own = id::instance(
        &format!("p{place}"),
        &format!("{HOME}-b"),
        &format!("vm{place}"),
    );
    let tags = tags(choices);
    let mut vm = machine(
        estate,
        &near,
        &format!("{own}/nic0"),
        &address,
        &tags,
        account,
    );
    if choices.chance(40) {
        let pods = format!("10.{place}.128.0/28");
        vm.prefixes = vec![pods.parse().expect("a range")];
    }
    estate.snapshot.interfaces.push(vm);
    let own = id::instance(
        &format!("p{place}"),
        &format!("{ABROAD}-b"),
        &format!("far{place}"),
    );
    let tags = self::tags(choices);
    let address = format!("10.{place}.2.10");
    let far = subnet_id(place, "b");
    let far = machine(estate, &far, &format!("{own}/nic0"), &address, &tags, None);
    if !choices.chance(40) {
        estate.snapshot.interfaces.push(far);
    }
    serverless(choices, estate, place, network);
}

fn serverless(choices: &mut Choices<'_>, estate: &mut Estate, place: usize, network: &str) {
    let home = subnet_id(place, "s");
    let project = id::project_of(network).to_owned();
    match choices.below(3) {
        0 => {}
        1 => {
            let id = format!("projects/{project}/locations/{HOME}/connectors/c{place}");
            let mut own = connector(estate, &home, &id);
            if choices.chance(15)
                && let Some(Attachment { state, .. }) = &mut own.attached_to
            {
                *state = Fact::Known(RunState::Other("ERROR".to_owned()));
            }
            estate.snapshot.interfaces.push(own);
        }
        _ => {
            let id = format!("projects/{project}/locations/{HOME}/services/run{place}#s");
            let range = format!("10.{place}.4.0/28");
            let tags = tags(choices);
            let own = service(estate, &home, &id, &range, &tags);
            estate.snapshot.interfaces.push(own);
        }
    }
}

/// Up to two of three tags.
pub(crate) fn tags(choices: &mut Choices<'_>) -> Vec<&'static str> {
    let mut all = choices.several(2, |it| it.pick(&["t0", "t1", "t2"]));
    all.sort_unstable();
    all.dedup();
    all
}
