//! A Redis for a whole run of tests: prints its address, and ends when its input does.

use anyhow::Result;
use testkit::lent;
use testkit::redis::Redis;

#[tokio::main]
async fn main() -> Result<()> {
    let redis = Redis::start().await?;
    lent::until_input_ends(redis.url())
}
