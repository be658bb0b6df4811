//! The words that facts of a closed set take: the names that the snapshot
//! uses too.

use cachewarden_model::cache::{
    AtRestEncryption, ClusterMode, Engine, Failover, IpFamilies, Phase, PublicAccess,
    TransitEncryption,
};
use cachewarden_model::{EndpointRole, UserAuthentication};

pub(crate) const PROVIDERS: &[&str] = &["aws", "azure", "gcp"];

pub(crate) const SERVICES: &[&str] = &[
    "elasticache",
    "elasticache-serverless",
    "memorydb",
    "azure-cache",
    "azure-enterprise",
    "azure-managed",
    "memorystore-redis",
    "memorystore-cluster",
    "memorystore-valkey",
];

pub(crate) const ENGINES: &[&str] = &["redis", "valkey"];
pub(crate) const PHASES: &[&str] = &["serving", "changing", "impaired", "creating", "gone"];
pub(crate) const FAMILIES: &[&str] = &["ipv4", "ipv6", "dual-stack"];
pub(crate) const CLUSTER_MODES: &[&str] = &["disabled", "enabled", "compatible"];
pub(crate) const TRANSIT: &[&str] = &["disabled", "preferred", "required"];
pub(crate) const AT_REST: &[&str] = &["disabled", "service-key", "customer-key"];
pub(crate) const TLS: &[&str] = &["1.0", "1.1", "1.2", "1.3"];
pub(crate) const PUBLIC_ACCESS: &[&str] = &["not-offered", "disabled", "enabled"];
pub(crate) const FAILOVER: &[&str] = &["enabled", "disabled", "enabling", "disabling"];
pub(crate) const ROLES: &[&str] = &[
    "primary",
    "reader",
    "configuration",
    "node",
    "discovery",
    "database",
];
pub(crate) const OUTCOMES: &[&str] = &["open", "partial", "blocked", "unknown"];
pub(crate) const INTENTS: &[&str] = &["declared", "rule"];
pub(crate) const SYMPTOMS: &[&str] = &[
    "timeout",
    "refused",
    "reset",
    "tls",
    "auth",
    "max-clients",
    "dns",
];
pub(crate) const EFFECTS: &[&str] = &[
    "allow",
    "deny",
    "partial",
    "requires",
    "unknown",
    "not-applicable",
];
pub(crate) const FILTER_KINDS: &[&str] = &[
    "security-group",
    "network-acl",
    "network-security-group",
    "admin-rules",
    "vpc-firewall",
    "firewall-policy",
    "service-firewall",
];
pub(crate) const DIRECTIONS: &[&str] = &["ingress", "egress"];
pub(crate) const ACTIONS: &[&str] = &["allow", "deny", "always-allow", "next"];
pub(crate) const DEAD: &[&str] = &["shadowed", "names-nobody", "stale", "inert"];
pub(crate) const LOGINS: &[&str] = &["password", "no-password", "identity", "other"];
pub(crate) const EXPECTED: &[&str] = &["reach", "no-reach"];
pub(crate) const STAGES: &[&str] = &[
    "client-filter",
    "client-subnet",
    "route",
    "link",
    "dns",
    "private-endpoint",
    "cache-subnet",
    "cache-filter",
    "service-firewall",
    "public-access",
    "port",
    "tls",
    "auth",
    "status",
    "limit",
];

pub(crate) fn engine(engine: Engine) -> &'static str {
    match engine {
        Engine::Redis => "redis",
        Engine::Valkey => "valkey",
    }
}

pub(crate) fn phase(phase: Phase) -> &'static str {
    match phase {
        Phase::Serving => "serving",
        Phase::Changing => "changing",
        Phase::Impaired => "impaired",
        Phase::Creating => "creating",
        Phase::Gone => "gone",
        Phase::Unclear => "unclear",
    }
}

pub(crate) fn families(families: IpFamilies) -> &'static str {
    match families {
        IpFamilies::Ipv4 => "ipv4",
        IpFamilies::Ipv6 => "ipv6",
        IpFamilies::DualStack => "dual-stack",
    }
}

