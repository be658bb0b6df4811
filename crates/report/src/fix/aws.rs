//! Changes as commands of the AWS CLI, version 2.
//!
//! Source: AWS CLI Command Reference, `aws ec2`, one page per command.

mod route;
mod rule;
#[cfg(test)]
mod tests;

use cachewarden_model::{Blame, Edit, LinkState, Region};
use cachewarden_netset::{Cidr, Family};

use super::shell;

/// The commands that make a change, in order; none where the tool has none.
///
/// Where a rule is replaced, the new one is written before the old one goes:
/// nobody who gets in today is shut out in between.
pub(super) fn commands(
    edit: &Edit,
    region: Option<&Region>,
    blame: &[Blame],
) -> Option<Vec<String>> {
    let calls = match edit {
        Edit::AddRule { filter, rule } => vec![rule::add(filter.as_str(), rule)?],
        Edit::ReplaceRule { filter, rule, with } => rule::replace(filter.as_str(), rule, with)?,
        Edit::RemoveRule { filter, rule } => {
            let direction = rule::direction_in_the_way(filter.as_str(), blame);
            vec![rule::remove(filter.as_str(), rule, direction)?]
        }
        Edit::AddRoute { table, route } => vec![route::set("create-route", table.as_str(), route)?],
        Edit::ReplaceRoute { table, route } => {
            vec![route::set("replace-route", table.as_str(), route)?]
        }
        Edit::RemoveRoute { table, destination } => {
            vec![route::delete(table.as_str(), destination)]
        }
        Edit::SetPeeringState { peering, state } => {
            let name = match state {
                LinkState::Active => "accept-vpc-peering-connection",
                LinkState::Down(_) => "delete-vpc-peering-connection",
                LinkState::Pending(_) => return None,
            };
            vec![call(
                name,
                &[("--vpc-peering-connection-id", peering.as_str())],
            )]
        }
        Edit::AddTransitSubnet {
            attachment, subnet, ..
        } => vec![
            attachment_call(attachment.as_str()).and([("--add-subnet-ids", subnet.to_string())]),
        ],
        Edit::AssociateTransitTable {
            attachment, table, ..
        } => {
            vec![
                table_call("associate-transit-gateway-route-table", table.as_str())
                    .and([(ATTACHMENT, attachment.to_string())]),
            ]
        }
        Edit::AddTransitRoute { table, route, .. } => {
            vec![route::set_transit(table.as_str(), route, blame)?]
        }
        Edit::RemoveTransitRoute {
            table, destination, ..
        } => {
            vec![route::transit("delete", table.as_str(), destination)?]
        }
        Edit::EnableTransitIpv6 { attachment, .. } => vec![
            attachment_call(attachment.as_str())
                .and([("--options", "Ipv6Support=enable".to_owned())]),
        ],
        Edit::EnableResolver { network } => vec![
            call("modify-vpc-attribute", &[("--vpc-id", network.as_str())])
                .and([("--enable-dns-support", "Value=true".to_owned())]),
        ],
        // `Edit` grows in `model`; what is not worded here has no command.
        _ => return None,
    };
    let region = region.map(|it| ("--region", it.to_string()));
    let calls: Vec<Call> = calls
        .into_iter()
        .map(|call| call.and(region.clone()))
        .collect();
    calls
        .iter()
        .all(Call::is_plain)
        .then(|| calls.iter().map(Call::line).collect())
}

const ATTACHMENT: &str = "--transit-gateway-attachment-id";

/// Characters of a word; ids of all clouds are shorter.
const LONGEST_WORD: usize = 1_000;

/// One command: its words, not yet quoted.
struct Call(Vec<String>);

impl Call {
    fn and(mut self, options: impl IntoIterator<Item = (&'static str, String)>) -> Self {
        for (option, value) in options {
            self.0.extend([option.to_owned(), value]);
        }
        self
    }

    fn flag(mut self, flag: &str) -> Self {
        self.0.push(flag.to_owned());
        self
    }

    /// Whether all words are ids or names that a cloud gives: a line break in
    /// one would begin a command of its own.
    fn is_plain(&self) -> bool {
        let plain = |it: &String| {
            !it.chars().any(char::is_control) && it.chars().nth(LONGEST_WORD).is_none()
        };
        self.0.iter().all(plain)
    }

    fn line(&self) -> String {
        shell::join(self.0.iter().map(String::as_str))
    }
}

fn call(operation: &str, options: &[(&'static str, &str)]) -> Call {
    let words = ["aws", "ec2", operation].map(str::to_owned).to_vec();
    Call(words).and(
        options
            .iter()
            .map(|(option, value)| (*option, (*value).to_owned())),
    )
}

fn attachment_call(attachment: &str) -> Call {
    call(
        "modify-transit-gateway-vpc-attachment",
        &[(ATTACHMENT, attachment)],
    )
}

fn table_call(operation: &str, table: &str) -> Call {
    call(operation, &[("--transit-gateway-route-table-id", table)])
}

fn cidr_option(v4: &'static str, v6: &'static str, range: Cidr) -> (&'static str, String) {
    match range.family() {
        Family::V4 => (v4, range.to_string()),
        Family::V6 => (v6, range.to_string()),
    }
}
