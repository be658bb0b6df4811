//! The table of all policies, for people.

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
            policy.conditions.join(", "),
            cell(&policy.controls.join(", ")),
        ];
        format!("| {} |\n", cells.join(" | "))
    }
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
