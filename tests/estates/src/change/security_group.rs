//! Changes of security groups.

use cachewarden_model::{Direction, Fact};

use crate::Estate;
use crate::noun::{Line, security_group};

/// The group admits these lines and nothing else.
pub fn inbound<const N: usize>(group: &str, lines: [Line; N]) -> impl FnOnce(&mut Estate) {
    replace(group, Direction::Ingress, lines)
}

/// The group lets these lines out and nothing else.
pub fn outbound<const N: usize>(group: &str, lines: [Line; N]) -> impl FnOnce(&mut Estate) {
    replace(group, Direction::Egress, lines)
}

/// The group admits this line besides.
pub fn admit(group: &str, line: Line) -> impl FnOnce(&mut Estate) {
    add(group, Direction::Ingress, line)
}

/// The group lets this line out besides.
pub fn let_out(group: &str, line: Line) -> impl FnOnce(&mut Estate) {
    add(group, Direction::Egress, line)
}

/// A further group that admits these lines and lets everything out.
pub fn new_group<const N: usize>(
    network: &str,
    id: &str,
    name: &str,
    lines: [Line; N],
) -> impl FnOnce(&mut Estate) {
    move |estate| estate.add_group(network, id, name, lines)
}

/// The group is deleted; whoever carried it carries it no more, and rules
/// that name it stay.
///
/// Source: Amazon VPC Peering Guide, "Stale security group rules".
pub fn delete_group(group: &str) -> impl FnOnce(&mut Estate) {
    move |estate| {
        estate.forget_filter(group);
        for interface in &mut estate.snapshot.interfaces {
            if let Fact::Known(filters) = &mut interface.filters {
                filters.retain(|id| id != group);
            }
        }
    }
}

fn replace<const N: usize>(
    group: &str,
    direction: Direction,
    lines: [Line; N],
) -> impl FnOnce(&mut Estate) {
    move |estate| {
        // Builds the rules under the group's own id, so that ids stay those
        // of `rule_id`.
        let of = estate.filter_mut(group).network.clone().unwrap_or_default();
        let built = security_group(estate.network(of.as_str()), group, "", lines.clone(), lines);
        let built = built.rules.value().cloned().unwrap_or_default();
        let rules = estate.rules_mut(group);
        rules.retain(|rule| rule.direction != direction);
        rules.extend(built.into_iter().filter(|rule| rule.direction == direction));
    }
}

fn add(group: &str, direction: Direction, line: Line) -> impl FnOnce(&mut Estate) {
    move |estate| {
        let rules = estate.rules_mut(group);
        let number = rules
            .iter()
            .filter(|rule| rule.direction == direction)
            .count();
        rules.push(line.of_group(group, direction, number));
    }
}
