//! Who a finding is about.

use cachewarden_model::{Subject, SubjectKind};

use crate::facts::Item;

/// The subject of a finding about a thing.
pub(super) fn of(item: &Item<'_>) -> Subject {
    match item {
        Item::Cache(cache) => Subject {
            kind: SubjectKind::Cache,
            id: cache.id.as_str().to_owned(),
            name: cache.name.clone(),
            provider: Some(cache.provider),
            account: Some(cache.account.clone()),
            region: Some(cache.region.clone()),
        },
        Item::Endpoint(item) => {
            let cache = item.cache;
            let role = item.endpoint().map_or("endpoint", |it| it.role.as_str());
            let alike = |it: &&cachewarden_model::Endpoint| it.role.as_str() == role;
            let several = cache.is_some_and(|it| it.endpoints.iter().filter(alike).count() > 1);
            let number = if several {
                format!(":{}", item.exposure.endpoint)
            } else {
                String::new()
            };
            let name = cache.map_or(item.exposure.cache.as_str(), |cache| &cache.name);
            Subject {
                kind: SubjectKind::Endpoint,
                id: format!("{}#{role}{number}", item.exposure.cache),
                name: format!("{name} {role}"),
                provider: item.cache.map(|it| it.provider),
                account: item.cache.map(|it| it.account.clone()),
                region: item.cache.map(|it| it.region.clone()),
            }
        }
        Item::Connection(item) => {
            let connection = item.connection;
            Subject {
                kind: SubjectKind::Connection,
                id: format!("{}->{}", connection.client.id, connection.cache.id),
                name: format!("{} -> {}", connection.client.name, connection.cache.name),
                provider: Some(connection.cache.provider),
                account: Some(connection.cache.account.clone()),
                region: Some(connection.cache.region.clone()),
            }
        }
        Item::Filter(filter) => Subject {
            kind: SubjectKind::Filter,
            id: filter.id.as_str().to_owned(),
            name: filter.name.clone(),
            provider: Some(filter.provider),
            account: Some(filter.account.clone()),
            region: Some(filter.region.clone()),
        },
        Item::Rule(item) => Subject {
            kind: SubjectKind::Rule,
            id: format!("{}/{}", item.used.filter, item.used.rule),
            name: format!("{} {}", item.used.filter_name, item.used.rule),
            provider: item.filter.map(|it| it.provider),
            account: item.filter.map(|it| it.account.clone()),
            region: item.filter.map(|it| it.region.clone()),
        },
        Item::User(user) => Subject {
            kind: SubjectKind::User,
            id: user_id(user),
            name: user.name.clone(),
            provider: Some(user.provider),
            account: Some(user.account.clone()),
            region: Some(user.region.clone()),
        },
        Item::Expectation(item) => of_configuration(
            SubjectKind::Expectation,
            item.expectation.name.clone(),
            item.expectation.name.clone(),
        ),
        Item::Waiver(item) => {
            let name = format!("{} {}", item.waiver.policy, item.waiver.subject);
            of_configuration(SubjectKind::Waiver, name.clone(), name)
        }
    }
}

fn of_configuration(kind: SubjectKind, id: String, name: String) -> Subject {
    Subject {
        kind,
        id,
        name,
        provider: None,
        account: None,
        region: None,
    }
}

/// Ids of users are unique within account, region and service only.
fn user_id(user: &cachewarden_model::CacheUser) -> String {
    if user.id.as_str().starts_with("arn:") {
        return user.id.as_str().to_owned();
    }
    format!(
        "{}/{}/{}/{}",
        user.account,
        user.region,
        user.service.as_str(),
        user.id
    )
}
