//! Logs on the standard error, for `-v` and `-vv`.

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Crates whose logs are shown. Those of the SDKs and of HTTP print headers
/// and bodies, and with them secrets: they are never shown, at no level.
const OURS: [&str; 11] = [
    "cachewarden",
    "cachewarden_model",
    "cachewarden_netset",
    "cachewarden_policy",
    "cachewarden_provider",
    "cachewarden_provider_aws",
    "cachewarden_provider_azure",
    "cachewarden_provider_gcp",
    "cachewarden_reach",
    "cachewarden_report",
    "cachewarden_cli",
];

/// Starts logging: nothing, then what happens (`-v`), then each call (`-vv`).
pub(crate) fn start(verbose: u8, color: bool) {
    let level = match verbose {
        0 => return,
        1 => LevelFilter::INFO,
        _ => LevelFilter::DEBUG,
    };
    let filter = Targets::new().with_targets(OURS.map(|name| (name, level)));
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(color)
        .without_time();
    // A second start changes nothing, which is as it should be.
    let _ = tracing_subscriber::registry()
        .with(lines)
        .with(filter)
        .try_init();
}
