//! How long a whole audit of a saved snapshot takes, compared with parsing
//! that snapshot alone, at sizes each twice the one before.
//!
//! `cargo bench --bench scale` writes made-up estates to a temporary folder,
//! has the binary audit each, and prints a table. A number behind `--` is the
//! part of the full size at which it stops (`-- 4`: at a quarter).
//!
//! | Column | Is |
//! |---|---|
//! | parse | a process that reads the file, calls `Snapshot::from_json`, and ends |
//! | audit | `cachewarden audit FILE --format json`, start to end |
//! | ratio | audit by parse |
//! | memory | the most that the audit had in memory at once |
//! | index, reach, judge, report | the parts of an audit after parsing, in this process |
//! | intended | how many intended connections there are |
//!
//! Times are in seconds: as the clock shows, and behind the stroke as all
//! cores together spent on it, which other work on the machine does not
//! lengthen. That and memory are told on Linux only.
//!
//! Each is the best of some runs: the machine may have other things to do.
#![expect(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a benchmark prints, and stops where something is wrong"
)]

use std::fmt;
use std::fs;
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use cachewarden_model::{ConnectionCounts, Snapshot};
use cachewarden_policy::{Judgement, Library, Selection, judge};
use cachewarden_reach::{Estate, Narrower, reachability};
use cachewarden_report::{Document, Format, Look};

/// Caches, interfaces, groups and rules of the largest estate.
const FULL: [usize; 4] = [10_000, 100_000, 20_000, 1_000_000];

/// The parts of the full size that are measured.
const PARTS: [usize; 4] = [8, 4, 2, 1];

/// How often each thing is measured.
const RUNS: usize = 3;

/// The binary.
const CACHEWARDEN: &str = env!("CARGO_BIN_EXE_cachewarden");

/// With this in front of a file, the program parses that and ends.
const PARSE: &str = "--parse";

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [PARSE, path] = arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        // As in an audit, nothing is taken apart at the end.
        std::mem::forget(load(Path::new(path)));
        return;
    }
    let stop = arguments.iter().find_map(|it| it.parse().ok());
    let folder = tempfile::tempdir().expect("a temporary folder");
    println!(
        "caches interfaces groups    rules    file |       parse        audit       ratio  memory | \
         index reach judge report | intended"
    );
    for part in PARTS.into_iter().filter(|part| *part >= stop.unwrap_or(1)) {
        let path = folder.path().join("estate.json");
        let [caches, interfaces, groups, rules] = FULL.map(|it| it / part);
        let snapshot = cachewarden_estates::large(caches, interfaces, groups, rules);
        write(&path, &snapshot);
        drop(snapshot);
        let megabytes = fs::metadata(&path).expect("it was written").len() as f64 / 1e6;
        let parse = Cost::best(|| parse(&path));
        let audit = Cost::best(|| audit(&path));
        let stages = (0..RUNS).map(|_| stages(&path));
        let stages = stages.reduce(Stages::better).expect("several runs");
        println!(
            "{caches:6} {interfaces:10} {groups:6} {rules:8} {megabytes:4.0} MB | {parse} {audit} \
             {:5.2} / {:4.2} {:4.0} MB | {:5.2} {:5.2} {:5.2} {:6.2} | {:8}",
            audit.clock / parse.clock,
            audit.cpu / parse.cpu,
            audit.memory as f64 / 1e6,
            stages.index.as_secs_f64(),
            stages.reach.as_secs_f64(),
            stages.judge.as_secs_f64(),
            stages.report.as_secs_f64(),
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

/// Parses a snapshot in a process that does nothing else: memory that was
/// never used before costs both this and an audit their time.
fn parse(path: &Path) -> Cost {
    let own = std::env::current_exe().expect("this program");
    let path = path.to_str().expect("a plain path");
    run(own.as_ref(), &[PARSE, path])
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let result = work();
    (result, start.elapsed())
}

/// What something took: seconds by the clock, seconds of all cores, bytes.
struct Cost {
    clock: f64,
    cpu: f64,
    memory: u64,
}

impl Cost {
    /// The least of some runs in each respect.
    fn best(run: impl Fn() -> Self) -> Self {
        let runs = (0..RUNS).map(|_| run());
        let least = runs.reduce(|one, other| Self {
            clock: one.clock.min(other.clock),
            cpu: one.cpu.min(other.cpu),
            memory: one.memory.min(other.memory),
        });
        least.expect("several runs")
    }
}

impl fmt::Display for Cost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:5.2} / {:4.2}", self.clock, self.cpu)
    }
}

fn audit(path: &Path) -> Cost {
    let path = path.to_str().expect("a plain path");
    run(CACHEWARDEN.as_ref(), &["audit", path, "--format", "json"])
}

/// Runs a program and throws away what it prints.
fn run(program: &Path, arguments: &[&str]) -> Cost {
    let before = children();
    let start = Instant::now();
    let mut child = Command::new(program)
        .args(arguments)
        .current_dir(std::env::temp_dir())
        .stdout(Stdio::null())
        .stderr(Stdio::inherit())
        .spawn()
        .expect("the binary starts");
    let status = format!("/proc/{}/status", child.id());
    let mut memory = 0;
    while child.try_wait().expect("it can be waited for").is_none() {
        memory = peak(&status).unwrap_or(memory);
        let pause = start.elapsed() / 100;
        std::thread::sleep(pause.clamp(Duration::from_micros(100), Duration::from_millis(20)));
    }
    Cost {
        clock: start.elapsed().as_secs_f64(),
        cpu: children() - before,
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

/// Seconds that processes which this one has waited for have spent on cores;
/// zero where it cannot be told.
///
/// Source: proc_pid_stat(5), `cutime` and `cstime`, in hundredths of a second.
fn children() -> f64 {
    let text = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let rest = text.rsplit_once(')').map_or("", |(_, rest)| rest);
    let fields = rest.split_whitespace().skip(13).take(2);
    fields.filter_map(|it| it.parse::<f64>().ok()).sum::<f64>() / 100.0
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
    let narrower = Narrower::new(&estate, &[]);
    let judgement = Judgement {
        snapshot: &snapshot,
        reachability: &reachability,
        narrow: Some(&narrower),
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
    let best = (0..20)
        .map(|_| run(CACHEWARDEN.as_ref(), &question).clock)
        .reduce(f64::min);
    let milliseconds = best.expect("several runs") * 1e3;
    println!("\nwhy, on a small snapshot: {milliseconds:.1} ms");
}
