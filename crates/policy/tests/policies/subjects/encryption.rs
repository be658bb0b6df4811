//! Encryption of connections and at rest.

use cachewarden_model::*;

use super::{cannot_tell, fails};
use crate::estate::gap;

#[test]
fn encryption() {
    fails(&["transit-encryption-is-on"], |it| {
        it.cache().transit_encryption = Fact::Known(TransitEncryption::Disabled);
    });
    fails(&["no-plaintext-port"], |it| {
        it.cache().transit_encryption = Fact::Known(TransitEncryption::Preferred);
    });
    cannot_tell(&["no-plaintext-port", "transit-encryption-is-on"], |it| {
        it.cache().transit_encryption = Fact::unknown(gap("x"));
    });
    fails(&["tls-minimum-is-1-2"], |it| {
        it.cache().tls_min = Fact::Known(TlsVersion::V1_0)
    });
    cannot_tell(&["tls-minimum-is-1-2"], |it| {
        it.cache().engine = Fact::Known(Engine::Redis);
        it.cache().engine_version = Fact::Known(Version("3.2.10".into()));
    });
    fails(&["data-at-rest-is-encrypted"], |it| {
        it.cache().at_rest_encryption = Fact::Known(AtRestEncryption::Disabled);
    });
    fails(
        &["no-pending-change-cuts-plaintext", "no-plaintext-port"],
        |it| {
            it.cache().transit_encryption = Fact::Known(TransitEncryption::Preferred);
            it.cache().pending.transit_encryption = Some(TransitEncryption::Required);
        },
    );
}
