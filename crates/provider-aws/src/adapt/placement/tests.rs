//! Which subnets and interfaces are a node's.

use super::*;

fn subnets(pairs: &[(&str, &str)]) -> Subnets {
    let pairs = pairs
        .iter()
        .map(|(id, zone)| ((*id).to_owned(), Some((*zone).to_owned())));
    Fact::Known(pairs.collect())
}

#[test]
fn a_name_is_a_whole_word() {
    let found: Vec<_> = words("ElastiCache cache-1, (cache-10)/x_cache-100").collect();
    assert_eq!(
        found,
        ["ElastiCache", "cache-1", "cache-10", "x", "cache-100"]
    );
    assert_eq!(words("").count(), 0);
}

#[test]
fn candidates_are_the_subnets_of_the_zone() {
    let all = subnets(&[("subnet-1", "a"), ("subnet-2", "b"), ("subnet-3", "b")]);
    let of = |zone| candidates(&all, zone).value().unwrap().clone();
    assert_eq!(of(Some("a")), ["subnet-1"]);
    assert_eq!(of(Some("b")), ["subnet-2", "subnet-3"]);
    // Without a zone, or with one that the group has no subnet of, any may be it.
    assert_eq!(of(None), ["subnet-1", "subnet-2", "subnet-3"]);
    assert_eq!(of(Some("c")), ["subnet-1", "subnet-2", "subnet-3"]);
}

#[test]
fn of_endpoints_that_look_alike_none_is_taken() {
    let endpoint = |id: &str| {
        VpcEndpoint::builder()
            .vpc_endpoint_id(id)
            .service_name("com.amazonaws.elasticache.serverless.eu-west-1.vpce-svc-1")
            .subnet_ids("subnet-1")
            .build()
    };
    let cache = ServerlessCache::builder().subnet_ids("subnet-1").build();
    let (one, other) = (endpoint("vpce-1"), endpoint("vpce-2"));
    let with = |endpoints| CacheInterfaces {
        endpoints,
        ..CacheInterfaces::default()
    };
    assert_eq!(with(vec![&one]).endpoint_of(&cache), Some(&one));
    assert_eq!(with(vec![&one, &other]).endpoint_of(&cache), None);
    assert_eq!(with(vec![]).endpoint_of(&cache), None);
}