pub(crate) fn cluster_mode(mode: ClusterMode) -> &'static str {
    match mode {
        ClusterMode::Disabled => "disabled",
        ClusterMode::Enabled => "enabled",
        ClusterMode::Compatible => "compatible",
    }
}

pub(crate) fn transit(mode: TransitEncryption) -> &'static str {
    match mode {
        TransitEncryption::Disabled => "disabled",
        TransitEncryption::Preferred => "preferred",
        TransitEncryption::Required => "required",
    }
}

pub(crate) fn at_rest(state: &AtRestEncryption) -> &'static str {
    match state {
        AtRestEncryption::Disabled => "disabled",
        AtRestEncryption::ServiceKey => "service-key",
        AtRestEncryption::CustomerKey(_) => "customer-key",
    }
}

pub(crate) fn public_access(access: PublicAccess) -> &'static str {
    match access {
        PublicAccess::NotOffered => "not-offered",
        PublicAccess::Disabled => "disabled",
        PublicAccess::Enabled => "enabled",
    }
}

pub(crate) fn failover(failover: Failover) -> &'static str {
    match failover {
        Failover::Enabled => "enabled",
        Failover::Disabled => "disabled",
        Failover::Enabling => "enabling",
        Failover::Disabling => "disabling",
    }
}

pub(crate) fn role(role: EndpointRole) -> &'static str {
    role.as_str()
}

pub(crate) fn login(how: &UserAuthentication) -> &'static str {
    match how {
        UserAuthentication::Password { .. } => "password",
        UserAuthentication::NoPassword => "no-password",
        UserAuthentication::Identity => "identity",
        UserAuthentication::Other(_) => "other",
    }
}

pub(crate) fn action(action: cachewarden_model::Action) -> &'static str {
    match action {
        cachewarden_model::Action::Allow => "allow",
        cachewarden_model::Action::Deny => "deny",
        cachewarden_model::Action::AlwaysAllow => "always-allow",
        cachewarden_model::Action::Next => "next",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The word that the snapshot uses, and that it is among those allowed.
    fn agrees(value: impl serde::Serialize, word: &str, allowed: &[&str]) {
        assert_eq!(serde_json::to_value(value).unwrap(), word);
        assert!(allowed.contains(&word), "{word}");
    }

    #[test]
    fn words_are_those_of_the_snapshot() {
        for it in [Engine::Redis, Engine::Valkey] {
            agrees(it, engine(it), ENGINES);
        }
        for it in [
            Phase::Serving,
            Phase::Changing,
            Phase::Impaired,
            Phase::Creating,
            Phase::Gone,
        ] {
            agrees(it, phase(it), PHASES);
        }
        for it in [IpFamilies::Ipv4, IpFamilies::Ipv6, IpFamilies::DualStack] {
            agrees(it, families(it), FAMILIES);
        }
        for it in [
            ClusterMode::Disabled,
            ClusterMode::Enabled,
            ClusterMode::Compatible,
        ] {
            agrees(it, cluster_mode(it), CLUSTER_MODES);
        }
        for it in [
            TransitEncryption::Disabled,
            TransitEncryption::Preferred,
            TransitEncryption::Required,
        ] {
            agrees(it, transit(it), TRANSIT);
        }
        for it in [AtRestEncryption::Disabled, AtRestEncryption::ServiceKey] {
            let word = at_rest(&it);
            agrees(it, word, AT_REST);
        }
        for it in [
            PublicAccess::NotOffered,
            PublicAccess::Disabled,
            PublicAccess::Enabled,
        ] {
            agrees(it, public_access(it), PUBLIC_ACCESS);
        }
        for it in [
            Failover::Enabled,
            Failover::Disabled,
            Failover::Enabling,
            Failover::Disabling,
        ] {
            agrees(it, failover(it), FAILOVER);
        }
    }
}
