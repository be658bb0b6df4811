//! What the manuals leave open: an oracle asks a world, and every world that
//! differs in what was asked is gone through.

use std::cell::Cell;

use cachewarden_model::Outcome;

/// Answers to all questions, and which of them were asked. A question is a
/// number below 32.
#[derive(Debug, Default)]
pub(crate) struct World {
    answers: u32,
    asked: Cell<u32>,
}

impl World {
    /// The answer.
    pub(crate) fn holds(&self, question: impl Into<u32>) -> bool {
        let bit = 1 << question.into();
        self.asked.set(self.asked.get() | bit);
        self.answers & bit != 0
    }
}

/// What becomes of a connection.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Truth {
    /// Once for each world that differs: whether every packet arrives, or
    /// some, or none.
    pub(crate) outcomes: Vec<Outcome>,
    /// Every question that was asked in one of them, as bits.
    pub(crate) asked: u32,
}

impl Truth {
    /// Gathers what comes about in every world.
    pub(crate) fn of(in_world: impl Fn(&World) -> Outcome) -> Self {
        let mut truth = Self::default();
        // Questions that are settled, and their answers: a world is done when
        // it asked nothing else.
        let mut open = vec![(0_u32, 0_u32)];
        while let Some((settled, answers)) = open.pop() {
            let world = World {
                answers,
                asked: Cell::new(0),
            };
            let outcome = in_world(&world);
            let new = world.asked.get() & !settled;
            truth.asked |= new;
            if new == 0 {
                truth.outcomes.push(outcome);
            } else {
                let next = new & new.wrapping_neg();
                open.push((settled | next, answers));
                open.push((settled | next, answers | next));
            }
        }
        truth
    }

    /// Whether nothing was left open.
    pub(crate) fn is_settled(&self) -> bool {
        self.asked == 0
    }

    /// Whether it comes to this in every world.
    pub(crate) fn is(&self, outcome: Outcome) -> bool {
        self.outcomes.iter().all(|it| *it == outcome)
    }
}

/// What a connection comes to whose packets arrive or do not.
pub(crate) fn together(arrive: impl IntoIterator<Item = bool>) -> Outcome {
    let mut found = [false; 2];
    for arrives in arrive {
        match arrives {
            true => found[1] = true,
            false => found[0] = true,
        }
    }
    match found {
        [false, true] => Outcome::Open,
        [true, true] => Outcome::Partial,
        [_, false] => Outcome::Blocked,
    }
}
