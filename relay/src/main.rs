//! `deskside`: the relay's command line.

use std::process::ExitCode;

// What is shipped carries musl instead of the system's C library. With musl's own allocator a command takes a fifth more time.
#[cfg(target_env = "musl")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    relay::cli::main()
}
