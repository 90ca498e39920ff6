//! What one types.

use std::path::PathBuf;

use anyhow::{Context, Result, bail, ensure};

/// The command line.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Arguments {
    /// The relay's origin.
    pub(crate) relay: String,
    /// The page with the chat on it.
    pub(crate) shop: String,
    /// The folder of the unpacked extension.
    pub(crate) extension: PathBuf,
    /// Who answers.
    pub(crate) agents: Vec<Invited>,
    /// Whether there are no windows to see.
    pub(crate) headless: bool,
    /// Where pictures go; nothing to leave the windows to the user.
    pub(crate) screenshots: Option<PathBuf>,
}

/// An agent and the code that lets him in once.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Invited {
    /// The address that his Gmail shows.
    pub(crate) email: String,
    /// The invitation's code.
    pub(crate) code: String,
}

impl Invited {
    /// A name made of the address: `anna@fennimore.example` is Anna.
    pub(crate) fn name(&self) -> String {
        let first = self.email.split(['@', '.', '+']).next().unwrap_or_default();
        let mut letters = first.chars();
        letters.next().map(|letter| letter.to_uppercase().chain(letters).collect()).unwrap_or_default()
    }
}

impl Arguments {
    /// Reads `--relay URL --shop URL --extension FOLDER --agent EMAIL=CODE… [--headless] [--screenshots FOLDER]`.
    ///
    /// # Errors
    /// Something is unknown or missing.
    pub(crate) fn read(mut words: impl Iterator<Item = String>) -> Result<Self> {
        let mut arguments = Self::default();
        while let Some(word) = words.next() {
            let mut value = || words.next().with_context(|| format!("{word} needs a value"));
            match word.as_str() {
                "--relay" => arguments.relay = value()?,
                "--shop" => arguments.shop = value()?,
                "--extension" => arguments.extension = PathBuf::from(value()?),
                "--agent" => {
                    let value = value()?;
                    let (email, code) =
                        value.rsplit_once('=').with_context(|| format!("{value:?} is not EMAIL=CODE"))?;
                    arguments.agents.push(Invited { email: email.to_owned(), code: code.to_owned() });
                }
                "--headless" => arguments.headless = true,
                "--screenshots" => arguments.screenshots = Some(PathBuf::from(value()?)),
                other => bail!("{other:?} is not known"),
            }
        }
        ensure!(!arguments.relay.is_empty() && !arguments.shop.is_empty(), "--relay and --shop are needed");
        ensure!(arguments.extension.join("manifest.json").is_file(), "--extension must name the extension's folder");
        ensure!(!arguments.agents.is_empty(), "at least one --agent EMAIL=CODE is needed");
        ensure!(arguments.screenshots.is_none() || arguments.agents.len() >= 2, "the pictures need two agents");
        Ok(arguments)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_made_of_the_address() {
        let invited = Invited { email: "anna.berg@fennimore.example".to_owned(), code: String::new() };
        assert_eq!(invited.name(), "Anna");
    }

    #[test]
    fn what_is_missing_is_named() {
        let words = ["--agent", "anna@fennimore.example"].map(str::to_owned);
        assert!(Arguments::read(words.into_iter()).unwrap_err().to_string().contains("EMAIL=CODE"));
    }
}
