//! Work spread over all cores.

use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How many things a core takes at a time.
const CHUNK: usize = 16;

/// What comes of each thing, in their order. `begin` makes what one core
/// keeps from one thing to the next; the results do not depend on it.
pub(crate) fn on_all_cores<T: Sync, S, R: Send>(
    things: &[T],
    begin: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, &T) -> R + Sync,
) -> Vec<R> {
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
    if cores == 1 || things.len() < 4 * CHUNK {
        let mut state = begin();
        return things.iter().map(|it| work(&mut state, it)).collect();
    }
    let next = AtomicUsize::new(0);
    let run = || {
        let mut state = begin();
        let mut done: Vec<(usize, Vec<R>)> = vec![];
        loop {
            let from = next.fetch_add(CHUNK, Ordering::Relaxed);
            let to = (from + CHUNK).min(things.len());
            let Some(chunk) = things.get(from..to).filter(|it| !it.is_empty()) else {
                return done;
            };
            done.push((from, chunk.iter().map(|it| work(&mut state, it)).collect()));
        }
    };
    let mut done = std::thread::scope(|scope| {
        let handles: Vec<_> = (0..cores).map(|_| scope.spawn(run)).collect();
        let results = handles.into_iter().map(|handle| match handle.join() {
            Ok(results) => results,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        results.flatten().collect::<Vec<_>>()
    });
    done.sort_unstable_by_key(|(from, _)| *from);
    done.into_iter().flat_map(|(_, results)| results).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_the_order_of_things() {
        for count in [0, 1, CHUNK, 4 * CHUNK, 1_000] {
            let things: Vec<usize> = (0..count).collect();
            let doubled = on_all_cores(&things, || (), |(), it| it * 2);
            let expected: Vec<usize> = things.iter().map(|it| it * 2).collect();
            assert_eq!(doubled, expected);
        }
    }
}
