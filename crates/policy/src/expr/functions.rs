//! The functions that policies have besides those of the language.

use cel::common::types::{self, CelBool, CelDouble, CelInt, CelString, Type};
use cel::common::value::CowVal;
use cel::{Env, ExecutionError};

/// A function of policies: for the reader, and for the checks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Function {
    /// Its name.
    pub(crate) name: &'static str,
    /// How it is called.
    pub(crate) usage: &'static str,
    /// What it says.
    pub(crate) doc: &'static str,
}

/// All functions, by name.
pub(crate) const FUNCTIONS: &[Function] = &[
    Function {
        name: "contains",
        usage: "text.contains('part')",
        doc: "whether a text holds another",
    },
    Function {
        name: "double",
        usage: "double(number)",
        doc: "a whole number as a measured one, for arithmetic with such",
    },
    Function {
        name: "endsWith",
        usage: "text.endsWith('end')",
        doc: "whether a text ends so",
    },
    Function {
        name: "glob",
        usage: "glob(text, 'db-*')",
        doc: "whether a text fits a pattern in which `*` stands for any run of characters",
    },
    Function {
        name: "overlaps",
        usage: "overlaps(cache.maintenance_window, 1, 5, 8, 18)",
        doc: "whether a weekly window such as `sun:05:00-sun:06:00`, or one of several that are \
              separated by commas, meets certain hours: from \
              the first weekday to the last (Monday is 1, Sunday 7), on each from the first \
              hour to before the last, all in UTC",
    },
    Function {
        name: "percent",
        usage: "percent(part, whole)",
        doc: "how many hundredths of the whole the part is; 0 of 0 is 0",
    },
    Function {
        name: "size",
        usage: "size(list)",
        doc: "how many texts a list holds",
    },
    Function {
        name: "startsWith",
        usage: "text.startsWith('start')",
        doc: "whether a text begins so",
    },
    Function {
        name: "version",
        usage: "version(cache.engine_version) >= version('7.2')",
        doc: "a dotted version for comparing, number by number: 7.10 is above 7.2",
    },
];

/// The language without macros and optional values, and with the functions
/// above. It refuses a function only whose name and arguments it has already;
/// the tests call each of them.
pub(crate) fn environment() -> Env {
    let mut env = Env::default().with_optional_support(false).with_stdlib();
    let mut add = |name: &str, id: &str, arguments: Vec<Type>, call: Call| {
        drop(env.add_overload(name, id, arguments, call));
    };
    add("version", "version_text", vec![TEXT], version);
    add("glob", "glob_text_text", vec![TEXT, TEXT], glob);
    add("percent", "percent_int_int", vec![INT, INT], percent);
    add("percent", "percent_double_int", vec![DOUBLE, INT], percent);
    add("percent", "percent_int_double", vec![INT, DOUBLE], percent);
    add(
        "percent",
        "percent_double_double",
        vec![DOUBLE, DOUBLE],
        percent,
    );
    let hours = vec![TEXT, INT, INT, INT, INT];
    add("overlaps", "overlaps_text_int_int_int_int", hours, overlaps);
    env
}

const TEXT: Type = types::STRING_TYPE;
const INT: Type = types::INT_TYPE;
const DOUBLE: Type = types::DOUBLE_TYPE;

type Call = for<'b, 'v> fn(Vec<CowVal<'b, 'v>>) -> Result<CowVal<'b, 'v>, ExecutionError>;

fn text<'x>(arguments: &'x [CowVal<'_, '_>], index: usize) -> Result<&'x str, ExecutionError> {
    let value = arguments
        .get(index)
        .and_then(|it| it.downcast_ref::<CelString<'_>>());
    value
        .map(CelString::inner)
        .ok_or_else(ExecutionError::missing_argument_or_target)
}

fn int(arguments: &[CowVal<'_, '_>], index: usize) -> Result<i64, ExecutionError> {
    let value = arguments
        .get(index)
        .and_then(|it| it.downcast_ref::<CelInt>());
    value
        .map(|it| *it.inner())
        .ok_or_else(ExecutionError::missing_argument_or_target)
}

