//! What one hop, and all of them together, say of one packet.

use std::fmt;

use cachewarden_model::Leg;

/// What one hop says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Judged {
    /// It lets the packet on.
    Passes,
    /// It lets the packet on, whatever it is that was not learned.
    PassesAnyway,
    /// It drops the packet.
    Drops(String),
    /// It drops the packet, whatever it is that was not learned.
    DropsAnyway(String),
    /// Something that decides was not learned.
    Doubtful(String),
}

impl Judged {
    /// One hop after another: one drop is enough.
    pub(crate) fn and(self, next: Self) -> Self {
        match (self, next) {
            (Self::Passes, other) | (other, Self::Passes) => other,
            (Self::PassesAnyway, Self::PassesAnyway) => Self::PassesAnyway,
            (Self::PassesAnyway, Self::Drops(why)) | (Self::Drops(why), Self::PassesAnyway) => {
                Self::DropsAnyway(why)
            }
            (Self::PassesAnyway, other) | (other, Self::PassesAnyway) => other,
            (Self::Doubtful(why), Self::Doubtful(_)) => Self::Doubtful(why),
            (Self::Doubtful(_), Self::Drops(why)) | (Self::Drops(why), Self::Doubtful(_)) => {
                Self::DropsAnyway(why)
            }
            (Self::DropsAnyway(why), _) | (_, Self::DropsAnyway(why)) => Self::DropsAnyway(why),
            (Self::Drops(why), Self::Drops(_)) => Self::Drops(why),
        }
    }

    /// One of several, and nobody knows which.
    pub(crate) fn either(self, other: Self) -> Self {
        match (self, other) {
            (Self::Passes | Self::PassesAnyway, Self::Passes | Self::PassesAnyway) => {
                Self::PassesAnyway
            }
            (Self::Drops(why) | Self::DropsAnyway(why), Self::Drops(_) | Self::DropsAnyway(_)) => {
                Self::DropsAnyway(why)
            }
            (Self::Doubtful(why), _) | (_, Self::Doubtful(why)) => Self::Doubtful(why),
            (Self::Drops(why) | Self::DropsAnyway(why), _)
            | (_, Self::Drops(why) | Self::DropsAnyway(why)) => Self::Doubtful(why),
        }
    }
}

/// What all hops say.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ruling {
    drops: Vec<(Leg, String)>,
    doubts: Vec<(Leg, String)>,
    /// Something was not learned that makes no difference.
    beside_the_point: bool,
}

/// What becomes of a packet and its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Both get through.
    Allowed,
    /// One of them does not.
    Dropped,
    /// It cannot be told.
    Unknown,
}

impl Ruling {
    /// Takes down what a hop says.
    pub(crate) fn note(&mut self, leg: Leg, judged: Judged) {
        match judged {
            Judged::Passes => {}
            Judged::PassesAnyway => self.beside_the_point = true,
            Judged::Drops(why) => self.drops.push((leg, why)),
            Judged::DropsAnyway(why) => {
                self.doubts
                    .push((leg, format!("{why}, for one reason or another")));
                self.drops.push((leg, why));
            }
            Judged::Doubtful(why) => self.doubts.push((leg, why)),
        }
    }

    /// What follows from all hops.
    pub(crate) fn verdict(&self) -> Verdict {
        if !self.drops.is_empty() {
            Verdict::Dropped
        } else if !self.doubts.is_empty() {
            Verdict::Unknown
        } else {
            Verdict::Allowed
        }
    }

    /// Whether something was not learned that decides, or may seem to.
    pub(crate) fn has_doubts(&self) -> bool {
        self.beside_the_point || !self.doubts.is_empty()
    }

    /// Whether something drops the packet on this leg.
    pub(crate) fn drops_on(&self, leg: Leg) -> bool {
        self.drops.iter().any(|(it, _)| *it == leg)
    }
}

/// The verdict and its reasons.
impl fmt::Display for Ruling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.verdict())?;
        for (leg, why) in self.drops.iter().chain(&self.doubts) {
            write!(f, "; {} {why}", leg.as_str())?;
        }
        Ok(())
    }
}
