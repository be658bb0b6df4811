//! The fake over HTTP: pages, details, accounts, the record.

mod faults;
mod metrics;

use serde_json::{Value, json};

use super::*;
use crate::http::{Response, encode, send};

/// Asks as an SDK would: the protocol goes by the service.
fn ask(fake: &FakeAws, service: &str, operation: &str, parameters: &[(&str, &str)]) -> Response {
    ask_as(
        fake,
        &identity::access_key(DEFAULT_ACCOUNT),
        service,
        operation,
        parameters,
    )
}

fn ask_as(
    fake: &FakeAws,
    key: &str,
    service: &str,
    operation: &str,
    parameters: &[(&str, &str)],
) -> Response {
    try_ask(fake, key, service, operation, parameters).unwrap()
}

fn try_ask(
    fake: &FakeAws,
    key: &str,
    service: &str,
    operation: &str,
    parameters: &[(&str, &str)],
) -> std::io::Result<Response> {
    let credential =
        format!("AWS4-HMAC-SHA256 Credential={key}/20260131/eu-west-1/{service}/aws4_request, X=y");
    let mut headers = vec![
        ("authorization", credential.as_str()),
        ("user-agent", "test/1"),
    ];
    let target = format!("AmazonMemoryDB.{operation}");
    let body = if service == "memorydb" {
        headers.push(("x-amz-target", &target));
        headers.push(("content-type", "application/x-amz-json-1.1"));
        Value::from_iter(parameters.iter().map(|(name, value)| (*name, *value))).to_string()
    } else {
        let pairs = parameters
            .iter()
            .map(|(name, value)| format!("&{name}={}", encode(value)));
        format!("Action={operation}{}", pairs.collect::<String>())
    };
    let address = forward::address(&fake.endpoint());
    send(&address, "POST / HTTP/1.1", &headers, body.as_bytes())
}

fn body(response: &Response) -> String {
    String::from_utf8(response.body.clone()).unwrap()
}

/// The text of the first element of that name.
fn text(response: &Response, element: &str) -> Option<String> {
    let body = body(response);
    let (_, rest) = body.split_once(&format!("<{element}>"))?;
    rest.split_once('<')
        .map(|(text, _)| text.replace("&amp;", "&"))
}

fn vpcs(count: usize) -> Value {
    (0..count)
        .map(|number| json!({"VpcId": format!("vpc-{number}")}))
        .collect()
}

fn fake_with_vpcs(count: usize) -> FakeAws {
    FakeAws::start(Estate::empty().with("eu-west-1", "ec2:DescribeVpcs", vpcs(count)))
}

#[test]
fn pages_end_with_the_list() {
    let fake = fake_with_vpcs(7);
    assert_eq!(
        body(&ask(&fake, "ec2", "DescribeVpcs", &[]))
            .matches("<vpcId>")
            .count(),
        7
    );

    fake.page_size(3);
    let mut token = None;
    let mut sizes = Vec::new();
    loop {
        let mut parameters = vec![("MaxResults", "1000")];
        parameters.extend(token.as_deref().map(|token| ("NextToken", token)));
        let page = ask(&fake, "ec2", "DescribeVpcs", &parameters);
        sizes.push(body(&page).matches("<vpcId>").count());
        token = text(&page, "nextToken");
        if token.is_none() {
            break;
        }
    }
    assert_eq!(sizes, [3, 3, 1]);
}

