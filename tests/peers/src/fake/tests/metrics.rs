//! CloudWatch in CBOR, as the Rust SDK speaks it.

use super::*;
use crate::document;
use crate::fault::FaultKind;

#[test]
fn metrics_over_cbor() {
    let series = json!([{
        "Namespace": "AWS/ElastiCache",
        "MetricName": "CurrConnections",
        "Dimensions": [{"Name": "CacheClusterId", "Value": "c"}, {"Name": "CacheNodeId", "Value": "0001"}],
        "Values": [10, 20, 30],
    }]);
    let fake =
        FakeAws::start(Estate::empty().with("eu-west-1", "cloudwatch:GetMetricData", series));
    let credential = format!(
        "Credential={}/d/eu-west-1/monitoring/aws4_request",
        identity::access_key(DEFAULT_ACCOUNT)
    );
    let headers = [
        ("authorization", credential.as_str()),
        ("smithy-protocol", "rpc-v2-cbor"),
    ];
    // {"StartTime": 0, "EndTime": 7200, "MetricDataQueries": [{"Id": "a", "MetricStat": {…}}, {"Id": "b", …}]}
    let query = |id: &str, node: &str| {
        let text =
            |text: &str| [&[0x60 | u8::try_from(text.len()).unwrap()], text.as_bytes()].concat();
        let long =
            |text: &str| [&[0x78, u8::try_from(text.len()).unwrap()], text.as_bytes()].concat();
        let dimension = |name: &str, value: &str| {
            [
                vec![0xa2],
                text("Name"),
                text(name),
                text("Value"),
                text(value),
            ]
            .concat()
        };
        let dimensions = [
            vec![0x82],
            dimension("CacheNodeId", node),
            dimension("CacheClusterId", "c"),
        ]
        .concat();
        let metric = [
            vec![0xa3],
            text("Namespace"),
            text("AWS/ElastiCache"),
            text("MetricName"),
            text("CurrConnections"),
            text("Dimensions"),
            dimensions,
        ];
        let stat = [
            vec![0xa3],
            text("Period"),
            vec![0x19, 0x0e, 0x10],
            text("Stat"),
            long("Maximum"),
            text("Metric"),
            metric.concat(),
        ];
        [
            vec![0xa2],
            text("Id"),
            text(id),
            text("MetricStat"),
            stat.concat(),
        ]
        .concat()
    };
    let head = b"\xa3\x69StartTime\xc1\x00\x67EndTime\xc1\x19\x1c\x20\x71MetricDataQueries\x82";
    let asked = [head.to_vec(), query("a", "0001"), query("b", "0002")].concat();
    let path = "POST /service/GraniteServiceVersion20100801/operation/GetMetricData HTTP/1.1";
    let address = forward::address(&fake.endpoint());
    let answer = document::decode(&send(&address, path, &headers, &asked).unwrap().body).unwrap();
    let result = |id: &str, times: Value, values: Value| json!({"Id": id, "Label": "CurrConnections", "StatusCode": "Complete", "Timestamps": times, "Values": values});
    // Periods of an hour up to 7200: the latest value belongs to 3600, and what lies before the start is not sent.
    let expected = [
        result("a", json!([3600.0, 0.0]), json!([30.0, 20.0])),
        result("b", json!([]), json!([])),
    ];
    assert_eq!(answer, json!({"MetricDataResults": expected}));

    fake.fault(Fault::new(FaultKind::Throttle));
    let refused = send(&address, path, &headers, &asked).unwrap();
    let error = (
        "x-amzn-query-error".to_owned(),
        "Throttling;Sender".to_owned(),
    );
    assert!(refused.headers.contains(&error));
    assert_eq!(
        document::decode(&refused.body).unwrap()["__type"],
        "com.amazonaws.cloudwatch#ThrottlingException"
    );
}
