//! A PostgreSQL for a whole run of tests: prints its address, and ends when its input does.
//!
//! `cargo xtask test` shares one among all test processes, since each start takes a second or two.

use std::io::{Read as _, Write as _};

use anyhow::Result;
use testkit::postgres::Postgres;

#[tokio::main]
async fn main() -> Result<()> {
    let postgres = Postgres::start().await?;
    let mut output = std::io::stdout();
    writeln!(output, "{}", postgres.url())?;
    output.flush()?;
    // Whoever started this holds the other end, and need not say anything.
    std::io::stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}
