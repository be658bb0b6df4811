//! Kinds of interfaces.

use aws_sdk_ec2::types::NetworkInterfaceType;

use super::*;

fn kind_of(word: &str, description: &str, requester: &str) -> InterfaceKind {
    let interface = NetworkInterface::builder()
        .interface_type(NetworkInterfaceType::from(word))
        .description(description)
        .requester_id(requester)
        .requester_managed(!requester.is_empty())
        .build();
    let nodes = CacheInterfaces::default();
    let behind = Behind {
        instances: BTreeMap::new(),
        instance_gap: None,
        nat_gateways: BTreeMap::new(),
        endpoints: BTreeMap::new(),
        nodes: &nodes,
    };
    kind(&behind, "eni-1", &interface)
}

#[test]
fn each_type_has_its_kind() {
    let service = |word: &str| InterfaceKind::Service(word.to_owned());
    let cases = [
        ("interface", "", "", InterfaceKind::Machine),
        ("efa", "", "", InterfaceKind::Machine),
        ("trunk", "", "", InterfaceKind::Machine),
        ("branch", "aws-k8s-branch-eni", "", InterfaceKind::Pod),
        (
            "lambda",
            "AWS Lambda VPC ENI-x",
            "A:awslambda",
            InterfaceKind::Function,
        ),
        (
            "network_load_balancer",
            "",
            "amazon-elb",
            InterfaceKind::LoadBalancer,
        ),
        (
            "interface",
            "ELB app/x/1",
            "amazon-elb",
            InterfaceKind::LoadBalancer,
        ),
        ("natGateway", "", "", InterfaceKind::NatGateway),
        ("transit_gateway", "", "", InterfaceKind::TransitRouter),
        ("vpc_endpoint", "", "", InterfaceKind::PrivateEndpoint),
        (
            "gateway_load_balancer_endpoint",
            "",
            "",
            InterfaceKind::PrivateEndpoint,
        ),
        (
            "interface",
            "ElastiCache x",
            "amazon-elasticache",
            InterfaceKind::CacheNode,
        ),
        (
            "interface",
            "RDSNetworkInterface",
            "amazon-rds",
            service("amazon-rds"),
        ),
        (
            "interface",
            "what",
            "123456789012",
            service("requester-managed"),
        ),
        (
            "interface",
            "arn:aws:ecs:r:1:attachment/x",
            "123456789012",
            InterfaceKind::Machine,
        ),
        ("quicksight", "", "", service("quicksight")),
        ("wormhole", "", "", service("wormhole")),
        // Anybody can write this beside an interface of their own.
        ("interface", "ElastiCache x", "", InterfaceKind::Machine),
    ];
    for (word, description, requester, kind) in cases {
        assert_eq!(
            kind_of(word, description, requester),
            kind,
            "{word} {description}"
        );
    }
}
