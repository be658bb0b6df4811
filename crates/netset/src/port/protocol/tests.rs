//! Names and numbers of protocols.

use proptest::prelude::*;

use super::*;

fn protocol() -> impl Strategy<Value = Protocol> {
    prop_oneof![
        1 => Just(Protocol::Any),
        2 => Just(Protocol::TCP),
        4 => any::<u8>().prop_map(Protocol::Number),
    ]
}

proptest! {
    #[test]
    fn text_and_json_give_the_protocol_back(protocol in protocol()) {
        prop_assert_eq!(protocol.to_string().parse(), Ok(protocol));
        prop_assert_eq!(protocol.to_string().to_uppercase().parse(), Ok(protocol));
        let json = serde_json::to_string(&protocol).unwrap();
        prop_assert_eq!(&json, &format!("\"{protocol}\""));
        prop_assert_eq!(serde_json::from_str::<Protocol>(&json).unwrap(), protocol);
    }

    #[test]
    fn covering_is_inclusion_of_numbers(one in protocol(), other in protocol()) {
        prop_assert_eq!(one.covers(other), other.numbers().is_subset(&one.numbers()));
        prop_assert!(one.covers(one) && Protocol::Any.covers(one));
    }
}

#[test]
fn every_spelling_is_read() {
    for text in ["-1", "all", "any", "*", "ALL", "Any"] {
        assert_eq!(text.parse(), Ok(Protocol::Any));
    }
    for (text, protocol) in [
        ("tcp", Protocol::TCP),
        ("Tcp", Protocol::TCP),
        ("6", Protocol::TCP),
        ("UDP", Protocol::UDP),
        ("17", Protocol::UDP),
        ("Icmp", Protocol::ICMP),
        ("ICMPv6", Protocol::ICMPV6),
        ("58", Protocol::ICMPV6),
        ("0", Protocol::Number(0)),
        ("255", Protocol::Number(255)),
    ] {
        assert_eq!(text.parse(), Ok(protocol));
    }
}

#[test]
fn what_names_no_protocol_is_refused() {
    for text in ["", "tcp ", "256", "-2", "+6", "6.0", "tcp6", "**"] {
        let refusal = text.parse::<Protocol>().unwrap_err().to_string();
        assert!(refusal.starts_with(&format!("`{text}` is not a protocol, expected `tcp`")));
    }
    assert!(serde_json::from_str::<Protocol>("\"sctpx\"").is_err());
    let refusal = serde_json::from_str::<Protocol>("6")
        .unwrap_err()
        .to_string();
    assert!(refusal.contains("expected a protocol such as `tcp`"));
}

#[test]
fn the_schema_is_that_of_a_string() {
    let schema = schemars::schema_for!(Protocol).to_value();
    assert_eq!([&schema["title"], &schema["type"]], ["Protocol", "string"]);
}

#[test]
fn names_are_shown_and_other_numbers_as_they_are() {
    let shown = [Protocol::TCP, Protocol::Any, Protocol::Number(47)].map(|it| it.to_string());
    assert_eq!(shown, ["tcp", "any", "47"]);
    assert_eq!(
        format!("{:>4}|{:<4}|", Protocol::UDP, Protocol::Number(47)),
        " udp|47  |"
    );
}

#[test]
fn only_tcp_and_udp_have_ports() {
    let with_ports: Vec<_> = (0..=u8::MAX)
        .map(Protocol::Number)
        .chain([Protocol::Any])
        .filter(|protocol| protocol.has_ports())
        .collect();
    assert_eq!(with_ports, [Protocol::TCP, Protocol::UDP]);
}
