//! Names that resemble a mistyped one.

/// How many names a hint shows at most.
const SHOWN: usize = 3;

/// Known names that resemble `name`, the nearest first; at most three.
pub(crate) fn near<'n>(name: &str, known: impl IntoIterator<Item = &'n str>) -> Vec<&'n str> {
    let reach = (name.chars().count() / 3).clamp(1, 6);
    let mut found: Vec<(usize, &str)> = known
        .into_iter()
        .filter_map(|candidate| {
            let steps = distance(name, candidate);
            let contained = name.len() > 3 && candidate.contains(name);
            (steps <= reach || contained).then_some((steps, candidate))
        })
        .collect();
    found.sort_unstable();
    found.dedup();
    // What is nearly right outweighs what is only similar.
    let best = found.first().map_or(0, |(steps, _)| *steps);
    found.retain(|(steps, _)| *steps <= best + 1);
    found.truncate(SHOWN);
    found.into_iter().map(|(_, candidate)| candidate).collect()
}

/// A hint that names them: "did you mean `a` or `b`?"; none if there are none.
pub(crate) fn hint<'n>(name: &str, known: impl IntoIterator<Item = &'n str>) -> Option<String> {
    let names: Vec<String> = near(name, known)
        .iter()
        .map(|it| format!("`{it}`"))
        .collect();
    (!names.is_empty()).then(|| format!("did you mean {}?", names.join(" or ")))
}

/// Insertions, deletions and replacements that make one of the other.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (index, a) in left.chars().enumerate() {
        let mut diagonal = index;
        let mut before = index + 1;
        let mut next = vec![before];
        for (b, &above) in right.iter().zip(row.iter().skip(1)) {
            let replaced = diagonal + usize::from(a != *b);
            before = replaced.min(before + 1).min(above + 1);
            diagonal = above;
            next.push(before);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_count_edits() {
        for (left, right, edits) in [
            ("", "", 0),
            ("", "abc", 3),
            ("abc", "", 3),
            ("kitten", "sitting", 3),
            ("ab", "ba", 2),
        ] {
            assert_eq!(distance(left, right), edits, "{left} {right}");
        }
    }

    #[test]
    fn the_nearest_name_comes_first() {
        let known = [
            "cache.transit_encryption",
            "cache.at_rest_encryption",
            "cache.name",
        ];
        assert_eq!(
            near("cache.transit_encryptoin", known).first(),
            Some(&known[0])
        );
        assert!(near("endpoint", known).is_empty());
        assert_eq!(
            hint("cache.nme", known).unwrap(),
            "did you mean `cache.name`?"
        );
        assert_eq!(hint("zzzzzzzzz", known), None);
    }
}
