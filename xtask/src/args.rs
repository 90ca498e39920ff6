//! The words after a command: flags, options with a value, and names.

use std::str::FromStr;

use anyhow::{Context as _, Result, bail};

/// The words not yet taken. A command takes what it knows and then calls [`Args::names`] or [`Args::finish`], which refuse the rest.
#[derive(Debug)]
pub(crate) struct Args {
    words: Vec<String>,
}

impl Args {
    /// Keeps the words that follow the command.
    pub(crate) fn new(words: Vec<String>) -> Self {
        Self { words }
    }

    /// Takes `--name`, and says whether it was there.
    pub(crate) fn flag(&mut self, name: &str) -> bool {
        let before = self.words.len();
        self.words.retain(|word| word != name);
        self.words.len() < before
    }

    /// Takes `--name VALUE` or `--name=VALUE`.
    ///
    /// # Errors
    /// The value is missing or cannot be read as `T`.
    pub(crate) fn option<T>(&mut self, name: &str) -> Result<Option<T>>
    where
        T: FromStr,
        T::Err: std::error::Error + Send + Sync + 'static,
    {
        let prefix = format!("{name}=");
        let Some(at) = self.words.iter().position(|word| word == name || word.starts_with(&prefix)) else {
            return Ok(None);
        };
        let word = self.words.remove(at);
        let value = match word.strip_prefix(&prefix) {
            Some(value) => value.to_owned(),
            None if at < self.words.len() => self.words.remove(at),
            None => bail!("{name} needs a value"),
        };
        let value = value.parse().with_context(|| format!("{name} cannot be {value:?}"))?;
        Ok(Some(value))
    }

    /// The names that are left.
    ///
    /// # Errors
    /// A flag that nobody took is left.
    pub(crate) fn names(self) -> Result<Vec<String>> {
        if let Some(flag) = self.words.iter().find(|word| word.starts_with('-')) {
            bail!("unknown option {flag}");
        }
        Ok(self.words)
    }

    /// Ends a command that takes no names.
    ///
    /// # Errors
    /// Any word is left.
    pub(crate) fn finish(self) -> Result<()> {
        match self.names()?.first() {
            Some(name) => bail!("unexpected {name:?}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(text: &str) -> Args {
        Args::new(text.split_whitespace().map(str::to_owned).collect())
    }

    #[test]
    fn takes_flags_options_and_names_in_any_order() {
        let mut args = args("panel --port 90 --release hub");
        assert!(args.flag("--release"));
        assert!(!args.flag("--browser"));
        assert_eq!(args.option::<u16>("--port").unwrap(), Some(90));
        assert_eq!(args.names().unwrap(), ["panel", "hub"]);
    }

    #[test]
    fn reads_a_value_after_an_equals_sign() {
        assert_eq!(args("--port=81").option::<u16>("--port").unwrap(), Some(81));
    }

    #[test]
    fn refuses_what_nobody_asked_for() {
        assert!(args("--prot 1").names().is_err());
        assert!(args("panel").finish().is_err());
        assert!(args("--port").option::<u16>("--port").is_err());
        assert!(args("--port many").option::<u16>("--port").is_err());
    }
}
