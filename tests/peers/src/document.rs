//! Documents in CBOR and JSON: the protocols `smithy-rpc-v2-cbor` and `awsJson`.
//!
//! CBOR is what the Rust SDK speaks with CloudWatch, JSON what it speaks with MemoryDB; botocore can speak
//! either with both.

use minicbor::data::{IanaTag, Type};
use minicbor::decode::Error as DecodeError;
use minicbor::{Decoder, Encoder};
use serde_json::{Map, Value};

use crate::shapes::{Kind, Shape, epoch_seconds};

/// An answer as CBOR, times as tagged seconds.
pub(crate) fn encode(shape: &Shape, answer: &Map<String, Value>) -> Vec<u8> {
    let mut out = Encoder::new(Vec::new());
    structure(&mut out, shape, answer);
    out.into_writer()
}

/// An answer as the JSON protocols write it: times as seconds, nothing that is not set.
pub(crate) fn json(shape: &Shape, answer: &Map<String, Value>) -> Value {
    let plain = |(member, value): (&crate::shapes::Member, _)| {
        (member.wire.clone(), json_kind(shape, &member.kind, value))
    };
    Value::Object(shape.set(answer).map(plain).collect())
}

/// A map of text to text as CBOR: the body of an error.
pub(crate) fn encode_texts(pairs: &[(&str, &str)]) -> Vec<u8> {
    let mut out = Encoder::new(Vec::new());
    put(out.map(pairs.len() as u64));
    for (name, value) in pairs {
        put(out.str(name));
        put(out.str(value));
    }
    out.into_writer()
}

/// A CBOR document as JSON; times become seconds.
///
/// # Errors
///
/// Where the bytes are no CBOR, or hold what JSON has no word for.
pub(crate) fn decode(bytes: &[u8]) -> Result<Value, DecodeError> {
    value(&mut Decoder::new(bytes))
}

fn json_kind(owner: &Shape, kind: &Kind, value: &Value) -> Value {
    match (kind, value) {
        (Kind::Time, time) => Value::from(epoch_seconds(time)),
        (Kind::List { of, .. }, Value::Array(items)) => items
            .iter()
            .map(|item| json_kind(owner, of, item))
            .collect(),
        (_, Value::Object(members)) => owner
            .inner(kind)
            .map_or(Value::Null, |shape| json(shape, members)),
        (_, plain) => plain.clone(),
    }
}

fn structure(out: &mut Encoder<Vec<u8>>, shape: &Shape, value: &Map<String, Value>) {
    put(out.map(shape.set(value).count() as u64));
    for (member, value) in shape.set(value) {
        put(out.str(&member.wire));
        element(out, shape, &member.kind, value);
    }
}

fn element(out: &mut Encoder<Vec<u8>>, owner: &Shape, kind: &Kind, value: &Value) {
    match (kind, value) {
        (Kind::Time, time) => {
            put(out.tag(IanaTag::Timestamp));
            put(out.f64(epoch_seconds(time)));
        }
        (Kind::List { of, .. }, Value::Array(items)) => {
            put(out.array(items.len() as u64));
            for item in items {
                element(out, owner, of, item);
            }
        }
        (_, Value::Object(members)) => {
            if let Some(shape) = owner.inner(kind) {
                structure(out, shape, members);
            }
        }
        (_, Value::String(text)) => put(out.str(text)),
        (_, Value::Bool(flag)) => put(out.bool(*flag)),
        (Kind::Whole, Value::Number(number)) => put(out.i64(number.as_i64().unwrap_or_default())),
        (_, Value::Number(number)) => put(out.f64(number.as_f64().unwrap_or_default())),
        _ => put(out.null()),
    }
}

/// Writing to memory cannot fail.
fn put<T>(written: Result<T, minicbor::encode::Error<std::convert::Infallible>>) {
    drop(written);
}

fn value(from: &mut Decoder<'_>) -> Result<Value, DecodeError> {
    Ok(match from.datatype()? {
        Type::Bool => from.bool()?.into(),
        Type::Null | Type::Undefined => {
            from.skip()?;
            Value::Null
        }
        Type::U8 | Type::U16 | Type::U32 | Type::U64 => from.u64()?.into(),
        Type::I8 | Type::I16 | Type::I32 | Type::I64 => from.i64()?.into(),
        Type::F16 | Type::F32 | Type::F64 => from.f64()?.into(),
        Type::String | Type::StringIndef => from.str_iter()?.collect::<Result<String, _>>()?.into(),
        Type::Tag => {
            from.tag()?;
            value(from)?
        }
        Type::Array | Type::ArrayIndef => {
            let mut items = Vec::new();
            let mut left = from.array()?;
            while more(from, &mut left)? {
                items.push(value(from)?);
            }
            items.into()
        }
        Type::Map | Type::MapIndef => {
            let mut members = Map::new();
            let mut left = from.map()?;
            while more(from, &mut left)? {
                let name = from.str()?.to_owned();
                members.insert(name, value(from)?);
            }
            members.into()
        }
        other => return Err(DecodeError::type_mismatch(other)),
    })
}

/// Whether a list or map goes on; `left` is `None` where its end is marked instead of counted.
fn more(from: &mut Decoder<'_>, left: &mut Option<u64>) -> Result<bool, DecodeError> {
    match left {
        Some(0) => Ok(false),
        Some(count) => {
            *count -= 1;
            Ok(true)
        }
        None if from.datatype()? == Type::Break => from.skip().map(|()| false),
        None => Ok(true),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn memorydb_as_json() {
        let shape = Shape::of("memorydb", "DescribeClusters").unwrap();
        let answer = json!({"Clusters": [{
            "Name": "m",
            "Shards": [{"Nodes": [{"CreateTime": "2026-01-31T08:00:00.5Z", "Endpoint": {"Address": "a", "Port": 6379}}]}],
            "TLSEnabled": true,
            "_note": "not shown",
            "KmsKeyId": null,
        }]});
        shape.check(&answer).unwrap();
        assert_eq!(
            json(shape, answer.as_object().unwrap()),
            json!({"Clusters": [{
                "Name": "m",
                "Shards": [{"Nodes": [{"CreateTime": 1_769_846_400.5, "Endpoint": {"Address": "a", "Port": 6379}}]}],
                "TLSEnabled": true,
            }]})
        );
    }

    #[test]
    fn metrics_as_cbor_come_back() {
        let shape = Shape::of("cloudwatch", "GetMetricData").unwrap();
        let answer = json!({"MetricDataResults": [
            {"Id": "a", "Timestamps": ["2026-01-31T08:00:00Z"], "Values": [1.0, 2.5], "StatusCode": "Complete"},
        ]});
        let bytes = encode(shape, answer.as_object().unwrap());
        let tagged = [0xc1, 0xfb]; // tag 1, then a double
        assert!(bytes.windows(2).any(|pair| pair == tagged));
        assert_eq!(
            decode(&bytes).unwrap(),
            json!({"MetricDataResults": [
                {"Id": "a", "Timestamps": [1_769_846_400.0], "Values": [1.0, 2.5], "StatusCode": "Complete"},
            ]})
        );
    }

    #[test]
    fn documents_without_counts_are_read() {
        // {_ "a": [_ 1, -2, (_ "x", "y")], "b": null}
        let bytes = b"\xbf\x61a\x9f\x01\x21\x7f\x61x\x61y\xff\xff\x61b\xf6\xff";
        assert_eq!(
            decode(bytes).unwrap(),
            json!({"a": [1, -2, "xy"], "b": null})
        );
        assert!(decode(b"\x61").is_err());
    }
}
