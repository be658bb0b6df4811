//! Facts of a user of caches: what its access string permits.

use cachewarden_model::{CacheUser, Provider};

use super::words;
use super::{FactDef, FactType, FactValue, Read, Reader};

use FactType::{Bool, Int, Text, Word};

const fn fact(
    path: &'static str,
    kind: FactType,
    doc: &'static str,
    read: Read<CacheUser>,
) -> FactDef {
    FactDef::new(path, kind, doc, Reader::User(read))
}

pub(super) static FACTS: &[FactDef] = &[
    fact("user.id", Text, "the cloud's id", |_, it| {
        FactValue::text(it.id.as_str())
    }),
    fact(
        "user.name",
        Text,
        "the name that a client logs in with",
        |_, it| FactValue::text(it.name.as_str()),
    ),
    fact("user.account", Text, "the account that owns it", |_, it| {
        FactValue::text(it.account.as_str())
    }),
    fact("user.region", Text, "its region", |_, it| {
        FactValue::text(it.region.as_str())
    }),
    fact(
        "user.service",
        Word(words::SERVICES),
        "the service whose caches it is for",
        |_, it| FactValue::text(it.service.as_str()),
    ),
    fact(
        "user.status",
        Text,
        "the cloud's word for its state",
        |_, it| FactValue::text(it.status.as_str()),
    ),
    fact(
        "user.access",
        Text,
        "what it may do, as Redis writes it",
        |_, it| FactValue::of(&it.access, |access| FactValue::text(access.as_str())),
    ),
    fact(
        "user.authentication",
        Word(words::LOGINS),
        "how it proves itself",
        |_, it| FactValue::of(&it.authentication, |how| FactValue::text(words::login(how))),
    ),
    fact("user.on", Bool, "whether it is switched on", |_, it| {
        permitted(it, |access| access.on)
    }),
    fact(
        "user.all_keys",
        Bool,
        "whether it may use every key",
        |_, it| permitted(it, |access| access.all_keys),
    ),
    fact(
        "user.all_commands",
        Bool,
        "whether it may send every command",
        |_, it| permitted(it, |access| access.all_commands),
    ),
    fact(
        "user.all_channels",
        Bool,
        "whether it may use every channel",
        |_, it| permitted(it, |access| access.all_channels),
    ),
    fact(
        "user.dangerous_commands",
        Bool,
        "whether it may send the commands of `@dangerous` or `@admin`",
        |_, it| permitted(it, |access| access.dangerous || access.admin),
    ),
    fact(
        "user.caches",
        Int,
        "how many known caches it may log in to; unknown if it is none and some may be hidden",
        |world, it| match world.user_caches(it) {
            0 => {
                let unknown = world.unclear_logins(it);
                match unknown.is_empty() {
                    true => FactValue::Int(0),
                    false => FactValue::Unknown(unknown),
                }
            }
            count => FactValue::count(count),
        },
    ),
];

fn permitted<'a>(user: &'a CacheUser, read: impl FnOnce(Access) -> bool) -> FactValue<'a> {
    FactValue::of(&user.access, |access| {
        // An access policy of Azure names commands and keys alone: whoever it
        // is assigned to is let in.
        let prefix = if user.provider == Provider::Azure {
            "on "
        } else {
            ""
        };
        FactValue::Bool(read(Access::new(&format!("{prefix}{access}"))))
    })
}

/// Whether an access string lets its user log in at all.
pub(super) fn switched_on(access: &str) -> bool {
    Access::new(access).on
}

/// What an access string permits. Its words are read in order, a later one
/// taking back what an earlier one gave.
///
/// Source: Redis documentation, "ACL"; Amazon ElastiCache User Guide,
/// "Authenticating users with RBAC": a user without `on` is off.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Access {
    on: bool,
    all_keys: bool,
    all_commands: bool,
    all_channels: bool,
    dangerous: bool,
    admin: bool,
}

impl Access {
    fn new(text: &str) -> Self {
        let mut access = Self::default();
        for word in text.split_whitespace() {
            match word.to_ascii_lowercase().as_str() {
                "on" => access.on = true,
                "off" => access.on = false,
                "~*" | "allkeys" | "%rw~*" => access.all_keys = true,
                "resetkeys" => access.all_keys = false,
                "&*" | "allchannels" => access.all_channels = true,
                "resetchannels" => access.all_channels = false,
                "+@all" | "allcommands" => access.commands(true),
                "-@all" | "nocommands" => access.commands(false),
                "+@dangerous" => access.dangerous = true,
                "+@admin" => access.admin = true,
                "-@dangerous" => {
                    access.dangerous = false;
                    access.all_commands = false;
                }
                "-@admin" => {
                    access.admin = false;
                    access.all_commands = false;
                }
                "reset" => access = Self::default(),
                other if other.starts_with('-') => access.all_commands = false,
                _ => {}
            }
        }
        access
    }

    fn commands(&mut self, all: bool) {
        self.all_commands = all;
        self.dangerous = all;
        self.admin = all;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn access_strings_are_read_in_order() {
        let all = Access {
            on: true,
            all_keys: true,
            all_commands: true,
            all_channels: true,
            dangerous: true,
            admin: true,
        };
        assert_eq!(Access::new("on ~* &* +@all"), all);
        assert_eq!(Access::new("on allkeys allchannels allcommands"), all);
        assert!(!Access::new("~* +@all off").on);
        assert_eq!(Access::new("~app:* +@read"), Access::default());
        let narrowed = Access::new("on ~* +@all -@dangerous -@admin");
        assert!(narrowed.all_keys && !narrowed.all_commands && !narrowed.dangerous);
        assert!(!narrowed.admin);
        assert!(!Access::new("on ~* +@all -flushall").all_commands);
        assert!(Access::new("on ~app:* +@all -flushall").dangerous);
    }
}
