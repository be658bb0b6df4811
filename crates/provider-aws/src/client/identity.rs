//! Who asks: profiles, roles, and the accounts behind them.

use std::collections::BTreeSet;
use std::fmt;

use aws_config::SdkConfig;
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use cachewarden_model::{AccountId, Gap, Provider};
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

/// One identity per account, in the order in which they were given, and a
/// gap for each that could not be used.
///
/// # Errors
///
/// If none could be used.
pub(crate) async fn identities(
    session: &Session,
    options: &Options,
    bases: &[SdkConfig],
) -> Result<(Vec<Identity>, Vec<Gap>), AwsError> {
    let mut configs = Vec::new();
    let mut gaps = Vec::new();
    if options.role_arns.is_empty() || !options.profiles.is_empty() {
        configs.extend(bases.iter().cloned().map(|config| (None, config)));
    }
    if let Some(base) = bases.first() {
        let roles = options
            .role_arns
            .iter()
            .map(|arn| assume(session, base, arn));
        for (arn, taken) in options.role_arns.iter().zip(join_all(roles).await) {
            match taken {
                Ok(config) => configs.push((account_of_role(arn), config)),
                Err(gap) => gaps.push(*gap),
            }
        }
    }
    let asked = configs
        .iter()
        .map(|(account, config)| who(session, config, *account));
    let mut identities: Vec<Identity> = Vec::new();
    let mut seen = BTreeSet::new();
    for ((_, config), account) in configs.iter().zip(join_all(asked).await) {
        match account {
            Ok(account) if seen.insert(account.clone()) => {
                identities.push(Identity {
                    account,
                    config: config.clone(),
                });
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

/// The account of some credentials; `expected` is what their role's name says.
async fn who(
    session: &Session,
    config: &SdkConfig,
    expected: Option<&str>,
) -> Result<AccountId, Box<Gap>> {
    let client = sts(config);
    let question = question(Operation::GetCallerIdentity, expected);
    call::one(session, &question, || {
        let request = client.get_caller_identity();
        async move {
            let answer = request.send().await.map_err(|error| failure(&error))?;
            let account = answer.account.filter(|account| !account.is_empty());
            account
                .map(AccountId::from)
                .ok_or_else(|| Failure::new(FailureKind::Damaged))
        }
    })
    .await
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

fn question(operation: Operation, account: Option<&str>) -> Question {
    Question {
        provider: Provider::Aws,
        account: account.map(AccountId::new),
        region: None,
        what: operation.action(),
        hides: operation.hides(),
    }
}
