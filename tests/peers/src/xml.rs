//! Answers in XML, for the protocols `ec2` and `query`.

use serde_json::{Map, Value};

use crate::shapes::{Kind, Shape};

/// The document that answers `operation` in the `ec2` protocol.
pub(crate) fn ec2(shape: &Shape, answer: &Map<String, Value>, request_id: &str) -> String {
    let operation = shape.name;
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <{operation}Response xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\"><requestId>{request_id}</requestId>"
    );
    structure(&mut out, shape, answer);
    close(&mut out, &format!("{operation}Response"));
    out
}

/// The document that answers `operation` in the `query` protocol.
pub(crate) fn query(shape: &Shape, answer: &Map<String, Value>, request_id: &str) -> String {
    let operation = shape.name;
    let namespace = namespace(shape.service);
    let mut out = format!("<{operation}Response xmlns=\"{namespace}\"><{operation}Result>");
    structure(&mut out, shape, answer);
    out.push_str(&format!(
        "</{operation}Result><ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata></{operation}Response>"
    ));
    out
}

/// The XML namespace of a service of the `query` protocol.
pub(crate) fn namespace(service: &str) -> &'static str {
    match service {
        "elasticache" => "http://elasticache.amazonaws.com/doc/2015-02-02/",
        "sts" => "https://sts.amazonaws.com/doc/2011-06-15/",
        _ => "http://amazonaws.com/",
    }
}

/// `text` with the characters escaped that XML reserves.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for each in text.chars() {
        match each {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\r' => out.push_str("&#13;"),
            _ => out.push(each),
        }
    }
    out
}

fn structure(out: &mut String, shape: &Shape, value: &Map<String, Value>) {
    for (member, value) in shape.set(value) {
        element(out, shape, &member.wire, &member.kind, value);
    }
}

fn element(out: &mut String, owner: &Shape, name: &str, kind: &Kind, value: &Value) {
    out.push_str(&format!("<{name}>"));
    match (kind, value) {
        (Kind::List { of, element: each }, Value::Array(items)) => {
            for item in items {
                element(out, owner, each, of, item);
            }
        }
        (_, Value::Object(members)) => {
            if let Some(shape) = owner.inner(kind) {
                structure(out, shape, members);
            }
        }
        (_, Value::String(text)) => out.push_str(&escape(text)),
        (_, plain) => out.push_str(&plain.to_string()),
    }
    close(out, name);
}

fn close(out: &mut String, name: &str) {
    out.push_str(&format!("</{name}>"));
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn render(
        write: fn(&Shape, &Map<String, Value>, &str) -> String,
        service: &str,
        name: &str,
        answer: Value,
    ) -> String {
        let shape = Shape::of(service, name).unwrap();
        shape.check(&answer).unwrap();
        write(shape, answer.as_object().unwrap(), "r-1")
    }

    #[test]
    fn ec2_lists_are_sets_of_items() {
        let answer = json!({
            "NetworkAcls": [{
                "Entries": [{
                    "CidrBlock": "0.0.0.0/0",
                    "Egress": false,
                    "PortRange": {"From": 6379, "To": 6380},
                    "Protocol": "6",
                    "RuleAction": "allow",
                    "RuleNumber": 100,
                }],
                "IsDefault": true,
                "NetworkAclId": "acl-1",
                "Tags": [],
                "VpcId": null,
                "_note": "not shown",
            }],
            "NextToken": "a<b",
        });
        assert_eq!(
            render(ec2, "ec2", "DescribeNetworkAcls", answer),
            concat!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n",
                "<DescribeNetworkAclsResponse xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\">",
                "<requestId>r-1</requestId><networkAclSet><item>",
                "<entrySet><item><cidrBlock>0.0.0.0/0</cidrBlock><egress>false</egress>",
                "<portRange><from>6379</from><to>6380</to></portRange><protocol>6</protocol>",
                "<ruleAction>allow</ruleAction><ruleNumber>100</ruleNumber></item></entrySet>",
                "<default>true</default><networkAclId>acl-1</networkAclId><tagSet></tagSet>",
                "</item></networkAclSet><nextToken>a&lt;b</nextToken></DescribeNetworkAclsResponse>",
            )
        );
    }

    #[test]
    fn query_lists_name_their_elements() {
        let answer = json!({
            "Marker": "m",
            "ReplicationGroups": [{
                "ClusterEnabled": false,
                "MemberClusters": ["r-001", "r-002"],
                "NodeGroups": [{
                    "NodeGroupMembers": [{"CacheClusterId": "r-001", "CurrentRole": "primary"}],
                    "PrimaryEndpoint": {"Address": "r.example", "Port": 6379},
                }],
                "UserGroupIds": ["g"],
            }],
        });
        assert_eq!(
            render(query, "elasticache", "DescribeReplicationGroups", answer),
            concat!(
                "<DescribeReplicationGroupsResponse xmlns=\"http://elasticache.amazonaws.com/doc/2015-02-02/\">",
                "<DescribeReplicationGroupsResult><Marker>m</Marker><ReplicationGroups><ReplicationGroup>",
                "<ClusterEnabled>false</ClusterEnabled>",
                "<MemberClusters><ClusterId>r-001</ClusterId><ClusterId>r-002</ClusterId></MemberClusters>",
                "<NodeGroups><NodeGroup><NodeGroupMembers><NodeGroupMember><CacheClusterId>r-001</CacheClusterId>",
                "<CurrentRole>primary</CurrentRole></NodeGroupMember></NodeGroupMembers>",
                "<PrimaryEndpoint><Address>r.example</Address><Port>6379</Port></PrimaryEndpoint></NodeGroup></NodeGroups>",
                "<UserGroupIds><member>g</member></UserGroupIds></ReplicationGroup></ReplicationGroups>",
                "</DescribeReplicationGroupsResult><ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata>",
                "</DescribeReplicationGroupsResponse>",
            )
        );
    }
}