fn number(arguments: &[CowVal<'_, '_>], index: usize) -> Result<f64, ExecutionError> {
    let value = arguments
        .get(index)
        .and_then(|it| it.downcast_ref::<CelDouble>());
    match value {
        Some(value) => Ok(*value.inner()),
        #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
        None => int(arguments, index).map(|it| it as f64),
    }
}

fn version<'b, 'v>(arguments: Vec<CowVal<'b, 'v>>) -> Result<CowVal<'b, 'v>, ExecutionError> {
    Ok(CowVal::owned(CelString::from(version_key(text(
        &arguments, 0,
    )?))))
}

/// A text that sorts as versions do: each number at full width.
pub(crate) fn version_key(version: &str) -> String {
    let parts = version.split('.').map(|part| match part.parse::<u64>() {
        Ok(number) => format!("{number:020}"),
        Err(_) => part.to_owned(),
    });
    parts.collect::<Vec<String>>().join(".")
}

fn glob<'b, 'v>(arguments: Vec<CowVal<'b, 'v>>) -> Result<CowVal<'b, 'v>, ExecutionError> {
    let fits = crate::glob::fits(text(&arguments, 1)?, text(&arguments, 0)?);
    Ok(CowVal::owned(CelBool::from(fits)))
}

fn percent<'b, 'v>(arguments: Vec<CowVal<'b, 'v>>) -> Result<CowVal<'b, 'v>, ExecutionError> {
    let (part, whole) = (number(&arguments, 0)?, number(&arguments, 1)?);
    let percent = if whole > 0.0 {
        part / whole * 100.0
    } else if part <= 0.0 {
        0.0
    } else {
        return Err(ExecutionError::function_error(
            "percent",
            "the whole is not above 0",
        ));
    };
    Ok(CowVal::owned(CelDouble::from(percent)))
}

fn overlaps<'b, 'v>(arguments: Vec<CowVal<'b, 'v>>) -> Result<CowVal<'b, 'v>, ExecutionError> {
    let window = text(&arguments, 0)?;
    let error = || {
        let message = format!("`{window}` is no window such as `sun:05:00-sun:06:00`");
        ExecutionError::function_error("overlaps", message)
    };
    let windows: Option<Vec<(i64, i64)>> = window.split(',').map(minutes).collect();
    let windows = windows.ok_or_else(error)?;
    let (first, last) = (int(&arguments, 1)?, int(&arguments, 2)?);
    let (from, to) = (int(&arguments, 3)?, int(&arguments, 4)?);
    let meets = (first..=last).any(|day| {
        let midnight = day.saturating_sub(1).saturating_mul(24 * 60);
        let opens = midnight.saturating_add(from.saturating_mul(60));
        let closes = midnight.saturating_add(to.saturating_mul(60));
        // A window past Sunday midnight meets the hours of the next week too.
        let meets = |(start, end): &(i64, i64)| {
            [0, WEEK]
                .into_iter()
                .any(|week| *start < closes + week && opens + week < *end)
        };
        windows.iter().any(meets)
    });
    Ok(CowVal::owned(CelBool::from(meets)))
}

/// Minutes of a week.
const WEEK: i64 = 7 * 24 * 60;

/// Start and end of a weekly window, in minutes since Monday midnight; the
/// end is after the start, also where it falls into the next week.
///
/// Source: Amazon ElastiCache API Reference, `PreferredMaintenanceWindow`.
fn minutes(window: &str) -> Option<(i64, i64)> {
    let (start, end) = window.split_once('-')?;
    let (start, end) = (minute(start)?, minute(end)?);
    Some((start, if end <= start { end + WEEK } else { end }))
}

