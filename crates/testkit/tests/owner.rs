//! A server ends with the process that started it, however that ends.

#![allow(clippy::unwrap_used, reason = "a test may unwrap")]

use std::io::{BufRead as _, BufReader};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use testkit::eventually;

/// The programs, and what stands around the host and port in the addresses that they print.
const PROGRAMS: [(&str, &str, &str); 2] = [
    (env!("CARGO_BIN_EXE_test-postgres"), "postgres://deskside@", "/postgres"),
    (env!("CARGO_BIN_EXE_test-redis"), "redis://", ""),
];

/// Starts a program and reads the host and port of its server.
fn start((program, before, after): (&str, &str, &str)) -> (Child, String) {
    let mut owner = Command::new(program).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut url = String::new();
    BufReader::new(owner.stdout.take().unwrap()).read_line(&mut url).unwrap();
    let address = url.trim().strip_prefix(before).unwrap().strip_suffix(after).unwrap().to_owned();
    assert!(TcpStream::connect(&address).is_ok(), "{address} is served");
    (owner, address)
}

async fn is_gone(address: &str) {
    eventually("the server to be gone", Duration::from_secs(20), || async {
        Ok(TcpStream::connect(address).is_err().then_some(()))
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn the_server_of_a_killed_owner_ends() {
    for program in PROGRAMS {
        let (mut owner, address) = start(program);
        owner.kill().unwrap();
        owner.wait().unwrap();
        is_gone(&address).await;
    }
}

#[tokio::test]
async fn the_server_ends_with_its_owners_input() {
    for program in PROGRAMS {
        let (mut owner, address) = start(program);
        drop(owner.stdin.take());
        assert!(owner.wait().unwrap().success());
        assert!(TcpStream::connect(&address).is_err());
    }
}
