//! Links to further pages are followed on the same host alone.

use cachewarden_model::GapReason;
use cachewarden_peers::FakeAzure;

use super::harness::{collect, estate, gaps};

#[test]
fn a_link_to_another_host_is_not_followed() {
    let fake = FakeAzure::start(estate());
    let other = FakeAzure::start(estate());
    fake.page_size(1).next_links_at(&other.endpoint());
    let snapshot = collect(&fake);
    assert!(other.requests().is_empty());
    let found = gaps(&snapshot, "Microsoft.Cache/redis/read");
    assert_eq!(found.len(), 1, "{:?}", snapshot.gaps);
    assert_eq!(found[0].why, GapReason::Damaged);
    assert!(found[0].message.contains("another host"), "{}", found[0]);
    assert!(!found[0].hides.is_empty());
}
