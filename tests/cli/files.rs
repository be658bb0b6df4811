//! Snapshots and reports on disk.

use std::fs;

use serde_json::Value;

use crate::harness::Bench;

#[test]
fn a_snapshot_says_the_same_from_disk() {
    let bench = Bench::new();
    let direct = bench.run(&["audit", "demo", "--at", "2026-11-02", "--format", "json"]);
    for name in ["a.json", "a.json.zst"] {
        let run = bench.run(&["collect", "demo", "-o", name]).ends_with(0);
        assert!(run.stdout.is_empty(), "{run}");
        let saved = bench.run(&["audit", name, "--at", "2026-11-02", "--format", "json"]);
        assert_eq!(saved.stdout, direct.stdout, "{name}");
    }
    let (plain, packed) = (
        fs::read(bench.path("a.json")).unwrap(),
        fs::read(bench.path("a.json.zst")).unwrap(),
    );
    assert!(
        packed.len() * 2 < plain.len(),
        "{} of {}",
        packed.len(),
        plain.len()
    );
    // What is inside counts, not the name.
    fs::rename(bench.path("a.json.zst"), bench.path("b")).unwrap();
    let saved = bench.run(&["audit", "b", "--at", "2026-11-02", "--format", "json"]);
    assert_eq!(saved.stdout, direct.stdout);
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let bench = Bench::new();
    for format in ["table", "json"] {
        let arguments = ["audit", "demo", "--at", "2026-11-02", "--format", format];
        assert_eq!(bench.run(&arguments).stdout, bench.run(&arguments).stdout);
    }
}

#[test]
fn damaged_snapshots_are_told_apart() {
    let bench = Bench::new();
    bench
        .run(&["collect", "demo", "-o", "good.json"])
        .ends_with(0);
    bench
        .run(&["collect", "demo", "-o", "good.json.zst"])
        .ends_with(0);
    let text = fs::read_to_string(bench.path("good.json")).unwrap();
    let packed = fs::read(bench.path("good.json.zst")).unwrap();
    let mut flipped = packed.clone();
    let middle = flipped.len() / 2;
    flipped[middle] ^= 0xff;
    let newer = text.replacen("cachewarden.snapshot/1", "cachewarden.snapshot/9", 1);
    let wrong = text.replacen("\"caches\": [", "\"caches\": 7, \"x\": [", 1);
    assert_ne!(wrong, text);
    let cases: [(&str, &[u8], &str); 9] = [
        ("empty", b"", "is empty"),
        ("blank", b" \n\n", "is empty"),
        (
            "newer",
            newer.as_bytes(),
            "has the format `cachewarden.snapshot/9`",
        ),
        (
            "short",
            &text.as_bytes()[..text.len() / 2],
            "is cut off at line",
        ),
        ("wrong", wrong.as_bytes(), "is damaged at line"),
        (
            "other",
            b"{\"schema\": \"cachewarden.report/1\"}",
            "is not a snapshot",
        ),
        ("noise", b"<html>", "is damaged at line 1"),
        (
            "packed-short",
            &packed[..packed.len() / 2],
            "its compression cannot be undone",
        ),
        (
            "packed-flipped",
            &flipped,
            "its compression cannot be undone",
        ),
    ];
    for (name, content, told) in cases {
        bench.file(name, content);
        let run = bench.run(&["audit", name]).ends_with(2);
        assert!(run.stdout.is_empty(), "{run}");
        let file = format!("`{name}`");
        run.says(&["error: ", &file, told, "\nhelp: "]);
    }
    fs::create_dir(bench.path("folder")).unwrap();
    bench
        .run(&["audit", "folder"])
        .ends_with(2)
        .says(&["`folder` is a folder", "help: "]);
    bench
        .run(&["audit", "gone.json"])
        .ends_with(2)
        .says(&["there is no snapshot `gone.json`", "help: "]);
    bench
        .run(&["audit", "AWS"])
        .ends_with(2)
        .says(&["there is no snapshot `AWS`", "did you mean `aws`?"]);
}

#[test]
fn a_file_may_be_called_like_a_cloud() {
    let bench = Bench::new();
    bench.run(&["collect", "demo", "-o", "aws"]).ends_with(0);
    bench.run(&["reach", "./aws"]).ends_with(0);
}

#[test]
fn several_targets_make_one_audit() {
    let bench = Bench::new();
    let demo = bench.demo();
    let mut other = demo.clone();
    let caches = other["caches"].as_array_mut().unwrap();
    let number = caches.len();
    for cache in caches {
        let id = cache["id"]
            .as_str()
            .unwrap()
            .replace("arn:aws:", "arn:aws-other:")
            .replace("/subscriptions/", "/subscriptions/other-")
            .replace(
                ".googleapis.com/projects/",
                ".googleapis.com/projects/other-",
            );
        cache["id"] = Value::String(id);
    }
    bench.file("other.json", other.to_string());
    let both = bench.run(&[
        "audit",
        "demo",
        "other.json",
        "--format",
        "json",
        "--fail-on",
        "never",
    ]);
    let both = both.ends_with(0).json();
    assert_eq!(both["caches"].as_array().unwrap().len(), 2 * number);
    let twice = bench.run(&[
        "audit",
        "demo",
        "demo",
        "--format",
        "json",
        "--fail-on",
        "never",
    ]);
    assert_eq!(
        twice.ends_with(0).json()["caches"]
            .as_array()
            .unwrap()
            .len(),
        number
    );
}

#[test]
fn reports_go_where_they_are_sent() {
    let bench = Bench::new();
    let to_stdout = bench.run(&["audit", "demo", "--at", "2026-11-02"]).stdout;
    let run = bench.run(&[
        "audit",
        "demo",
        "--at",
        "2026-11-02",
        "-o",
        "a.txt",
        "--output",
        "json=a.json",
        "--output",
        "table=b.txt",
    ]);
    assert_eq!(run.stdout, "");
    assert_eq!(fs::read_to_string(bench.path("a.txt")).unwrap(), to_stdout);
    assert_eq!(fs::read_to_string(bench.path("b.txt")).unwrap(), to_stdout);
    let json: Value = serde_json::from_slice(&fs::read(bench.path("a.json")).unwrap()).unwrap();
    assert_eq!(json["schema"], "cachewarden.report/1");
    let run = bench
        .run(&["reach", "demo", "--output", "json=gone/a.json"])
        .ends_with(2);
    run.says(&["error: `gone/a.json` cannot be written", "help: "]);
}

#[cfg(unix)]
#[test]
fn a_snapshot_is_for_its_owner_and_whole() {
    use std::os::unix::fs::PermissionsExt;
    let bench = Bench::new();
    bench.run(&["collect", "demo", "-o", "a.json"]).ends_with(0);
    let mode = fs::metadata(bench.path("a.json"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    let before = fs::read(bench.path("a.json")).unwrap();
    bench
        .run(&["collect", "gone.json", "-o", "a.json"])
        .ends_with(2);
    assert_eq!(fs::read(bench.path("a.json")).unwrap(), before);
    let left: Vec<_> = fs::read_dir(bench.folder.path()).unwrap().collect();
    assert_eq!(left.len(), 1, "{left:?}");
}
