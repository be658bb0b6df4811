//! What Google's own Connectivity Tests call the reasons for a drop: the one
//! place where ours are matched with theirs.

/// A reason for which packets do not arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cause {
    FirewallRule,
    NoRoute,
    RouteBlackhole,
    RouteWrongNetwork,
    PrivateTrafficToInternet,
    UnknownInternalAddress,
    ForwardingRuleMismatch,
    NoPeering,
    ConnectorNotRunning,
    RegionMismatch,
    NotAccepted,
    NoPscEndpoint,
    PscFromPeeredNetwork,
    NotPropagated,
    InstanceNotRunning,
    ClusterNotRunning,
    PupiSource,
    NoRouteBack,
    InstanceNoExternalIp,
    ClusterNoExternalIp,
    NotAdvertised,
    NoRouteFromPeer,
}

impl Cause {
    /// The name of the cause.
    ///
    /// Source: googleapis, `google/cloud/networkmanagement/v1/trace.proto`,
    /// `DropInfo.Cause`; the numbers are those of the enumeration.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            // 3
            Self::FirewallRule => "FIREWALL_RULE",
            // 4
            Self::NoRoute => "NO_ROUTE",
            // 5
            Self::RouteBlackhole => "ROUTE_BLACKHOLE",
            // 6
            Self::RouteWrongNetwork => "ROUTE_WRONG_NETWORK",
            // 7
            Self::PrivateTrafficToInternet => "PRIVATE_TRAFFIC_TO_INTERNET",
            // 10
            Self::UnknownInternalAddress => "UNKNOWN_INTERNAL_ADDRESS",
            // 11
            Self::ForwardingRuleMismatch => "FORWARDING_RULE_MISMATCH",
            // 20
            Self::NoPeering => "GOOGLE_MANAGED_SERVICE_NO_PEERING",
            // 24
            Self::ConnectorNotRunning => "VPC_CONNECTOR_NOT_RUNNING",
            // 25
            Self::RegionMismatch => "FORWARDING_RULE_REGION_MISMATCH",
            // 26
            Self::NotAccepted => "PSC_CONNECTION_NOT_ACCEPTED",
            // 38
            Self::NoPscEndpoint => "GOOGLE_MANAGED_SERVICE_NO_PSC_ENDPOINT",
            // 41
            Self::PscFromPeeredNetwork => "PSC_ENDPOINT_ACCESSED_FROM_PEERED_NETWORK",
            // 64
            Self::NotPropagated => "PSC_TRANSITIVITY_NOT_PROPAGATED",
            // 68
            Self::InstanceNotRunning => "REDIS_INSTANCE_NOT_RUNNING",
            // 69
            Self::ClusterNotRunning => "REDIS_CLUSTER_NOT_RUNNING",
            // 72
            Self::PupiSource => "REDIS_INSTANCE_CONNECTING_FROM_PUPI_ADDRESS",
            // 73
            Self::NoRouteBack => "REDIS_INSTANCE_NO_ROUTE_TO_DESTINATION_NETWORK",
            // 74
            Self::InstanceNoExternalIp => "REDIS_INSTANCE_NO_EXTERNAL_IP",
            // 77
            Self::ClusterNoExternalIp => "REDIS_CLUSTER_NO_EXTERNAL_IP",
            // 80
            Self::NotAdvertised => "NO_ADVERTISED_ROUTE_TO_GCP_DESTINATION",
            // 82
            Self::NoRouteFromPeer => "NO_KNOWN_ROUTE_FROM_PEERED_NETWORK_TO_DESTINATION",
        }
    }

    /// A sentence with the name of the cause behind it.
    pub(crate) fn after(self, text: impl std::fmt::Display) -> String {
        format!("{text} ({})", self.name())
    }
}
