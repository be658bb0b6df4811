//! The shape of policy files, for editors, with all that expressions may
//! name.

use serde_json::{Value, json};

use crate::expr::functions;
use crate::facts;
use crate::file::PolicyFile;

/// The JSON Schema of a policy file. Under `x-facts` it lists every fact, in
/// order of path, with type, words, whether it may be null, the subjects that
/// have it and what it says; under `x-functions` the functions of expressions.
pub fn policy_schema() -> Value {
    let mut schema = schemars::schema_for!(PolicyFile).to_value();
    if let Some(object) = schema.as_object_mut() {
        object.insert("title".to_owned(), json!("cachewarden policy"));
        object.insert(
            "x-facts".to_owned(),
            facts::all().iter().map(|id| fact(*id)).collect(),
        );
        object.insert(
            "x-functions".to_owned(),
            functions().iter().map(function).collect(),
        );
    }
    schema
}

fn fact(id: facts::FactId) -> Value {
    let fact = id.fact();
    let subjects: Vec<&str> = fact.subjects().iter().map(|kind| kind.as_str()).collect();
    let mut value = json!({
        "path": fact.path,
        "type": fact.kind.name(),
        "nullable": fact.nullable,
        "subjects": subjects,
        "description": fact.doc,
    });
    if let (Some(object), Some(words)) = (value.as_object_mut(), fact.kind.words()) {
        object.insert("words".to_owned(), json!(words));
    }
    value
}

fn function(function: &crate::expr::Function) -> Value {
    json!({"name": function.name, "usage": function.usage, "description": function.doc})
}
