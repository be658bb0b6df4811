//! The one way to Azure Resource Manager: modern `azure_core`'s pipeline, a
//! header of our own, and answers that are looked at before they are
//! believed. Retries and time limits are the caller's
//! ([`cachewarden_provider::call`]).

mod bearer;
mod certificate;
mod credentials;
mod endpoint;
mod failure;
mod transport;

use std::sync::Arc;

use azure_core::http::{
    ClientOptions, Context, Method, Pipeline, PipelineSendOptions, RawResponse, Request,
    RetryOptions, Transport, Url,
};
use cachewarden_provider::{Failure, FailureKind, Page};
use serde_json::Value;

use self::bearer::Bearer;
use crate::cloud::CloudName;

pub(crate) use credentials::{Credentials, find, issuer};
pub(crate) use endpoint::Endpoint;
pub(crate) use failure::{codes, is_absent};
pub(crate) use transport::transport;

/// Who is asked for metrics of many resources at once.
const METRICS_SCOPE: &str = "https://metrics.monitor.azure.com/.default";

/// Sends requests to Azure, with its credentials.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    endpoint: Endpoint,
    cloud: CloudName,
    manager: Pipeline,
    metrics: Pipeline,
    /// Whether the credentials can get tokens for other audiences.
    renewable: bool,
}

impl Client {
    /// A client that asks one resource manager.
    pub(crate) fn new(
        endpoint: Endpoint,
        cloud: CloudName,
        credentials: &Arc<Credentials>,
        transport: &Transport,
    ) -> Self {
        let pipeline = |scope: &str| {
            let options = ClientOptions {
                retry: RetryOptions::none(),
                transport: Some(transport.clone()),
                ..ClientOptions::default()
            };
            let bearer = Arc::new(Bearer::new(Arc::clone(credentials), scope));
            Pipeline::new(
                Some("cachewarden"),
                option_env!("CARGO_PKG_VERSION"),
                options,
                vec![],
                vec![bearer],
                None,
            )
        };
        Self {
            manager: pipeline(&endpoint.scope()),
            metrics: pipeline(METRICS_SCOPE),
            renewable: credentials.is_renewable(),
            endpoint,
            cloud,
        }
    }

    /// One thing, by its path.
    ///
    /// # Errors
    ///
    /// If it cannot be had, or the answer is no JSON object.
    pub(crate) async fn get(&self, path: &str, version: &str) -> Result<Value, Failure> {
        let url = self.endpoint.url(path, version)?;
        self.answer(Request::new(url, Method::Get)).await
    }

    /// A page of a list: the first one by its path, a later one by the link
    /// that the former page gave.
    ///
    /// A link is followed as it is, but only to the same host.
    /// Source: Azure REST API guidelines, "Collections", `nextLink`.
    ///
    /// # Errors
    ///
    /// If it cannot be had, leads elsewhere, or lacks its list.
    pub(crate) async fn page(
        &self,
        path: &str,
        version: &str,
        link: Option<&str>,
    ) -> Result<Page<Value>, Failure> {
        let url = match link {
            Some(link) => self.endpoint.follow(link)?,
            None => self.endpoint.url(path, version)?,
        };
        let answer = self.answer(Request::new(url, Method::Get)).await?;
        page(answer, "value", "nextLink")
    }

    /// A page of a Resource Graph query over these subscriptions.
    ///
    /// Source: Azure Resource Graph REST API, "Resources", version 2021-03-01.
    ///
    /// # Errors
    ///
    /// If it cannot be had, lacks its rows, or is cut off without a way on.
    pub(crate) async fn query(
        &self,
        subscriptions: &[&str],
        query: &str,
        token: Option<&str>,
    ) -> Result<Page<Value>, Failure> {
        let path = "/providers/Microsoft.ResourceGraph/resources";
        let url = self.endpoint.url(path, "2021-03-01")?;
        let mut options = serde_json::json!({"resultFormat": "objectArray", "$top": 1000});
        if let (Some(token), Some(options)) = (token, options.as_object_mut()) {
            options.insert("$skipToken".to_owned(), token.into());
        }
        let body = serde_json::json!({
            "subscriptions": subscriptions, "query": query, "options": options,
        });
        let answer = self.answer(post(url, &body)).await?;
        let truncated = match answer.get("resultTruncated") {
            Some(Value::String(text)) => text.eq_ignore_ascii_case("true"),
            Some(Value::Bool(truncated)) => *truncated,
            _ => false,
        };
        let page = page(answer, "data", "$skipToken")?;
        if truncated && page.next.is_none() {
            return Err(Failure::new(FailureKind::Damaged));
        }
        Ok(page)
    }

