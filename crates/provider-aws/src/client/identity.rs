//! Who asks: profiles, roles, and the accounts behind them.

use std::collections::BTreeSet;
use std::fmt;

use aws_config::SdkConfig;
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use cachewarden_model::{AccountId, Gap, Noun, Provider};
use cachewarden_provider::{Failure, FailureKind, Question, Session, call};
use futures_util::future::join_all;

use super::{Options, account_of_role, failure, sts};
use crate::error::AwsError;
use crate::operation::Operation;

/// The name under which roles are taken on; it shows in CloudTrail.
const SESSION: &str = "cachewarden";

/// Credentials, and the account that they belong to.
#[derive(Clone)]
pub(crate) struct Identity {
    pub(crate) account: AccountId,
    pub(crate) config: SdkConfig,
}

impl fmt::Debug for Identity {
    /// Without the configuration: it holds the credentials' provider.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity")
            .field("account", &self.account)
            .finish_non_exhaustive()
    }
}

/// The first credentials, and the profile that they were taken from, if it
/// was named.
pub(crate) struct Base {
    pub(crate) profile: Option<String>,
    pub(crate) config: SdkConfig,
}

/// Credentials that are still to say whose they are.
struct Candidate<'a> {
    config: SdkConfig,
    profile: Option<&'a str>,
    /// The account that a role's name states.
    account: Option<&'a str>,
}

/// One identity per account, in the order in which they were given, and a
/// gap for each that could not be used.
///
/// # Errors
///
/// If none could be used.
pub(crate) async fn identities(
    session: &Session,
    options: &Options,
    bases: &[Base],
) -> Result<(Vec<Identity>, Vec<Gap>), AwsError> {
    let (candidates, mut gaps) = candidates(session, options, bases).await;
    let asked = candidates.iter().map(|candidate| who(session, candidate));
    let mut identities: Vec<Identity> = Vec::new();
    let mut seen = BTreeSet::new();
    for (candidate, account) in candidates.iter().zip(join_all(asked).await) {
        match account {
            Ok(account) if seen.insert(account.clone()) => {
                let config = candidate.config.clone();
                identities.push(Identity { account, config });
            }
            Ok(_) => {}
            Err(gap) => gaps.push(*gap),
        }
    }
    if identities.is_empty() {
        return Err(AwsError::NobodyCouldBeAsked { gaps });
    }
    Ok((identities, gaps))
}

/// The first credentials and those of the roles that they take on.
async fn candidates<'a>(
    session: &Session,
    options: &'a Options,
    bases: &'a [Base],
) -> (Vec<Candidate<'a>>, Vec<Gap>) {
    let mut candidates = Vec::new();
    let mut gaps = Vec::new();
    if options.role_arns.is_empty() || !options.profiles.is_empty() {
        candidates.extend(bases.iter().map(|base| Candidate {
            config: base.config.clone(),
            profile: base.profile.as_deref(),
            account: None,
        }));
    }
    let Some(base) = bases.first() else {
        return (candidates, gaps);
    };
    let roles = options.role_arns.iter();
    let taken = roles.clone().map(|arn| assume(session, &base.config, arn));
    for (arn, taken) in roles.zip(join_all(taken).await) {
        match taken {
            Ok(config) => candidates.push(Candidate {
                config,
                profile: None,
                account: account_of_role(arn),
            }),
            Err(gap) => gaps.push(*gap),
        }
    }
    (candidates, gaps)
}

/// The account of some credentials.
async fn who(session: &Session, candidate: &Candidate<'_>) -> Result<AccountId, Box<Gap>> {
    let client = sts(&candidate.config);
    let question = question(Operation::GetCallerIdentity, candidate.account);
    let answer = call::one(session, &question, || {
        let request = client.get_caller_identity();
        async move {
            let answer = request.send().await.map_err(|error| failure(&error))?;
            let account = answer.account.filter(|account| !account.is_empty());
            account
                .map(AccountId::from)
                .ok_or_else(|| Failure::new(FailureKind::Damaged))
        }
    });
    answer.await.map_err(|mut gap| {
        if let Some(profile) = candidate.profile {
            gap.message = format!("profile `{profile}`: {}", gap.message);
        }
        gap
    })
}

/// The configuration of a role, taken on with other credentials.
///
/// The credentials last for an hour, which is what AWS grants where one role
/// leads to another; a collection is over long before.
/// Source: AWS STS API Reference, "AssumeRole".
async fn assume(session: &Session, base: &SdkConfig, arn: &str) -> Result<SdkConfig, Box<Gap>> {
    let client = sts(base);
    let question = question(Operation::AssumeRole, account_of_role(arn));
    let taken = call::one(session, &question, || {
        let request = client
            .assume_role()
            .role_arn(arn)
            .role_session_name(SESSION);
        async move {
            let answer = request.send().await.map_err(|error| failure(&error))?;
            answer
                .credentials
                .ok_or_else(|| Failure::new(FailureKind::Damaged))
        }
    })
    .await?;
    let credentials = Credentials::new(
        taken.access_key_id,
        taken.secret_access_key,
        Some(taken.session_token),
        taken.expiration.try_into().ok(),
        "AssumeRole",
    );
    let provider = SharedCredentialsProvider::new(credentials);
    Ok(base.to_builder().credentials_provider(provider).build())
}

/// Of an account that is not known only caches are missed: what of its
/// networks matters shows where something leads there.
fn question(operation: Operation, account: Option<&str>) -> Question {
    Question {
        provider: Provider::Aws,
        account: account.map(AccountId::new),
        region: None,
        what: operation.action(),
        hides: match account {
            Some(_) => operation.hides(),
            None => &[Noun::Caches],
        },
    }
}
