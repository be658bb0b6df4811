//! What is wrong with a configuration: all that can be found in one go.

use cachewarden_policy::{Mistake as PolicyMistake, Problem};

use super::fit::fits;
use super::meaning;
use super::mistake::Mistake;
use super::shape::Config;
use super::tree::{Node, Value, bytes};

/// The configuration, or everything that is wrong with it, by place.
///
/// # Errors
///
/// The mistakes; never an empty list.
pub(super) fn read(text: &str) -> Result<Config, Vec<Mistake>> {
    let tree = Node::parse(text).map_err(|error| vec![said(text, &error)])?;
    let mut mistakes = vec![];
    let schema = super::schema();
    fits(&tree, &schema, &schema, &mut mistakes);
    match serde_saphyr::from_str::<Config>(text) {
        Ok(config) => {
            meaning::check(&config, &tree, &mut mistakes);
            if mistakes.is_empty() {
                return Ok(config);
            }
        }
        Err(error) => {
            // The schema finds all unknown and missing keys and wrong words,
            // the parser the first of them.
            let mistake = said(text, &error);
            let known = |it: &Mistake| it.offset() == mistake.offset();
            if mistakes.is_empty() || !(is_missing(&error) || mistakes.iter().any(known)) {
                mistakes.push(mistake);
            }
        }
    }
    mistakes.sort_by_key(Mistake::offset);
    Err(mistakes)
}

/// Whether a key is missing, which the parser and the schema see at different
/// places.
fn is_missing(error: &serde_saphyr::Error) -> bool {
    error
        .without_snippet()
        .to_string()
        .contains("missing field")
}

/// What the parser says, at the place that it names.
fn said(text: &str, error: &serde_saphyr::Error) -> Mistake {
    let what = error.without_snippet().to_string();
    // The place is underlined; the same in words would only repeat it.
    let what = what
        .rsplit_once(" at line ")
        .map_or(what.as_str(), |(what, _)| what);
    Mistake::new(what, error.location().map_or(0..0, |at| bytes(text, at)))
}

/// A mistake that the policies find in the selection, where the configuration
/// makes it; none if the mistake is in a policy.
pub(super) fn selection(text: &str, error: &PolicyMistake) -> Option<Mistake> {
    let tree = Node::parse(text).ok()?;
    let item = |way: &[&str], name: &str| match &tree.find(way)?.value {
        Value::List(items) => items
            .iter()
            .find(|it| matches!(&it.value, Value::Text(text) if text == name))
            .map(|it| it.at.clone()),
        _ => None,
    };
    let at = match error.problem() {
        Problem::UnknownPack { name } => item(&["policies", "packs"], name),
        Problem::UnknownPolicy { name } => item(&["policies", "disable"], name)
            .or_else(|| tree.key(&["policies", "severity"], name)),
        Problem::UnknownThreshold { name } => tree.key(&["policies", "thresholds"], name),
        Problem::FractionalThreshold { name, .. } => tree
            .find(&["policies", "thresholds", name])
            .map(|it| it.at.clone()),
        _ => None,
    };
    let help = error.help_text().map(str::to_owned);
    at.map(|at| Mistake::new(error.to_string(), at).with_help(help))
}
