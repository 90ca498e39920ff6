//! `deskside doctor` against real servers: what is sound has nothing to mend, and each planted fault is named with how to mend it.

mod certificates;
mod cli;
mod databases;
mod patient;
mod places;
mod proxies;
mod record;
mod redis;