#[test]
fn a_token_belongs_to_its_question() {
    let fake = fake_with_vpcs(7);
    fake.page_size(3);
    let token = text(&ask(&fake, "ec2", "DescribeVpcs", &[]), "nextToken").unwrap();
    for (operation, token) in [
        ("DescribeVpcs", "made-up"),
        ("DescribeSubnets", token.as_str()),
    ] {
        let refused = ask(&fake, "ec2", operation, &[("NextToken", token)]);
        assert_eq!(
            (refused.status, text(&refused, "Code").as_deref()),
            (400, Some("InvalidNextToken"))
        );
    }
    let refused = ask(&fake, "elasticache", "DescribeUsers", &[("Marker", &token)]);
    assert_eq!(
        text(&refused, "Code").as_deref(),
        Some("InvalidParameterValue")
    );
    let refused = ask(&fake, "memorydb", "DescribeUsers", &[("NextToken", &token)]);
    assert!(body(&refused).contains(r#""__type":"InvalidParameterValueException""#));
}

#[test]
fn page_sizes_are_those_of_aws() {
    let fake = fake_with_vpcs(1);
    for (service, operation, size) in [
        ("ec2", "DescribeVpcs", ("MaxResults", "4")),
        ("ec2", "DescribeRouteTables", ("MaxResults", "1000")),
        ("elasticache", "DescribeCacheClusters", ("MaxRecords", "10")),
    ] {
        let refused = ask(&fake, service, operation, &[size]);
        assert_eq!(
            text(&refused, "Code").as_deref(),
            Some("InvalidParameterValue"),
            "{operation}"
        );
    }
}

#[test]
fn details_are_shown_on_demand() {
    let node = json!([{"CacheClusterId": "c", "CacheNodes": [{"CacheNodeId": "0001"}]}]);
    let fake = FakeAws::start(Estate::empty().with(
        "eu-west-1",
        "elasticache:DescribeCacheClusters",
        node,
    ));
    let shown = |parameters: &[(&str, &str)]| {
        body(&ask(
            &fake,
            "elasticache",
            "DescribeCacheClusters",
            parameters,
        ))
        .contains("<CacheNodeId>0001")
    };
    assert!(!shown(&[]));
    assert!(shown(&[("ShowCacheNodeInfo", "true")]));
}

#[test]
fn single_answers() {
    let fake = FakeAws::start(Estate::new(
        json!({"eu-west-1": {"ec2:DescribeVpcAttribute": [
            {"_for": "vpc-1", "EnableDnsSupport": {"Value": true}, "EnableDnsHostnames": {"Value": false}},
        ]}}),
    ));
    let asked = [("VpcId", "vpc-1"), ("Attribute", "enableDnsSupport")];
    let answer = body(&ask(&fake, "ec2", "DescribeVpcAttribute", &asked));
    assert!(
        answer.contains(
            "<enableDnsSupport><value>true</value></enableDnsSupport><vpcId>vpc-1</vpcId>"
        ),
        "{answer}"
    );
    assert!(!answer.contains("enableDnsHostnames"));
    let asked = [("VpcId", "vpc-2"), ("Attribute", "enableDnsSupport")];
    let refused = ask(&fake, "ec2", "DescribeVpcAttribute", &asked);
    assert_eq!(
        text(&refused, "Code").as_deref(),
        Some("InvalidVpcID.NotFound")
    );
    let answer = ask(&fake, "ec2", "DescribeVpcBlockPublicAccessOptions", &[]);
    assert_eq!(
        text(&answer, "internetGatewayBlockMode").as_deref(),
        Some("off")
    );
    let answer = ask(&fake, "ec2", "DescribeRegions", &[]);
    assert_eq!(text(&answer, "regionName").as_deref(), Some("eu-west-1"));
}

#[test]
fn accounts_and_roles() {
    let estate = json!({
        "eu-west-1": {"ec2:DescribeVpcs": [{"VpcId": "vpc-home"}]},
        "222222222222/eu-west-1": {"ec2:DescribeVpcs": [{"VpcId": "vpc-other"}]},
    });
    let fake = FakeAws::start(Estate::new(estate));
    let vpc = |key: &str| text(&ask_as(&fake, key, "ec2", "DescribeVpcs", &[]), "vpcId");
    let env = fake.env_of("222222222222");
    let (_, key) = env
        .iter()
        .find(|(name, _)| name == "AWS_ACCESS_KEY_ID")
        .unwrap();
    assert_eq!(vpc(key).as_deref(), Some("vpc-other"));
    assert_eq!(
        vpc(&identity::access_key(DEFAULT_ACCOUNT)).as_deref(),
        Some("vpc-home")
    );

    let caller = ask(&fake, "sts", "GetCallerIdentity", &[]);
    assert_eq!(text(&caller, "Account").as_deref(), Some(DEFAULT_ACCOUNT));
    let role = [
        ("RoleArn", "arn:aws:iam::222222222222:role/audit"),
        ("RoleSessionName", "test"),
    ];
    let assumed = ask(&fake, "sts", "AssumeRole", &role);
    let key = text(&assumed, "AccessKeyId").unwrap();
    // Without its session token the key is worth nothing.
    let refused = ask_as(&fake, &key, "ec2", "DescribeVpcs", &[]);
    assert_eq!(
        (refused.status, text(&refused, "Code").as_deref()),
        (401, Some("AuthFailure"))
    );
    let refused = ask_as(&fake, "AKIANOBODY", "elasticache", "DescribeUsers", &[]);
    assert_eq!(
        (refused.status, text(&refused, "Code").as_deref()),
        (403, Some("InvalidClientTokenId"))
    );
}

#[test]
fn unsigned_and_unknown_requests_are_refused() {
    let fake = FakeAws::start(Estate::empty());
    let answer = send(
        &forward::address(&fake.endpoint()),
        "GET / HTTP/1.1",
        &[],
        b"",
    )
    .unwrap();
    assert_eq!(answer.status, 403);
    let answer = ask(&fake, "ec2", "DeleteVpc", &[]);
    assert_eq!(
        (answer.status, text(&answer, "Code").as_deref()),
        (400, Some("InvalidAction"))
    );
    let answer = ask(&fake, "account", "ListRegions", &[]);
    assert_eq!(answer.status, 400);
}

#[test]
fn everything_asked_is_recorded() {
    let fake = FakeAws::start(Estate::empty());
    ask(
        &fake,
        "ec2",
        "DescribeVpcs",
        &[
            ("Filter.1.Name", "state"),
            ("Filter.1.Value.1", "available"),
        ],
    );
    ask(
        &fake,
        "memorydb",
        "DescribeClusters",
        &[("ShowShardDetails", "true")],
    );
    ask(&fake, "elasticache", "DeleteUser", &[]);
    let requests = fake.requests();
    let actions: Vec<_> = requests
        .iter()
        .map(|request| (request.action(), request.only_reads()))
        .collect();
    let expected = [
        ("ec2:DescribeVpcs", true),
        ("memorydb:DescribeClusters", true),
        ("elasticache:DeleteUser", false),
    ];
    assert_eq!(
        actions,
        expected.map(|(action, reads)| (action.to_owned(), reads))
    );
    let first = &requests[0];
    assert_eq!((first.method.as_str(), first.path.as_str()), ("POST", "/"));
    assert_eq!(
        (first.region.as_str(), first.account.as_str()),
        ("eu-west-1", DEFAULT_ACCOUNT)
    );
    assert_eq!(
        (
            first.parameters["Filter.1.Value.1"].as_str(),
            first.user_agent.as_str()
        ),
        ("available", "test/1")
    );
    assert_eq!(fake.calls("ec2:DescribeVpcs"), 1);
}
