//! The table of all policies, for people.

use cachewarden_model::{PolicyId, Provider};

use crate::library::Library;
use crate::policy::Policy;

impl Library {
    /// All policies as a page of Markdown: what each demands, which rows of
    /// the catalogue of conditions it covers and which controls of other
    /// tools it answers.
    pub fn coverage_markdown(&self) -> String {
        let mut page = String::from(INTRODUCTION);
        page.push_str("\n## Packs\n\n| Pack | Selects | Policies |\n|---|---|---|\n");
        for pack in self.packs() {
            let (name, title, count) = (pack.name, cell(pack.title), pack.policies.len());
            page.push_str(&format!("| `{name}` | {title} | {count} |\n"));
        }
        page.push_str(
            "\n## Policies\n\n| Id | Title | Severity | Concern | Subject | Packs | Conditions | \
             Controls |\n|---|---|---|---|---|---|---|---|\n",
        );
        for policy in self.policies().filter(|policy| policy.builtin) {
            page.push_str(&self.row(policy));
        }
        page.push_str(
            "\n## Conditions\n\nWhat no other tool judges (N), what other tools judge (U) and what \
             refuses a client (C), with the policies that cover each row for each cloud that it \
             concerns.\n\n| Row | Condition | Cloud | Policies |\n|---|---|---|---|\n",
        );
        for row in self.coverage() {
            page.push_str(&line(&row));
        }
        page.push_str("\n## Data\n\n| Table | Read | Sources |\n|---|---|---|\n");
        for table in self.data() {
            let day = table.read.to_string();
            let day = day.split('T').next().unwrap_or_default();
            let sources: Vec<String> = table.sources.iter().map(|url| format!("<{url}>")).collect();
            let (file, sources) = (table.file, sources.join(" "));
            page.push_str(&format!("| [`{file}`]({file}) | {day} | {sources} |\n"));
        }
        page
    }

    /// What covers each row of the catalogue of conditions, for each cloud
    /// that the row concerns; in the order of the catalogue.
    pub fn coverage(&self) -> Vec<Coverage<'_>> {
        let rows = self.tables.conditions().iter();
        rows.flat_map(|row| row.clouds.iter().map(move |cloud| (row, *cloud)))
            .map(|(row, provider)| Coverage {
                row: &row.id,
                what: &row.what,
                provider,
                policies: self
                    .policies()
                    .filter(|policy| policy.builtin && covers(policy, &row.id, provider))
                    .map(|policy| &policy.id)
                    .collect(),
                reason: row.uncovered.get(&provider).map(String::as_str),
            })
            .collect()
    }

    fn row(&self, policy: &Policy) -> String {
        let own = |pack: &crate::load::Pack| {
            pack.file
                .policies
                .iter()
                .any(|it| policy.id == it.value.as_str())
        };
        let packs = self
            .own_packs()
            .filter(|pack| own(pack))
            .map(|pack| pack.file.name.as_str());
        let cells = [
            format!("[`{0}`]({1}/{0}.yaml)", policy.id, policy.concern.as_str()),
            cell(&policy.title),
            policy.severity.as_str().to_owned(),
            policy.concern.as_str().to_owned(),
            policy.subject.as_str().to_owned(),
            packs.collect::<Vec<&str>>().join(", "),
            in_order(&policy.conditions).join(", "),
            cell(&policy.controls.join(", ")),
        ];
        format!("| {} |\n", cells.join(" | "))
    }
}

/// What covers a row of the catalogue of conditions for one cloud.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coverage<'l> {
    /// The row: `U36`.
    pub row: &'l str,
    /// The condition, in a few words.
    pub what: &'l str,
    /// The cloud.
    pub provider: Provider,
    /// Policies that cover it, sorted by id; empty where none does.
    pub policies: Vec<&'l PolicyId>,
    /// Why none does; none where one does, or nothing is said yet.
    pub reason: Option<&'l str>,
}

fn covers(policy: &Policy, row: &str, provider: Provider) -> bool {
    let serves =
        policy.services.is_empty() || policy.services.iter().any(|it| it.provider() == provider);
    policy.conditions.iter().any(|it| it == row)
        && (policy.providers.is_empty() || policy.providers.contains(&provider))
        && serves
}

fn line(row: &Coverage<'_>) -> String {
    let policies: Vec<String> = row.policies.iter().map(|id| format!("`{id}`")).collect();
    let covered = match (policies.as_slice(), row.reason) {
        ([], Some(reason)) => format!("none: {}", cell(reason)),
        ([], None) => "none yet".to_owned(),
        (all, _) => all.join(", "),
    };
    let (id, what, cloud) = (row.row, cell(row.what), row.provider.as_str());
    format!("| {id} | {what} | {cloud} | {covered} |\n")
}

/// Rows in the order of the catalogue: C2 before C10.
fn in_order(rows: &[String]) -> Vec<&str> {
    let mut rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    rows.sort_by_key(|row| {
        let number = row.get(1..).and_then(|it| it.parse::<u32>().ok());
        (row.chars().next(), number)
    });
    rows
}

const INTRODUCTION: &str = "\
# Policies

<!-- Generated from the files in this folder: run the tests of cachewarden-policy with \
UPDATE_GOLDEN=1. -->

One file is one policy. `cachewarden policy show ID` prints one in full, `cachewarden policy test` \
runs the cases of all, and `cachewarden schema policy` prints the shape of a file and all facts \
that expressions may name.

A pack that includes others selects theirs too; the table names the pack that lists a policy \
itself.
";

/// A text as the cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}
