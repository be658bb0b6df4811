//! What the terminal can do and the user wants of it. The environment is read
//! here and nowhere else.

use std::io::IsTerminal;

use cachewarden_report::{Charset, Look};

use crate::args::ColorChoice;

/// Columns where nothing says how many there are.
const USUAL_WIDTH: usize = 80;

/// The looks of both streams.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terminal {
    /// Of what is written to the standard output.
    pub(crate) out: Look,
    /// Of what is written to the standard error.
    pub(crate) err: Look,
}

impl Terminal {
    /// Looks at the process's own streams and environment.
    pub(crate) fn of_process(choice: ColorChoice) -> Self {
        let variable = |name: &str| std::env::var(name).ok();
        let (stdout, stderr) = (std::io::stdout(), std::io::stderr());
        let charset = charset(variable);
        let look = |is_terminal: bool, size: Option<(terminal_size::Width, _)>| Look {
            width: size.map_or(USUAL_WIDTH, |(width, _)| usize::from(width.0)),
            color: color(choice, variable, is_terminal),
            charset,
        };
        Self {
            out: look(
                stdout.is_terminal(),
                terminal_size::terminal_size_of(&stdout),
            ),
            err: look(
                stderr.is_terminal(),
                terminal_size::terminal_size_of(&stderr),
            ),
        }
    }
}

/// Whether to write colours: what the user says on the command line, then
/// `CLICOLOR_FORCE`, `NO_COLOR`, `CLICOLOR`, `TERM`, then whether the stream
/// is a terminal.
///
/// Source: no-color.org; bixense.com/clicolors.
fn color(
    choice: ColorChoice,
    variable: impl Fn(&str) -> Option<String>,
    is_terminal: bool,
) -> bool {
    let is = |name: &str, test: fn(&str) -> bool| variable(name).is_some_and(|it| test(&it));
    match choice {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto if is("CLICOLOR_FORCE", |it| !it.is_empty() && it != "0") => true,
        ColorChoice::Auto => {
            is_terminal
                && !is("NO_COLOR", |it| !it.is_empty())
                && !is("CLICOLOR", |it| it == "0")
                && !is("TERM", |it| it == "dumb")
        }
    }
}

/// Whether the terminal shows more than ASCII: its locale says so.
///
/// Source: POSIX.1-2017, "Environment Variables", section 8.2: `LC_ALL`, then
/// `LC_CTYPE`, then `LANG`; an empty one counts as not set.
fn charset(variable: impl Fn(&str) -> Option<String>) -> Charset {
    if variable("TERM").is_some_and(|it| it == "dumb") {
        return Charset::Ascii;
    }
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .find_map(|name| variable(name).filter(|it| !it.is_empty()));
    match locale {
        Some(locale) => {
            let locale = locale.to_ascii_lowercase();
            if locale.contains("utf-8") || locale.contains("utf8") {
                Charset::Unicode
            } else {
                Charset::Ascii
            }
        }
        // Windows has no such variables, and its terminals show Unicode.
        None if cfg!(windows) => Charset::Unicode,
        None => Charset::Ascii,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from<'a>(list: &'a [(&'a str, &'a str)]) -> impl Fn(&str) -> Option<String> + 'a {
        |name| {
            list.iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| (*value).to_owned())
        }
    }

    #[test]
    fn what_the_user_says_beats_everything() {
        let all = [("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1"), ("TERM", "dumb")];
        assert!(!color(ColorChoice::Never, from(&all), true));
        assert!(color(ColorChoice::Always, from(&all), false));
        assert!(color(ColorChoice::Auto, from(&all), false));
    }

    #[test]
    fn a_terminal_is_coloured_unless_something_speaks_against_it() {
        assert!(color(ColorChoice::Auto, from(&[]), true));
        assert!(!color(ColorChoice::Auto, from(&[]), false));
        assert!(color(ColorChoice::Auto, from(&[("NO_COLOR", "")]), true));
        for against in [("NO_COLOR", "1"), ("CLICOLOR", "0"), ("TERM", "dumb")] {
            assert!(
                !color(ColorChoice::Auto, from(&[against]), true),
                "{against:?}"
            );
        }
        assert!(!color(
            ColorChoice::Auto,
            from(&[("CLICOLOR_FORCE", "0")]),
            false
        ));
    }

    #[cfg(unix)]
    #[test]
    fn the_locale_says_what_is_shown() {
        assert_eq!(charset(from(&[("LANG", "de_CH.UTF-8")])), Charset::Unicode);
        assert_eq!(
            charset(from(&[("LC_ALL", ""), ("LANG", "C.utf8")])),
            Charset::Unicode
        );
        for ascii in [&[][..], &[("LC_ALL", "C"), ("LANG", "C.UTF-8")]] {
            assert_eq!(charset(from(ascii)), Charset::Ascii, "{ascii:?}");
        }
        let dumb = [("LANG", "C.UTF-8"), ("TERM", "dumb")];
        assert_eq!(charset(from(&dumb)), Charset::Ascii);
    }
}
