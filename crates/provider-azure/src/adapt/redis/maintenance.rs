//! When an Azure Cache for Redis is patched.

use cachewarden_model::{Fact, GapReason};

use crate::adapt::gap;
use crate::collect::Redis;
use crate::operation::Operation;
use crate::wire::redis::{DayOfWeek, RedisPatchSchedule};

/// When the service may patch, in the order of the week:
/// `mon:02:00-mon:07:00, sun:22:00-mon:03:00`. Empty without a schedule: then
/// it may at any time.
///
/// Source: Azure Cache for Redis, "Update channel and schedule updates".
pub(super) fn maintenance(redis: &Redis) -> Fact<String> {
    if let Some(gap) = &redis.schedules.gap {
        return Fact::unknown(gap.clone());
    }
    let read = redis.schedules.items.iter().map(|it| {
        let wire: RedisPatchSchedule = serde_json::from_value(it.clone()).ok()?;
        let entries = wire.properties.schedule_entries;
        let windows = entries.iter().map(|it| {
            let length = length(it.maintenance_window.as_deref())?;
            windows(&it.day_of_week, it.start_hour_utc, length)
        });
        Some(windows.collect::<Option<Vec<_>>>()?.concat())
    });
    match read.collect::<Option<Vec<_>>>().map(|it| it.concat()) {
        Some(windows) if windows.is_empty() => Fact::Default(String::new()),
        Some(mut windows) => {
            windows.sort_unstable();
            windows.dedup();
            let texts: Vec<String> = windows.into_iter().map(|(_, text)| text).collect();
            Fact::Known(texts.join(", "))
        }
        None => {
            let message = "the patch schedule is not in a known form".to_owned();
            let why = GapReason::Damaged;
            Fact::unknown(gap(&redis.account, Operation::PatchSchedules, why, message))
        }
    }
}

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// Minutes of a window: `PT5H`, which is also what absent means, `PT302M`,
/// `PT5H30M`; none if it is empty or in another form (ISO 8601 knows more).
fn length(text: Option<&str>) -> Option<usize> {
    let mut rest = text.unwrap_or("PT5H").strip_prefix("PT")?;
    let mut minutes = 0;
    for (unit, worth) in [('H', 60), ('M', 1)] {
        if let Some((number, after)) = rest.split_once(unit) {
            minutes += number.parse::<usize>().ok()?.checked_mul(worth)?;
            rest = after;
        }
    }
    (rest.is_empty() && (1..=WEEK).contains(&minutes)).then_some(minutes)
}

/// Minutes of a week.
const WEEK: usize = 7 * 24 * 60;

/// Windows, each after the minute of the week at which it opens.
fn windows(day: &DayOfWeek, hour: i32, length: usize) -> Option<Vec<(usize, String)>> {
    let hour = usize::try_from(hour).ok().filter(|it| *it < 24)?;
    let days = match day {
        DayOfWeek::Monday => 0..1,
        DayOfWeek::Tuesday => 1..2,
        DayOfWeek::Wednesday => 2..3,
        DayOfWeek::Thursday => 3..4,
        DayOfWeek::Friday => 4..5,
        DayOfWeek::Saturday => 5..6,
        DayOfWeek::Sunday => 6..7,
        DayOfWeek::Everyday => 0..7,
        DayOfWeek::Weekend => 5..7,
    };
    let at = |minute: usize| {
        let minute = minute % WEEK;
        let (day, hour) = (DAYS.get(minute / 60 / 24)?, minute / 60 % 24);
        Some(format!("{day}:{hour:02}:{:02}", minute % 60))
    };
    let window = |day: usize| {
        let start = (day * 24 + hour) * 60;
        let text = format!("{}-{}", at(start)?, at(start + length)?);
        Some((start, text))
    };
    days.map(window).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_windows() {
        for (text, minutes) in [
            (None, Some(300)),
            (Some("PT5H"), Some(300)),
            (Some("PT302M"), Some(302)),
            (Some("PT5H30M"), Some(330)),
            (Some("PT"), None),
            (Some("PT0H"), None),
            (Some("P1D"), None),
            (Some("PT5H9S"), None),
            (Some("PT99999999999999999999H"), None),
        ] {
            assert_eq!(length(text), minutes, "{text:?}");
        }
    }

    #[test]
    fn windows_run_into_the_next_day_and_week() {
        let texts = |day: DayOfWeek, hour, length| {
            let windows = windows(&day, hour, length).unwrap();
            windows.into_iter().map(|it| it.1).collect::<Vec<_>>()
        };
        assert_eq!(texts(DayOfWeek::Sunday, 22, 302), ["sun:22:00-mon:03:02"]);
        assert_eq!(
            texts(DayOfWeek::Weekend, 1, 300),
            ["sat:01:00-sat:06:00", "sun:01:00-sun:06:00"]
        );
        assert_eq!(texts(DayOfWeek::Everyday, 0, 60).len(), 7);
        assert_eq!(windows(&DayOfWeek::Monday, 24, 60), None);
    }
}
