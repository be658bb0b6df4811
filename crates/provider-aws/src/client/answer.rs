//! What is checked of every call, whatever the SDK makes of it: that it is
//! on the list, and that its answer is whole.

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::{
    AfterDeserializationInterceptorContextRef, BeforeSerializationInterceptorContextRef,
};
use aws_smithy_runtime_api::client::orchestrator::Metadata;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;

use crate::operation::Operation;

/// The call is not on the list of those that are sent.
#[derive(Debug, thiserror::Error)]
#[error("the call is not on the list of those that are sent")]
pub(crate) struct NotListed;

/// The answer was cut off.
#[derive(Debug, thiserror::Error)]
#[error("the answer was cut off")]
pub(crate) struct CutOff;

/// Lets only listed calls out, and only whole answers in.
#[derive(Debug)]
pub(crate) struct Checked;

impl Intercept for Checked {
    fn name(&self) -> &'static str {
        "Checked"
    }

    fn read_before_serialization(
        &self,
        _: &BeforeSerializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let listed = config
            .load::<Metadata>()
            .and_then(|call| Operation::listed(call.service(), call.name()));
        listed.map(|_| ()).ok_or_else(|| NotListed.into())
    }

    /// The SDK's XML reader takes the end of the text for the end of every
    /// element that is still open: a list that was cut off would look whole.
    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let response = context.response();
        let body = response.body().bytes().unwrap_or_default();
        if response.status().is_success() && !is_whole(body) {
            return Err(CutOff.into());
        }
        Ok(())
    }
}

/// Whether a body is no XML, or XML that ends with the end of its root.
/// Bodies in JSON and CBOR are left to the SDK, which notices their end.
fn is_whole(body: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(body) else {
        return !body.trim_ascii_start().starts_with(b"<");
    };
    let text = text.trim();
    if !text.starts_with('<') {
        return true;
    }
    let mut rest = text;
    while let Some(after) = rest.strip_prefix("<?").or_else(|| rest.strip_prefix("<!")) {
        let Some((_, next)) = after.split_once('>') else {
            return false;
        };
        rest = next.trim_start();
    }
    let Some((name, _)) = rest.strip_prefix('<').and_then(|start| {
        start.split_once(|each: char| each.is_whitespace() || matches!(each, '>' | '/'))
    }) else {
        return false;
    };
    let closed = text
        .strip_suffix('>')
        .and_then(|end| end.trim_end().strip_suffix(name));
    closed.is_some_and(|end| end.ends_with("</")) || is_empty_element(rest)
}

/// `<Name/>`, with or without attributes.
fn is_empty_element(text: &str) -> bool {
    text.ends_with("/>") && text.matches('<').count() == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &str = "<?xml version=\"1.0\"?>\n<AResponse xmlns=\"u\"><vpcSet><item><vpcId>vpc-1</vpcId>\
                         </item><item/></vpcSet></AResponse>\n";

    #[test]
    fn whole_answers() {
        for text in [
            WHOLE,
            "<A/>",
            "<A b=\"c\"/>",
            "<A></A >",
            "{}",
            "",
            "\u{fffd}",
        ] {
            assert!(is_whole(text.as_bytes()), "{text}");
        }
        assert!(is_whole(b"\xbf\xff"));
    }

    #[test]
    fn wherever_xml_is_cut_off_it_shows() {
        let text = WHOLE.trim_end();
        let begun = text.find("<AResponse").unwrap();
        for end in begun + 1..text.len() {
            assert!(!is_whole(&text.as_bytes()[..end]), "{}", &text[..end]);
        }
        assert!(!is_whole(b"<A>\xff"));
    }
}
