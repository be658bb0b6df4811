//! The fake, asked as a client would.

use serde_json::{Value, json};

use super::*;
use crate::http::{Response, send};

const S: &str = "11111111-0000-0000-0000-000000000000";

fn estate() -> AzureEstate {
    let id = |rest: &str| format!("/subscriptions/{S}/resourceGroups/g/providers/{rest}");
    AzureEstate::new(json!({
        "subscriptions": [S],
        "resources": [
            {"id": id("Microsoft.Cache/Redis/a"), "type": "Microsoft.Cache/Redis"},
            {"id": id("Microsoft.Cache/Redis/b"), "type": "Microsoft.Cache/Redis"},
            {"id": id("Microsoft.Cache/Redis/a/firewallRules/r"), "type": "Microsoft.Cache/Redis/firewallRules"},
            {"id": id("Microsoft.Network/networkSecurityGroups/n"), "type": "Microsoft.Network/networkSecurityGroups"},
        ],
    }))
}

fn ask(fake: &FakeAzure, first: &str, token: &str, body: &str) -> (u16, Value) {
    let bearer = format!("Bearer {token}");
    let address = fake.endpoint().replace("http://", "");
    let response: Response = send(
        &address,
        &format!("{first} HTTP/1.1"),
        &[("authorization", &bearer)],
        body.as_bytes(),
    )
    .unwrap();
    (
        response.status,
        serde_json::from_slice(&response.body).unwrap_or_default(),
    )
}

fn get(fake: &FakeAzure, path: &str) -> (u16, Value) {
    ask(fake, &format!("GET {path}"), TOKEN, "")
}

#[test]
fn tokens_and_versions_are_looked_at() {
    let fake = FakeAzure::start(estate());
    let path = "/subscriptions?api-version=2022-12-01";
    assert_eq!(ask(&fake, &format!("GET {path}"), "other", "").0, 401);
    assert_eq!(get(&fake, path).1["value"][0]["subscriptionId"], S);
    let (status, body) = get(&fake, "/subscriptions");
    assert_eq!(
        (status, &body["error"]["code"]),
        (400, &"MissingApiVersionParameter".into())
    );
    let old = format!("/subscriptions/{S}/providers/Microsoft.Cache/redis?api-version=2015-08-01");
    assert_eq!(
        get(&fake, &old).1["error"]["code"],
        "InvalidApiVersionParameter"
    );
}

#[test]
fn lists_are_paged_and_have_children() {
    let fake = FakeAzure::start(estate());
    fake.page_size(1);
    let path = format!("/subscriptions/{S}/providers/microsoft.cache/REDIS?api-version=2024-11-01");
    let (_, first) = get(&fake, &path);
    let next = first["nextLink"]
        .as_str()
        .unwrap()
        .replace(&fake.endpoint(), "");
    let (_, second) = get(&fake, &next);
    assert_eq!(
        (&first["value"][0]["name"], &second["value"][0]["name"]),
        (&"a".into(), &"b".into())
    );
    assert!(second["nextLink"].is_null());
    let cache = |name: &str| {
        format!("/subscriptions/{S}/resourceGroups/g/providers/Microsoft.Cache/redis/{name}")
    };
    let rules = |name: &str| {
        get(
            &fake,
            &format!("{}/firewallRules?api-version=2024-11-01", cache(name)),
        )
    };
    assert_eq!(rules("a").1["value"][0]["name"], "r");
    assert_eq!(rules("b").1["value"], json!([]));
    assert_eq!(rules("c").0, 404);
    let schedules = format!("{}/patchSchedules?api-version=2024-11-01", cache("a"));
    assert_eq!(get(&fake, &schedules).0, 404);
    assert!(fake.requests().iter().all(AzureRequest::only_reads));
}

#[test]
fn resource_graph_is_silent_about_what_may_not_be_read() {
    let fake = FakeAzure::start(estate());
    let query = "resources | where type =~ 'microsoft.network/networksecuritygroups' | project id | order by id asc";
    let body = json!({"subscriptions": [S], "query": query}).to_string();
    let path = "POST /providers/Microsoft.ResourceGraph/resources?api-version=2021-03-01";
    assert_eq!(ask(&fake, path, TOKEN, &body).1["totalRecords"], 1);
    fake.deny("Microsoft.Network/networkSecurityGroups/read");
    let (status, answer) = ask(&fake, path, TOKEN, &body);
    assert_eq!((status, &answer["data"]), (200, &json!([])));
    let path = format!(
        "/subscriptions/{S}/providers/Microsoft.Authorization/permissions?api-version=2022-04-01"
    );
    let denied = get(&fake, &path).1["value"][0]["notActions"].clone();
    assert_eq!(
        denied,
        json!(["microsoft.network/networksecuritygroups/read"])
    );
}

#[test]
fn tokens_are_issued_to_those_who_may() {
    let fake = FakeAzure::start(estate());
    let ask_for = |secret: &str| {
        let body = format!("grant_type=client_credentials&client_id=c&client_secret={secret}");
        ask(&fake, "POST /tenant/oauth2/v2.0/token", "", &body)
    };
    assert_eq!(ask_for("canary-client-secret").1["access_token"], TOKEN);
    assert_eq!(ask_for("other").0, 401);
}
