//! How long a whole audit of a saved snapshot takes, compared with parsing
//! that snapshot alone, at sizes each twice the one before.
//!
//! `cargo bench --bench scale` writes made-up estates to a temporary folder,
//! has the binary audit each, and prints a table. A number behind `--` is the
//! part of the full size at which it stops (`-- 4`: at a quarter).
//!
//! | Column | Is |
//! |---|---|
//! | parse | reading the file and `Snapshot::from_json`, in this process, on one core |
//! | audit | `cachewarden audit FILE --format json`, start to end, as the clock shows |
//! | cpu | what all cores together spent on that |
//! | ratio | audit by parse |
//! | memory | the most that the audit had in memory at once (Linux only) |
//!
//! Each is the best of some runs: the machine may have other things to do.
#![expect(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a benchmark prints, and stops where something is wrong"
)]

use std::fs;
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use cachewarden_model::{ConnectionCounts, Snapshot};
use cachewarden_policy::{Judgement, Library, Selection, judge};
use cachewarden_reach::{Estate, reachability};
use cachewarden_report::{Document, Format, Look};

/// Caches, interfaces, groups and rules of the largest estate.
const FULL: [usize; 4] = [10_000, 100_000, 20_000, 1_000_000];

/// The parts of the full size that are measured.
const PARTS: [usize; 4] = [8, 4, 2, 1];

/// How often each thing is measured.
const RUNS: usize = 3;

fn main() {
    let stop = std::env::args().skip(1).find_map(|it| it.parse().ok());
    let folder = tempfile::tempdir().expect("a temporary folder");
    println!(
        "caches interfaces groups    rules     file |  parse  audit    cpu ratio memory | \
         index  reach  judge report | intended"
    );
    for part in PARTS.into_iter().filter(|part| *part >= stop.unwrap_or(1)) {
        let path = folder.path().join("estate.json");
        let [caches, interfaces, groups, rules] = FULL.map(|it| it / part);
        write(
            &path,
            &cachewarden_estates::large(caches, interfaces, groups, rules),
        );
        let size = fs::metadata(&path).expect("it was written").len();
        let parse = best(|| drop(load(&path)));
        let audit = (0..RUNS).map(|_| audit(&path)).min().expect("several runs");
        let stages = (0..RUNS)
            .map(|_| stages(&path))
            .reduce(Stages::better)
            .expect("several runs");
        let seconds = |it: Duration| it.as_secs_f64();
        println!(
            "{caches:6} {interfaces:10} {groups:6} {rules:8} {:5.0} MB | {:6.2} {:6.2} {:6.2} {:5.2} {:3.0} MB | \
             {:5.2} {:6.2} {:6.2} {:6.2} | {:8}",
            size as f64 / 1e6,
            seconds(parse),
            seconds(audit.clock),
            seconds(audit.cpu),
            seconds(audit.clock) / seconds(parse),
            audit.memory as f64 / 1e6,
            seconds(stages.index),
            seconds(stages.reach),
            seconds(stages.judge),
            seconds(stages.report),
            stages.intended,
        );
    }
    why(folder.path());
}

/// Writes a snapshot as `collect` does.
fn write(path: &Path, snapshot: &Snapshot) {
    let file = fs::File::create(path).expect("a file");
    let mut out = io::BufWriter::new(file);
    serde_json::to_writer_pretty(&mut out, snapshot).expect("it can be written");
    io::Write::flush(&mut out).expect("it can be written");
}

fn load(path: &Path) -> Snapshot {
    Snapshot::from_json(&fs::read(path).expect("it was written")).expect("a snapshot")
}

fn best(mut work: impl FnMut()) -> Duration {
    let once = |()| timed(&mut work).1;
    [(); RUNS].map(once).into_iter().min().unwrap_or_default()
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let result = work();
    (result, start.elapsed())
}

/// One run of the binary.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Run {
    clock: Duration,
    cpu: Duration,
    memory: u64,
}

fn audit(path: &Path) -> Run {
    run(&[
        "audit",
        path.to_str().expect("a plain path"),
        "--format",
        "json",
    ])
}

/// Runs the binary and throws its report away.
fn run(arguments: &[&str]) -> Run {
    let before = children();
    let start = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_cachewarden"))
        .args(arguments)
        .current_dir(std::env::temp_dir())
        .stdout(Stdio::null())
        .stderr(Stdio::inherit())
        .spawn()
        .expect("the binary starts");
    let status = format!("/proc/{}/status", child.id());
    let mut memory = 0;
    let mut pause = Duration::from_micros(200);
    while child.try_wait().expect("it can be waited for").is_none() {
        memory = peak(&status).unwrap_or(memory);
        std::thread::sleep(pause);
        pause = (pause * 2).min(start.elapsed() / 200);
    }
    Run {
        clock: start.elapsed(),
        cpu: children().saturating_sub(before),
        memory,
    }
}

/// The most bytes that a running process had in memory at once.
///
/// Source: proc_pid_status(5), `VmHWM`.
fn peak(status: &str) -> Option<u64> {
    let text = fs::read_to_string(status).ok()?;
    let line = text.lines().find_map(|it| it.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kilobytes * 1024)
}

/// What processes that this one has waited for have spent; zero where it
/// cannot be told.
///
/// Source: proc_pid_stat(5), `cutime` and `cstime`, in hundredths of a second.
fn children() -> Duration {
    let text = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let rest = text.rsplit_once(')').map_or("", |(_, rest)| rest);
    let fields = rest.split_whitespace().skip(13).take(2);
    let ticks: u64 = fields.filter_map(|it| it.parse::<u64>().ok()).sum();
    Duration::from_millis(10 * ticks)
}

/// The stages of an audit after loading, in this process.
struct Stages {
    index: Duration,
    reach: Duration,
    judge: Duration,
    report: Duration,
    intended: u64,
}

impl Stages {
    fn better(self, other: Self) -> Self {
        Self {
            index: self.index.min(other.index),
            reach: self.reach.min(other.reach),
            judge: self.judge.min(other.judge),
            report: self.report.min(other.report),
            intended: self.intended,
        }
    }
}

fn stages(path: &Path) -> Stages {
    let snapshot = load(path);
    let library = Library::load(&[], &Selection::default()).expect("the built-in policies");
    let (estate, index) = timed(|| Estate::new(&snapshot));
    let (reachability, reach) = timed(|| reachability(&estate, &[]));
    let judgement = Judgement {
        snapshot: &snapshot,
        reachability: &reachability,
        expectations: &[],
        waivers: &[],
        judged_at: snapshot.collected_at,
    };
    let (audit, judge) = timed(|| judge(&library, &judgement));
    let (_, report) = timed(|| {
        let mut out = io::BufWriter::new(io::sink());
        cachewarden_report::write(
            Document::Audit(&audit),
            Format::Json,
            Look::PLAIN,
            "0",
            &mut out,
        )
    });
    let ConnectionCounts {
        open,
        partial,
        blocked,
        unknown,
    } = reachability.counts;
    Stages {
        index,
        reach,
        judge,
        report,
        intended: open + partial + blocked + unknown,
    }
}

/// One question about a small estate, as somebody on call asks it.
fn why(folder: &Path) {
    let path = folder.join("small.json");
    write(&path, &cachewarden_estates::demo());
    let path = path.to_str().expect("a plain path");
    let question = ["why", path, "--client", "mailer-1", "--cache", "campaigns"];
    let run = (0..20).map(|_| run(&question)).min().expect("several runs");
    println!(
        "\nwhy, on a small snapshot: {:.1} ms",
        run.clock.as_secs_f64() * 1e3
    );
}
