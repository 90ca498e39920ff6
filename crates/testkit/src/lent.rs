//! What programs do that run a server for whoever started them.

use std::io::{Read as _, Write as _};

use anyhow::Result;

/// Prints the server's address, and waits until the input ends: whoever started the program holds the other end, and need not
/// say anything.
///
/// # Errors
/// When nobody reads the address.
pub fn until_input_ends(url: &str) -> Result<()> {
    let mut output = std::io::stdout();
    writeln!(output, "{url}")?;
    output.flush()?;
    std::io::stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}
