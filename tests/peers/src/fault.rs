//! Failures on request: which calls fail, and how.

use std::time::Duration;

use crate::connection::{Delivery, Manner};
use crate::http::Response;
use crate::protocol::Asked;
use crate::refusal::Reason;

/// How a call fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultKind {
    /// `UnauthorizedOperation`, `AccessDenied` or `AccessDeniedException`.
    AccessDenied,
    /// `RequestLimitExceeded`, `Throttling` or `ThrottlingException`.
    Throttle,
    /// `RequestExpired`, `ExpiredToken` or `ExpiredTokenException`.
    ExpiredToken,
    /// This status, with an error in the shape of the service.
    Status(u16),
    /// 200 without a body.
    EmptyBody200,
    /// 200 with the first half of the body, its length declared truly.
    TruncatedBody200,
    /// 200 with the page of a proxy.
    Html200,
    /// A page without items that still carries a token, after which the list goes on; of lists from the
    /// estate only.
    EmptyPage,
    /// The connection is reset when the request was read.
    ResetBeforeAnswer,
    /// The head promises the whole body, half of it comes, then the connection closes.
    ResetInBody,
    /// The right answer, after this time.
    Slow(Duration),
    /// No answer until the fake is dropped.
    Hang,
}

/// Which calls fail, and how. Every condition that is set must hold; of several faults the first applies.
///
/// ```
/// use cachewarden_peers::{Fault, FaultKind};
///
/// let denied = Fault::new(FaultKind::AccessDenied).on("ec2:DescribeNetworkAcls").region("eu-west-1");
/// let throttled = Fault::new(FaultKind::Throttle).on("elasticache:*").every(3);
/// ```
#[derive(Debug, Clone)]
pub struct Fault {
    kind: FaultKind,
    service: Option<String>,
    operation: Option<String>,
    region: Option<String>,
    account: Option<String>,
    parameter: Option<(String, String)>,
    turn: Turn,
    /// Calls that met the conditions so far.
    seen: usize,
}

/// Which of the calls that meet the conditions fail.
#[derive(Debug, Clone, Copy)]
enum Turn {
    All,
    Nth(usize),
    Every(usize),
    First(usize),
}

impl Fault {
    /// A failure of every call.
    #[must_use]
    pub fn new(kind: FaultKind) -> Self {
        Self {
            kind,
            service: None,
            operation: None,
            region: None,
            account: None,
            parameter: None,
            turn: Turn::All,
            seen: 0,
        }
    }

    /// Only calls of `service:Operation`, or of a whole service (`service:*`).
    #[must_use]
    pub fn on(mut self, action: &str) -> Self {
        let (service, operation) = action.split_once(':').unwrap_or((action, "*"));
        self.service = Some(service.to_owned());
        self.operation = Some(operation.to_owned()).filter(|operation| operation != "*");
        self
    }

    /// Only calls in this region.
    #[must_use]
    pub fn region(mut self, region: &str) -> Self {
        self.region = Some(region.to_owned());
        self
    }

    /// Only calls by this account.
    #[must_use]
    pub fn account(mut self, account: &str) -> Self {
        self.account = Some(account.to_owned());
        self
    }

    /// Only calls with this value of a parameter, named as in [`crate::Request::parameters`].
    #[must_use]
    pub fn parameter(mut self, name: &str, value: &str) -> Self {
        self.parameter = Some((name.to_owned(), value.to_owned()));
        self
    }

    /// Only the `n`-th of these calls, counted from 1; retries count.
    #[must_use]
    pub fn nth(mut self, n: usize) -> Self {
        self.turn = Turn::Nth(n);
        self
    }

    /// Only every `k`-th of these calls.
    #[must_use]
    pub fn every(mut self, k: usize) -> Self {
        self.turn = Turn::Every(k);
        self
    }

    /// Only the first `n` of these calls.
    #[must_use]
    pub fn first(mut self, n: usize) -> Self {
        self.turn = Turn::First(n);
        self
    }

    /// The same fault for services whose names are compared without regard to letter case.
    pub(crate) fn in_lower_case(mut self) -> Self {
        self.service = self.service.map(|it| it.to_lowercase());
        self.account = self.account.map(|it| it.to_lowercase());
        self
    }

    /// Whether this call fails by this fault; counts it if the conditions hold.
    pub(crate) fn meets(&mut self, asked: &Asked) -> bool {
        let is = |wanted: &Option<String>, given: &str| {
            wanted.as_deref().is_none_or(|wanted| wanted == given)
        };
        let parameter = self.parameter.as_ref().is_none_or(|(name, value)| {
            asked
                .parameters
                .get(name)
                .is_some_and(|given| given == value)
        });
        let meets = is(&self.service, &asked.service)
            && is(&self.operation, &asked.operation)
            && is(&self.region, &asked.region)
            && is(&self.account, &asked.account)
            && parameter;
        self.seen += usize::from(meets);
        meets
            && match self.turn {
                Turn::All => true,
                Turn::Nth(n) => self.seen == n,
                Turn::Every(k) => self.seen.is_multiple_of(k),
                Turn::First(n) => self.seen <= n,
            }
    }

    pub(crate) fn kind(&self) -> FaultKind {
        self.kind
    }
}

impl FaultKind {
    /// The error that stands in place of an answer, if it is one.
    pub(crate) fn reason(self) -> Option<Reason> {
        match self {
            Self::AccessDenied => Some(Reason::Denied),
            Self::Throttle => Some(Reason::Throttled),
            Self::ExpiredToken => Some(Reason::Expired),
            Self::Status(status) => Some(Reason::Status(status)),
            _ => None,
        }
    }

    /// What becomes of the right answer.
    pub(crate) fn spoil(self, mut response: Response) -> Delivery {
        let mut after = Duration::ZERO;
        let manner = match self {
            Self::EmptyBody200 => {
                response.body.clear();
                Manner::Whole(response)
            }
            Self::TruncatedBody200 => {
                response.body.truncate(response.body.len() / 2);
                Manner::Whole(response)
            }
            Self::Html200 => Manner::Whole(Response::new(
                200,
                "text/html",
                "<!DOCTYPE html><html><head><title>Sign in</title></head><body><p>Proxy<br></body></html>",
            )),
            Self::ResetBeforeAnswer => Manner::Reset,
            Self::ResetInBody => Manner::CutOff(response),
            Self::Hang => Manner::Never,
            Self::Slow(time) => {
                after = time;
                Manner::Whole(response)
            }
            Self::AccessDenied
            | Self::Throttle
            | Self::ExpiredToken
            | Self::Status(_)
            | Self::EmptyPage => Manner::Whole(response),
        };
        Delivery { after, manner }
    }
}
