//! A PostgreSQL for a whole run of tests: prints its address, and ends when its input does.
//!
//! `cargo xtask test` shares one among all test processes, since each start takes a second or two.

use anyhow::Result;
use testkit::lent;
use testkit::postgres::Postgres;

#[tokio::main]
async fn main() -> Result<()> {
    let postgres = Postgres::start().await?;
    lent::until_input_ends(postgres.url())
}
