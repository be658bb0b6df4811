//! How far a collection is: a line that moves on a terminal, lines that stay
//! elsewhere, nothing if the user wants quiet.

use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use cachewarden_provider::{Event, Progress, Silent};
use cachewarden_report::{Charset, inert};
use indicatif::{ProgressBar, ProgressStyle};

use crate::args::Manners;
use crate::terminal::Terminal;

/// Who is told of the progress.
pub(crate) fn start(manners: Manners, terminal: &Terminal) -> Box<dyn Progress> {
    if manners.quiet {
        return Box::new(Silent);
    }
    let charset = terminal.err.charset;
    // Logs and a line that moves would write over each other.
    if io::stderr().is_terminal() && manners.verbose == 0 {
        Box::new(Moving::start(charset))
    } else {
        Box::new(Lines { charset })
    }
}

/// What is worth a line that stays; none for what comes by the hundred.
fn told(event: Event<'_>) -> Option<String> {
    match event {
        Event::Credentials { provider, source } => {
            Some(format!("{provider}: credentials from {source}"))
        }
        Event::Account {
            account,
            regions: [],
        } => Some(format!("reading account {account}")),
        Event::Account { account, regions } => {
            let number = regions.len();
            let plural = if number == 1 { "" } else { "s" };
            Some(format!(
                "reading account {account}, {number} region{plural}"
            ))
        }
        Event::Searched {
            account,
            region,
            caches,
        } if caches > 0 => Some(format!("{account} {region}: {caches} caches")),
        Event::Off { account, services } => Some(format!(
            "account {account} has nothing of {}: switched off",
            services.join(", ")
        )),
        Event::Gap(gap) => Some(format!("warning: not seen: {gap}")),
        _ => None,
    }
}

/// The same for the log: what is done (`-v`), and each call (`-vv`). Gaps and
/// accounts have a line already.
fn log(event: Event<'_>) {
    match event {
        Event::Searched {
            account,
            region,
            caches,
        } => {
            tracing::info!(%account, %region, caches, "searched");
        }
        Event::Read { account, region } => tracing::info!(%account, %region, "read"),
        Event::Answered { what } => tracing::debug!(what, "answered"),
        _ => {}
    }
}

struct Lines {
    charset: Charset,
}

impl Progress for Lines {
    fn event(&self, event: Event<'_>) {
        log(event);
        if let Some(line) = told(event) {
            let _ = writeln!(io::stderr(), "{}", inert(&line, self.charset));
        }
    }
}

struct Moving {
    bar: ProgressBar,
    charset: Charset,
}

impl Moving {
    fn start(charset: Charset) -> Self {
        let bar = ProgressBar::new_spinner();
        let ticks = match charset {
            Charset::Ascii => "|/-\\ ",
            Charset::Unicode => "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏ ",
        };
        if let Ok(style) = ProgressStyle::with_template("{spinner} {pos} calls answered, {msg}") {
            bar.set_style(style.tick_chars(ticks));
        }
        bar.enable_steady_tick(Duration::from_millis(120));
        Self { bar, charset }
    }
}

impl Progress for Moving {
    fn event(&self, event: Event<'_>) {
        if let Some(line) = told(event) {
            self.bar.suspend(|| {
                let _ = writeln!(io::stderr(), "{}", inert(&line, self.charset));
            });
        }
        match event {
            Event::Answered { what } => {
                self.bar.inc(1);
                self.bar.set_message(inert(what, self.charset).into_owned());
            }
            Event::Read { account, region } => {
                let text = format!("{account} {region} is read");
                self.bar
                    .set_message(inert(&text, self.charset).into_owned());
            }
            _ => {}
        }
    }
}

/// A line that moved is no part of what stays.
impl Drop for Moving {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
