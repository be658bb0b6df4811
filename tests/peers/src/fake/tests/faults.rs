//! Every way to fail, as a client meets it.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use super::*;
use crate::fault::FaultKind;

#[test]
fn refusals_have_the_shape_of_their_service() {
    let fake = FakeAws::start(Estate::empty());
    for (kind, ec2, query, json) in [
        (
            FaultKind::AccessDenied,
            (403, "UnauthorizedOperation"),
            (403, "AccessDenied"),
            (400, "AccessDeniedException"),
        ),
        (
            FaultKind::Throttle,
            (503, "RequestLimitExceeded"),
            (400, "Throttling"),
            (400, "ThrottlingException"),
        ),
        (
            FaultKind::ExpiredToken,
            (400, "RequestExpired"),
            (403, "ExpiredToken"),
            (400, "ExpiredTokenException"),
        ),
        (
            FaultKind::Status(500),
            (500, "InternalFailure"),
            (500, "InternalFailure"),
            (500, "InternalFailure"),
        ),
    ] {
        fake.clear_faults().fault(Fault::new(kind));
        let answer = ask(&fake, "ec2", "DescribeVpcs", &[]);
        assert!(body(&answer).contains("<Response><Errors><Error><Code>"));
        assert_eq!(
            (answer.status, text(&answer, "Code").unwrap().as_str()),
            ec2
        );
        let answer = ask(&fake, "elasticache", "DescribeUsers", &[]);
        assert!(body(&answer).contains("<ErrorResponse xmlns="));
        assert_eq!(
            (answer.status, text(&answer, "Code").unwrap().as_str()),
            query
        );
        let answer = ask(&fake, "memorydb", "DescribeUsers", &[]);
        let error: Value = serde_json::from_slice(&answer.body).unwrap();
        assert_eq!((answer.status, error["__type"].as_str().unwrap()), json);
    }
}

#[test]
fn faults_take_their_turn() {
    let fake = fake_with_vpcs(1);
    let statuses = |count: usize| -> Vec<u16> {
        (0..count)
            .map(|_| ask(&fake, "ec2", "DescribeVpcs", &[]).status)
            .collect()
    };
    let on = |kind| Fault::new(kind).on("ec2:DescribeVpcs").region("eu-west-1");
    fake.fault(on(FaultKind::Throttle).nth(2));
    assert_eq!(statuses(3), [200, 503, 200]);
    fake.clear_faults()
        .fault(on(FaultKind::AccessDenied).every(2));
    assert_eq!(statuses(4), [200, 403, 200, 403]);
    fake.clear_faults()
        .fault(on(FaultKind::Status(500)).first(2));
    assert_eq!(statuses(3), [500, 500, 200]);
    fake.clear_faults().fault(
        Fault::new(FaultKind::AccessDenied)
            .on("ec2:*")
            .region("us-east-1"),
    );
    assert_eq!(statuses(1), [200]);
    fake.clear_faults()
        .fault(Fault::new(FaultKind::AccessDenied).parameter("MaxResults", "5"));
    assert_eq!(statuses(1), [200]);
    assert_eq!(
        ask(&fake, "ec2", "DescribeVpcs", &[("MaxResults", "5")]).status,
        403
    );
}

#[test]
fn spoilt_bodies() {
    let fake = fake_with_vpcs(3);
    let right = body(&ask(&fake, "ec2", "DescribeVpcs", &[]));
    let spoilt = |kind| {
        fake.clear_faults().fault(Fault::new(kind));
        let answer = ask(&fake, "ec2", "DescribeVpcs", &[]);
        assert_eq!(answer.status, 200);
        body(&answer)
    };
    assert_eq!(spoilt(FaultKind::EmptyBody200), "");
    assert_eq!(
        spoilt(FaultKind::TruncatedBody200),
        right[..right.len() / 2]
    );
    assert!(spoilt(FaultKind::Html200).starts_with("<!DOCTYPE html>"));
    let empty = spoilt(FaultKind::EmptyPage);
    assert!(
        empty.contains("<vpcSet></vpcSet>") && empty.contains("<nextToken>"),
        "{empty}"
    );
}

#[test]
fn broken_connections() {
    let fake = fake_with_vpcs(3);
    let key = identity::access_key(DEFAULT_ACCOUNT);
    let failed = |kind| {
        fake.clear_faults().fault(Fault::new(kind));
        try_ask(&fake, &key, "ec2", "DescribeVpcs", &[])
            .unwrap_err()
            .kind()
    };
    assert_eq!(
        failed(FaultKind::ResetBeforeAnswer),
        ErrorKind::ConnectionReset
    );
    assert_eq!(failed(FaultKind::ResetInBody), ErrorKind::UnexpectedEof);
    let statuses: Vec<_> = fake
        .requests()
        .iter()
        .map(|request| request.status)
        .collect();
    assert_eq!(statuses, [None, Some(200)]);
}

#[test]
fn slow_and_hanging_answers() {
    let fake = fake_with_vpcs(1);
    fake.fault(Fault::new(FaultKind::Slow(Duration::from_millis(200))).nth(1));
    fake.fault(Fault::new(FaultKind::Hang).nth(2));
    let start = Instant::now();
    assert_eq!(ask(&fake, "ec2", "DescribeVpcs", &[]).status, 200);
    assert!(start.elapsed() >= Duration::from_millis(200));

    let mut stream = TcpStream::connect(forward::address(&fake.endpoint())).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_millis(200)))
        .unwrap();
    let credential = format!(
        "Credential={}/d/eu-west-1/ec2/aws4_request",
        identity::access_key(DEFAULT_ACCOUNT)
    );
    let request =
        format!("GET /?Action=DescribeVpcs HTTP/1.1\r\nauthorization: {credential}\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let waited = stream.read(&mut [0]).unwrap_err().kind();
    assert!(matches!(
        waited,
        ErrorKind::WouldBlock | ErrorKind::TimedOut
    ));
    drop(fake);
    assert!(matches!(stream.read(&mut [0]), Ok(0) | Err(_)));
}
