//! Pages: how many items one answer holds, and the tokens that ask for the next.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::operations::Pages;
use crate::protocol::Asked;
use crate::refusal::Reason;

/// The tokens handed out so far, and what each of them stands for.
#[derive(Debug, Default)]
pub(crate) struct Tokens(BTreeMap<String, Place>);

/// The question that a token goes on with, and the first item of its page.
#[derive(Debug, Clone, PartialEq)]
struct Place {
    question: String,
    from: usize,
}

impl Tokens {
    /// The items of the page that was asked for: the first of them and the one after the last.
    ///
    /// `limit` is the server's own page size.
    pub(crate) fn page(
        &self,
        asked: &Asked,
        pages: &Pages,
        count: usize,
        limit: Option<usize>,
    ) -> Result<(usize, usize), Reason> {
        let size = match asked.parameters.get(pages.size) {
            Some(text) => Some(wanted(pages, text)?),
            None => pages.default,
        };
        let size = size.into_iter().chain(limit).min().unwrap_or(usize::MAX);
        let from = match asked.parameters.get(pages.token) {
            Some(token) => self
                .open(token, &question(asked, pages))
                .ok_or(Reason::UnknownToken)?,
            None => 0,
        };
        Ok((from.min(count), from.saturating_add(size).min(count)))
    }

    /// A token for the same question from item `from` on.
    pub(crate) fn issue(&mut self, asked: &Asked, pages: &Pages, from: usize) -> String {
        let place = Place {
            question: question(asked, pages),
            from,
        };
        let mut hasher = DefaultHasher::new();
        (&place.question, place.from).hash(&mut hasher);
        // With the characters of real tokens, which clients must escape.
        let token = format!("AAMA{:016x}+/{from:x}==", hasher.finish());
        self.0.insert(token.clone(), place);
        token
    }

    fn open(&self, token: &str, question: &str) -> Option<usize> {
        self.0
            .get(token)
            .filter(|place| place.question == question)
            .map(|place| place.from)
    }
}

fn wanted(pages: &Pages, text: &str) -> Result<usize, Reason> {
    let (least, greatest) = pages.allowed;
    let size = text
        .parse()
        .ok()
        .filter(|size| (least..=greatest).contains(size));
    size.ok_or_else(|| {
        Reason::BadValue(format!(
            "{} must be from {least} to {greatest}, not {text}",
            pages.size
        ))
    })
}

/// All that a token belongs to: who asks what, but for the page.
fn question(asked: &Asked, pages: &Pages) -> String {
    let mut parts = vec![
        asked.account.clone(),
        asked.region.clone(),
        asked.service.clone(),
        asked.operation.clone(),
    ];
    let paging = |name: &str| name == pages.size || name == pages.token;
    parts.extend(
        asked
            .parameters
            .iter()
            .filter(|(name, _)| !paging(name))
            .map(|(name, value)| format!("{name}={value}")),
    );
    parts.join(" ")
}