    /// Whether metrics of many resources can be asked at once. Not with a
    /// token that was handed over: it is for the resource manager alone.
    pub(crate) fn batches(&self) -> bool {
        self.renewable && (self.endpoint.is_loopback() || self.cloud.metrics("global").is_some())
    }

    /// Metrics of many resources of one subscription, region and type.
    ///
    /// A resource manager on this machine answers for the metrics as well.
    ///
    /// # Errors
    ///
    /// If they cannot be had, or the answer is no JSON object.
    pub(crate) async fn metrics(
        &self,
        region: &str,
        path_and_query: &str,
        ids: &[&str],
    ) -> Result<Value, Failure> {
        let base = match self.cloud.metrics(region) {
            Some(base) if !self.endpoint.is_loopback() => base,
            _ => self.endpoint.base(),
        };
        let url = Url::parse(&format!("{base}{path_and_query}"))
            .map_err(|_| Failure::new(FailureKind::Rejected))?;
        let request = post(url, &serde_json::json!({"resourceids": ids}));
        self.sent(&self.metrics, request).await
    }

    async fn answer(&self, request: Request) -> Result<Value, Failure> {
        self.sent(&self.manager, request).await
    }

    async fn sent(&self, pipeline: &Pipeline, mut request: Request) -> Result<Value, Failure> {
        request.insert_header("accept", "application/json");
        let options = PipelineSendOptions {
            skip_checks: true,
            ..PipelineSendOptions::default()
        };
        let answer = pipeline
            .send(&Context::new(), &mut request, Some(options))
            .await
            .map_err(|error| failure::of_error(&error))?;
        believed(&answer)
    }
}

fn post(url: Url, body: &Value) -> Request {
    let mut request = Request::new(url, Method::Post);
    request.insert_header("content-type", "application/json");
    request.set_body(body.to_string());
    request
}

/// The body of an answer that says it is one.
fn believed(answer: &RawResponse) -> Result<Value, Failure> {
    if u16::from(answer.status()) != 200 {
        return Err(failure::of_answer(answer));
    }
    serde_json::from_slice(answer.body().as_ref()).map_err(|_| Failure::new(FailureKind::Damaged))
}

/// The list of a page, and what leads to the next one. A list that is absent
/// is no empty list.
fn page(mut answer: Value, list: &str, next: &str) -> Result<Page<Value>, Failure> {
    let damaged = || Failure::new(FailureKind::Damaged);
    let Some(Value::Array(items)) = answer.get_mut(list).map(Value::take) else {
        return Err(damaged());
    };
    let next = match answer.get_mut(next).map(Value::take) {
        None | Some(Value::Null) => None,
        Some(Value::String(link)) => Some(link).filter(|it| !it.is_empty()),
        Some(_) => return Err(damaged()),
    };
    Ok(Page { items, next })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_page_without_its_list_is_damaged() {
        for answer in [
            json!({}),
            json!({"value": null}),
            json!([]),
            json!({"value": [], "nextLink": 7}),
        ] {
            let kind = page(answer.clone(), "value", "nextLink").unwrap_err().kind;
            assert_eq!(kind, FailureKind::Damaged, "{answer}");
        }
        let last = page(json!({"value": [1], "nextLink": ""}), "value", "nextLink").unwrap();
        assert_eq!((last.items.len(), last.next), (1, None));
    }
}
