//! Endpoints: the variables that the SDK has for them, and what is refused.

use std::process::Command;
use std::sync::Arc;

use cachewarden_peers::{Estate, FakeAws};
use cachewarden_provider::{Limits, Provider, Session, Silent};
use cachewarden_provider_aws::{AwsError, AwsProvider, Options};
use serde_json::json;

use super::harness::{collect_told, config, estate, hasty};

/// Run by the test below in a process of its own: a process cannot change
/// its own environment safely.
#[test]
#[ignore = "is run by the next test"]
fn collect_by_environment() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let collected = runtime.block_on(async {
        let now = "2026-01-31T08:00:00Z".parse().unwrap();
        let session = Session::begin(hasty(), now, "0.0.0", Box::new(Silent));
        let profiles = std::env::var("PROFILES_OF_TEST").unwrap_or_default();
        let profiles = profiles.split_whitespace().map(str::to_owned).collect();
        let options = Options {
            profiles,
            ..Options::default()
        };
        AwsProvider::new(options).collect(&session).await
    });
    match collected {
        Ok(snapshot) => {
            println!(
                "caches {} gaps {}",
                snapshot.caches.len(),
                snapshot.gaps.len()
            );
            for gap in snapshot.gaps {
                println!("{gap}");
            }
        }
        Err(error) => println!("error {error}"),
    }
}

fn by_environment(variables: &[(&str, &str)]) -> String {
    let output = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "adapt::endpoints::collect_by_environment",
            "--ignored",
            "--nocapture",
        ])
        .env_clear()
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_variables_of_every_service_are_honoured() {
    let fake = FakeAws::start(estate("configured"));
    let mut variables = fake.env();
    variables.retain(|(name, _)| name != "AWS_ENDPOINT_URL");
    for service in ["CLOUDWATCH", "EC2", "ELASTICACHE", "MEMORYDB", "STS"] {
        variables.push((format!("AWS_ENDPOINT_URL_{service}"), fake.endpoint()));
    }
    let variables: Vec<_> = variables
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let said = by_environment(&variables);
    assert!(said.contains("caches 5 "), "{said}");

    // One of its own goes before the common one, which leads nowhere here.
    let mut both = variables.clone();
    both.push(("AWS_ENDPOINT_URL", "http://127.0.0.1:9"));
    assert!(by_environment(&both).contains("caches 5 "));
}

#[test]
fn the_common_variable_is_honoured() {
    let fake = FakeAws::start(estate("configured"));
    let env = fake.env();
    let variables: Vec<_> = env
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    assert!(by_environment(&variables).contains("caches 5 "));
}

#[test]
fn plain_http_is_for_this_machine_alone() {
    let base = [
        ("AWS_ACCESS_KEY_ID", "k"),
        ("AWS_SECRET_ACCESS_KEY", "s"),
        ("AWS_REGION", "eu-west-1"),
        ("AWS_CONFIG_FILE", "/dev/null"),
        ("AWS_SHARED_CREDENTIALS_FILE", "/dev/null"),
    ];
    let with = |name, url| {
        let mut variables = base.to_vec();
        variables.push((name, url));
        by_environment(&variables)
    };
    let refused = "error the endpoint `192.0.2.1` would be asked in plain http, which is accepted for \
                   loopback addresses only";
    assert!(with("AWS_ENDPOINT_URL", "http://192.0.2.1:4566").contains(refused));
    assert!(with("AWS_ENDPOINT_URL_MEMORYDB", "http://user:word@192.0.2.1/").contains(refused));
    assert!(with("AWS_ENDPOINT_URL", "localhost:4566").contains("error the endpoint `"));
}

#[test]
fn without_credentials_the_error_says_so() {
    let fake = FakeAws::start(Estate::empty());
    let endpoint = fake.endpoint();
    let said = by_environment(&[
        ("AWS_EC2_METADATA_DISABLED", "true"),
        ("AWS_REGION", "eu-west-1"),
        ("AWS_CONFIG_FILE", "/dev/null"),
        ("AWS_SHARED_CREDENTIALS_FILE", "/dev/null"),
        ("AWS_ENDPOINT_URL", &endpoint),
    ]);
    let expected = "error no account could be asked: sts:GetCallerIdentity (access-denied): no credentials were found";
    assert!(said.contains(expected), "{said}");
}

