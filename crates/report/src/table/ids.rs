//! Ids that are too long to read.

use std::borrow::Cow;

/// A text in which each id of Azure's Resource Manager stands without its
/// subscription, its resource group and the namespace of its provider:
/// `networkSecurityGroups/shop` for
/// `/subscriptions/…/resourceGroups/…/providers/Microsoft.Network/networkSecurityGroups/shop`.
/// JSON and commands have ids whole.
pub(super) fn short(text: &str) -> Cow<'_, str> {
    if !text.contains(START) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(START) {
        let (before, id) = rest.split_at(at);
        out.push_str(before);
        let cut = prefix(id).unwrap_or(START.len());
        let (prefix, after) = id.split_at(cut);
        if cut == START.len() {
            out.push_str(prefix);
        }
        rest = after;
    }
    out.push_str(rest);
    Cow::Owned(out)
}

const START: &str = "/subscriptions/";

/// How long `/subscriptions/S/resourceGroups/G/providers/N/` is at the
/// beginning of a text; none if it does not begin so, or ends there.
fn prefix(id: &str) -> Option<usize> {
    let mut length = 0;
    let mut parts = id.split('/');
    for expected in [
        "",
        "subscriptions",
        "",
        "resourcegroups",
        "",
        "providers",
        "",
    ] {
        let part = parts.next()?;
        let fits = match (length, expected) {
            (0, _) => part.is_empty(),
            (_, "") => !part.is_empty() && !part.contains(char::is_whitespace),
            (_, word) => part.eq_ignore_ascii_case(word),
        };
        if !fits {
            return None;
        }
        length += part.len() + 1;
    }
    parts.next().filter(|it| !it.is_empty()).map(|_| length)
}

#[cfg(test)]
mod tests {
    use super::short;

    #[test]
    fn ids_lose_what_all_of_them_have() {
        let group = "/subscriptions/1-2/resourceGroups/net/providers/Microsoft.Network";
        for (text, shown) in [
            (
                format!("{group}/networkSecurityGroups/a"),
                "networkSecurityGroups/a",
            ),
            (
                format!("from {group}/virtualNetworks/a/subnets/b, and {group}/x/y"),
                "from virtualNetworks/a/subnets/b, and x/y",
            ),
            ("/SUBSCRIPTIONS/1".to_owned(), "/SUBSCRIPTIONS/1"),
            ("/subscriptions/1-2".to_owned(), "/subscriptions/1-2"),
            (format!("{group}/"), &format!("{group}/")),
            (
                "/subscriptions//subscriptions/".to_owned(),
                "/subscriptions//subscriptions/",
            ),
            (
                "/subscriptions/a b/resourceGroups/c/providers/d/e".to_owned(),
                "/subscriptions/a b/resourceGroups/c/providers/d/e",
            ),
        ] {
            assert_eq!(short(&text), shown);
        }
    }
}
