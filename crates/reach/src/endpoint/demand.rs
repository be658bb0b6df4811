//! What a cache asks of a client once a connection stands: port, encryption,
//! login.

use cachewarden_model::{
    Cache, Effect, Endpoint, Leg, Provider, Stage, Symptom, TlsAbility, TlsVersion,
    TransitEncryption,
};

use crate::decide::Through;
use crate::endpoint::Abilities;
use crate::remedy::Remedy;
use crate::step::{Judged, Recorder};

/// Port, encryption, login.
pub(crate) fn after(
    cache: &Cache,
    endpoint: &Endpoint,
    abilities: &Abilities,
    whole: &mut Through,
    record: &mut impl Recorder,
) {
    record.record(|| {
        Judged::new(Leg::Request, Stage::Port, "cache")
            .resource(&cache.id)
            .allow(format!("listens on tcp {}", endpoint.port))
    });
    tls(cache, endpoint, abilities, whole, record);
    auth(cache, record);
}

fn tls(
    cache: &Cache,
    endpoint: &Endpoint,
    abilities: &Abilities,
    whole: &mut Through,
    record: &mut impl Recorder,
) {
    let step = || Judged::new(Leg::Request, Stage::Tls, "cache").resource(&cache.id);
    // A port of its own may be plain where another is encrypted.
    let own = endpoint.encryption.as_ref();
    let encryption = match own.map_or_else(|| cache.transit_encryption.get(), Ok) {
        Ok(encryption) => *encryption,
        // What the client must bring is not part of the outcome; only what a
        // declared client cannot bring is.
        Err(gap) => {
            if abilities.tls.is_some() {
                whole.doubt();
            }
            record.record(|| step().unknown(Box::new(gap.clone())));
            return;
        }
    };
    let able = abilities.tls.unwrap_or_default();
    if let Some(why) = mismatch(encryption, cache.tls_min.value().copied(), able) {
        whole.stop();
        record.record(|| {
            step()
                .deny(why)
                .symptom(Symptom::Tls)
                .remedy(Remedy::Advice("change what the client speaks".to_owned()))
        });
        return;
    }
    if let Some(gap) = cache.tls_min.gap()
        && able.max.is_some()
        && encryption != TransitEncryption::Disabled
    {
        whole.doubt();
        record.record(|| step().unknown(Box::new(gap.clone())));
        return;
    }
    let version = cache.tls_min.value().map_or("", |version| version.as_str());
    record.record(|| match encryption {
        TransitEncryption::Disabled => {
            step().effect(Effect::Requires, "plaintext: the cache does not speak TLS")
        }
        TransitEncryption::Preferred => step().allow("takes TLS and plaintext"),
        TransitEncryption::Required if version.is_empty() => step().effect(Effect::Requires, "TLS"),
        TransitEncryption::Required => {
            step().effect(Effect::Requires, format!("TLS {version} or later"))
        }
    });
}

/// Why a client that can do this much cannot speak to the cache.
fn mismatch(
    encryption: TransitEncryption,
    lowest: Option<TlsVersion>,
    able: TlsAbility,
) -> Option<String> {
    match encryption {
        TransitEncryption::Required if able.enabled == Some(false) => {
            Some("the cache takes TLS only, and the client speaks plaintext".to_owned())
        }
        TransitEncryption::Disabled
            if able.enabled == Some(true) || able.min.is_some() || able.max.is_some() =>
        {
            Some("the client speaks TLS, and the cache takes plaintext only".to_owned())
        }
        TransitEncryption::Required | TransitEncryption::Preferred => {
            let (highest, lowest) = (able.max?, lowest?);
            (highest < lowest).then(|| {
                format!(
                    "the client speaks TLS up to {}, and the cache takes {} and later",
                    highest.as_str(),
                    lowest.as_str()
                )
            })
        }
        TransitEncryption::Disabled => None,
    }
}

fn auth(cache: &Cache, record: &mut impl Recorder) {
    let step = || Judged::new(Leg::Request, Stage::Auth, "cache").resource(&cache.id);
    record.record(|| {
        if cache.anonymous_access.value() == Some(&true) {
            return step().allow("lets in clients that bring nothing");
        }
        match cache.authentication.get() {
            Err(gap) => step().unknown(Box::new(gap.clone())),
            Ok(brings) => {
                let mut ways = vec![];
                if brings.token {
                    ways.push(
                        match cache.provider {
                            Provider::Azure => "an access key",
                            Provider::Aws | Provider::Gcp => "an AUTH token",
                        }
                        .to_owned(),
                    );
                }
                if !brings.groups.is_empty() {
                    let groups: Vec<&str> = brings.groups.iter().map(|id| id.as_str()).collect();
                    ways.push(format!("a user of {}", groups.join(", ")));
                }
                if brings.identity {
                    ways.push("a token of the cloud's identity service".to_owned());
                }
                if ways.is_empty() {
                    step().allow("asks for no login")
                } else {
                    step().effect(Effect::Requires, ways.join(" or "))
                }
            }
        }
    });
}