fn minute(text: &str) -> Option<i64> {
    let mut parts = text.trim().splitn(3, ':');
    let (day, hour, minute) = (parts.next()?, parts.next()?, parts.next()?);
    let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let day = days
        .iter()
        .position(|name| name.eq_ignore_ascii_case(day))?;
    let day = i64::try_from(day).ok()?;
    let hour: i64 = hour.parse().ok().filter(|hour| (0..24).contains(hour))?;
    let minute: i64 = minute
        .parse()
        .ok()
        .filter(|minute| (0..60).contains(minute))?;
    Some((day * 24 + hour) * 60 + minute)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn windows_are_read() {
        assert_eq!(minutes("mon:00:00-mon:01:00"), Some((0, 60)));
        assert_eq!(minutes("sun:23:30-mon:00:30"), Some((WEEK - 30, WEEK + 30)));
        for odd in [
            "",
            "sun:05:00",
            "sun:25:00-sun:26:00",
            "xxx:05:00-sun:06:00",
            "sun:05-sun:06",
        ] {
            assert_eq!(minutes(odd), None, "{odd}");
        }
    }

    #[test]
    fn every_function_can_be_called() {
        let environment = std::sync::Arc::new(environment());
        for call in [
            "version('7.2') < version('7.10')",
            "glob('db-1', 'db-*')",
            "percent(1, 2) == 50.0",
            "percent(1.0, 2) == 50.0",
            "percent(1, 2.0) == 50.0",
            "percent(1.0, 2.0) == 50.0",
            "percent(0, 0) == 0.0",
            "!overlaps('sun:05:00-sun:06:00', 1, 5, 8, 18)",
            "size(['a']) == 1 && double(1) == 1.0",
            "'abc'.contains('b') && 'abc'.startsWith('a') && 'abc'.endsWith('c')",
        ] {
            let context = cel::Context::with_env(std::sync::Arc::clone(&environment));
            let value = environment.compile(call).unwrap().execute(&context);
            assert_eq!(value, Ok(cel::Value::Bool(true)), "{call}");
        }
    }

    proptest! {
        #[test]
        fn version_keys_sort_as_versions(
            left in "[0-9]{1,3}(\\.([0-9]{1,3}|x)){0,3}",
            right in "[0-9]{1,3}(\\.([0-9]{1,3}|x)){0,3}",
        ) {
            // Leading zeros make two texts of one number, which no cloud writes.
            let trim = |text: &str| {
                let parts: Vec<String> = text
                    .split('.')
                    .map(|part| part.parse::<u64>().map_or(part.to_owned(), |it| it.to_string()))
                    .collect();
                parts.join(".")
            };
            let (left, right) = (trim(&left), trim(&right));
            let version = |text: &str| cachewarden_model::Version(text.to_owned());
            prop_assert_eq!(
                version_key(&left).cmp(&version_key(&right)),
                version(&left).cmp(&version(&right))
            );
        }

        #[test]
        fn windows_overlap_as_minutes_do(
            start in 0..WEEK, length in 1..(24 * 60_i64),
            first in 1..=7_i64, more in 0..3_i64, from in 0..23_i64, hours in 1..12_i64,
        ) {
            let last = (first + more).min(7);
            let to = (from + hours).min(24);
            let names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
            let text = |minute: i64| {
                let minute = minute % WEEK;
                let day = names[usize::try_from(minute / 1440).unwrap()];
                format!("{day}:{:02}:{:02}", minute % 1440 / 60, minute % 60)
            };
            let window = format!("{}-{}", text(start), text(start + length));
            let expected = (start..start + length).any(|minute| {
                let minute = minute % WEEK;
                let (day, hour) = (minute / 1440 + 1, minute % 1440 / 60);
                first <= day && day <= last && from <= hour && hour < to
            });
            let call = format!("overlaps('{window}', {first}, {last}, {from}, {to})");
            let program = environment().compile(&call).unwrap();
            let context = cel::Context::with_env(std::sync::Arc::new(environment()));
            prop_assert_eq!(program.execute(&context).unwrap(), cel::Value::Bool(expected));
        }
    }
}