/// Where MemoryDB is known not to be offered, a name that does not resolve
/// or a call that is not known is no gap.
#[test]
fn a_region_without_memorydb_misses_nothing() {
    let fake = FakeAws::start(Estate::new(json!({"eusc-de-east-1": {}, "eu-west-1": {}})));
    let config = config(&fake);
    for (region, gaps) in [("eusc-de-east-1", 0), ("eu-west-1", 1)] {
        let service = aws_sdk_memorydb_elsewhere(&config);
        let options = Options {
            regions: vec![region.into()],
            ..Options::default()
        };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let snapshot = runtime.block_on(async {
            let now = "2026-01-31T08:00:00Z".parse().unwrap();
            let limits = Limits {
                attempts: 2,
                ..hasty()
            };
            let session = Session::begin(limits, now, "0.0.0", Box::new(Silent));
            AwsProvider::with_config(options, service)
                .collect(&session)
                .await
                .unwrap()
        });
        assert_eq!(snapshot.gaps.len(), gaps, "{region}: {:?}", snapshot.gaps);
    }
}

/// The same configuration with an endpoint for MemoryDB whose name never resolves.
fn aws_sdk_memorydb_elsewhere(config: &aws_config::SdkConfig) -> aws_config::SdkConfig {
    #[derive(Debug)]
    struct Elsewhere(String);
    impl aws_types::service_config::LoadServiceConfig for Elsewhere {
        fn load_config(
            &self,
            key: aws_types::service_config::ServiceConfigKey<'_>,
        ) -> Option<String> {
            let elsewhere = key.service_id() == "MemoryDB" && key.env() == "AWS_ENDPOINT_URL";
            let url = if elsewhere {
                "https://memory-db.invalid"
            } else {
                self.0.as_str()
            };
            (key.env() == "AWS_ENDPOINT_URL").then(|| url.to_owned())
        }
    }
    let usual = config.endpoint_url().unwrap().to_owned();
    let mut builder = config.to_builder();
    builder.set_endpoint_url(None);
    builder.service_config(Elsewhere(usual)).build()
}

#[test]
fn scopes_that_make_no_sense_are_errors() {
    let fake = FakeAws::start(Estate::empty());
    let refused = |options| collect_told(&fake, options, hasty(), &Arc::default()).unwrap_err();
    for region in [
        "",
        "eu",
        "eu west-1",
        "EU-WEST-1",
        "eu-west-1.example.com",
        "eu-west-1/",
        "-1",
    ] {
        let options = Options {
            regions: vec![region.into()],
            ..Options::default()
        };
        assert!(
            matches!(refused(options), AwsError::Region { .. }),
            "{region}"
        );
    }
    for arn in [
        "auditor",
        "arn:aws:iam::1:role/x",
        "arn:aws:iam::123456789012:user/x",
        "arn:aws:s3:::x",
    ] {
        let options = Options {
            role_arns: vec![arn.into()],
            ..Options::default()
        };
        assert!(
            matches!(refused(options), AwsError::RoleArn { .. }),
            "{arn}"
        );
    }
    assert_eq!(fake.requests().len(), 0);
}

/// A profile that lacks credentials does not hide what another one sees, and
/// the gap names it.
#[test]
fn each_profile_is_an_account_or_a_gap() {
    let fake = FakeAws::start(estate("configured"));
    let env = fake.env();
    let var = |name: &str| {
        let found = env.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str()).unwrap()
    };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config");
    let text = format!(
        "[profile good]\naws_access_key_id = {}\naws_secret_access_key = {}\nendpoint_url = {}\n\
         region = eu-west-1\n[profile poor]\nregion = eu-west-1\nendpoint_url = {}\n",
        var("AWS_ACCESS_KEY_ID"),
        var("AWS_SECRET_ACCESS_KEY"),
        fake.endpoint(),
        fake.endpoint(),
    );
    std::fs::write(&path, text).unwrap();
    let said = by_environment(&[
        ("AWS_CONFIG_FILE", path.to_str().unwrap()),
        ("AWS_SHARED_CREDENTIALS_FILE", "/dev/null"),
        ("AWS_EC2_METADATA_DISABLED", "true"),
        ("PROFILES_OF_TEST", "poor good"),
    ]);
    assert!(said.contains("caches 5 "), "{said}");
    assert!(
        said.contains("profile `poor`: no credentials were found"),
        "{said}"
    );
}
