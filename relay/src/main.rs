//! `deskside`: the relay's command line.

use std::process::ExitCode;

fn main() -> ExitCode {
    relay::cli::main()
}
