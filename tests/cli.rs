//! Flags, help texts, exit codes, formats and mistakes, by command.

mod configuration;
mod exits;
mod files;
mod help;
mod hostile;
mod policies;
mod streams;
