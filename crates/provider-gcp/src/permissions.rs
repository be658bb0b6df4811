//! The least permissions that a collection needs: exactly the calls that
//! are sent.

use crate::operation::Operation;

/// The permissions that a collection uses, sorted. All are reads of the
/// control plane.
///
/// The list is made from the only list of calls that are sent. Those that a
/// role of one project cannot hold, as they are of folders and organizations,
/// are left out unless a whole organization is read.
pub fn permissions(organization: bool) -> Vec<&'static str> {
    let mut permissions: Vec<_> = Operation::ALL
        .iter()
        .filter(|it| organization || !of_organizations(**it))
        .map(|it| it.permission())
        .collect();
    permissions.sort_unstable();
    permissions.dedup();
    permissions
}

/// Whether a permission is asked for folders and organizations alone.
///
/// Source: Identity and Access Management, "Support level for permissions in
/// custom roles": `resourcemanager.projects.list` and
/// `resourcemanager.folders.list` are for roles of organizations.
fn of_organizations(operation: Operation) -> bool {
    matches!(
        operation,
        Operation::ProjectsBelow | Operation::FoldersBelow
    )
}

/// A custom role that allows [`permissions`], as
/// `gcloud iam roles create --file` takes it.
pub fn role(organization: bool) -> String {
    let mut text = String::from(
        "title: Cachewarden Reader\n\
         description: Reads caches and the networks around them; reads no AUTH strings and no data.\n\
         stage: GA\n\
         includedPermissions:\n",
    );
    for permission in permissions(organization) {
        text.push_str("- ");
        text.push_str(permission);
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_role() {
        insta::assert_snapshot!(role(false));
        let more: Vec<_> = permissions(true)
            .into_iter()
            .filter(|it| !permissions(false).contains(it))
            .collect();
        assert_eq!(
            more,
            [
                "resourcemanager.folders.list",
                "resourcemanager.projects.list"
            ]
        );
    }
}
