//! The fake, asked as a client would.

use serde_json::{Value, json};

use super::*;
use crate::http::{Response, send};

fn estate() -> GcpEstate {
    let cache = |region: &str, name: &str| json!({"name": format!("projects/shop/locations/{region}/instances/{name}"), "state": "READY"});
    GcpEstate::new(json!({
        "projects": [{"projectId": "shop", "name": "projects/123", "state": "ACTIVE", "parent": "organizations/9"}],
        "lists": {
            "redis/projects/shop/instances": [cache("us-east1", "a"), cache("us-west1", "b")],
            "compute/projects/shop/instances": [
                {"name": "m", "zone": "zones/us-east1-b", "metadata": {"items": [{"key": "startup-script"}]}},
            ],
        },
    }))
}

fn ask(fake: &FakeGcp, path: &str, token: &str) -> (u16, Value) {
    let bearer = format!("Bearer {token}");
    let response: Response = send(
        &fake.host(),
        &format!("GET {path} HTTP/1.1"),
        &[("authorization", &bearer)],
        b"",
    )
    .unwrap();
    (
        response.status,
        serde_json::from_slice(&response.body).unwrap_or_default(),
    )
}

const CACHES: &str = "/redis/v1/projects/shop/locations/-/instances";

#[test]
fn lists_have_pages_and_places_that_were_not_reached() {
    let fake = FakeGcp::start(estate());
    assert_eq!(ask(&fake, CACHES, "other").0, 401);
    fake.page_size(1);
    let (_, first) = ask(&fake, CACHES, TOKEN);
    assert_eq!(first["instances"].as_array().unwrap().len(), 1);
    let next = format!(
        "{CACHES}?pageToken={}",
        first["nextPageToken"].as_str().unwrap()
    );
    let (_, second) = ask(&fake, &next, TOKEN);
    assert!(second["nextPageToken"].is_null());
    fake.unreachable("redis.instances.list", "us-west1");
    let (_, partial) = ask(&fake, CACHES, TOKEN);
    assert_eq!(
        partial["unreachable"][0],
        "projects/shop/locations/us-west1"
    );
    assert!(partial["nextPageToken"].is_null());
}

#[test]
fn enums_are_words_or_numbers() {
    let fake = FakeGcp::start(estate());
    assert_eq!(
        ask(&fake, CACHES, TOKEN).1["instances"][0]["state"],
        "READY"
    );
    let numbers = format!("{CACHES}?$alt=json;enum-encoding=int");
    assert_eq!(ask(&fake, &numbers, TOKEN).1["instances"][0]["state"], 2);
}

#[test]
fn refusals_name_their_reason() {
    let fake = FakeGcp::start(estate());
    fake.off("shop", "redis", None);
    let (status, body) = ask(&fake, CACHES, TOKEN);
    assert_eq!(status, 403);
    let info = &body["error"]["details"][0];
    assert_eq!(
        (&info["reason"], &info["metadata"]["consumer"]),
        (&"SERVICE_DISABLED".into(), &"projects/123".into())
    );
    fake.clear().deny("redis.instances.list");
    let (_, body) = ask(&fake, CACHES, TOKEN);
    assert_eq!(
        body["error"]["details"][0]["reason"],
        "IAM_PERMISSION_DENIED"
    );
    assert_eq!(
        ask(
            &fake,
            "/redis/v1/projects/other/locations/-/instances",
            TOKEN
        )
        .0,
        403
    );
}

#[test]
fn what_is_masked_is_not_sent() {
    let fake = FakeGcp::start(estate());
    let path = "/compute/compute/v1/projects/shop/aggregated/instances";
    let of = |query: &str| {
        let (_, body) = ask(&fake, &format!("{path}{query}"), TOKEN);
        body["items"]["zones/us-east1-b"]["instances"][0].clone()
    };
    assert!(of("")["metadata"].is_object());
    assert!(of("?fields=items")["metadata"].is_null());
    assert_eq!(fake.calls("compute.instances.list"), 2);
}
