//! What should have happened: heads that agree with their events, deadlines that were fired, messages that were sent.

use async_trait::async_trait;
use domain::time::{Span, Timestamp};
use store::inspect::{Heads, InspectError, Inspector, Overdue, Schema, Waiting};

use super::looked::Looked;
use super::running::Running;
use super::{Check, Setup};

/// A relay looks at least every 15 s; what is so late, nobody looks at.
const LATE: Span = Span::from_minutes(1);
/// A messenger may be away for a while, and what waits for it is tried again with growing pauses.
const UNSENT: Span = Span::from_minutes(10);
/// Setting all heads by their events is right for all topics, since readers who are ahead of one start over.
const HEADS_MEND: &str = "something else wrote into the record, or the disk lost a part of it. Stop all relays and restore the last \
    backup by `deskside restore`; without one run `UPDATE log_heads SET seq = COALESCE((SELECT MAX(seq) FROM events WHERE events.topic = \
    log_heads.topic), first_seq - 1)`, and start them";

/// Looks at the log and the queues.
pub(super) struct Log;

#[async_trait]
impl Check for Log {
    fn name(&self) -> &'static str {
        "log"
    }

    async fn look(&self, setup: &Setup, running: Running, looked: &mut Looked) {
        let mut inspector = match Inspector::open(&setup.database()).await {
            Ok(inspector) => inspector,
            Err(InspectError::NoFile(_)) => return looked.not_checked("there is no record yet"),
            Err(_) => return looked.not_checked("the database is not reached: see `database`"),
        };
        if let Err(error) = ask(&mut inspector, setup.clock.now(), running, looked).await {
            looked.not_checked(format!("the database did not say: {error}"));
        }
        inspector.close().await;
    }
}

async fn ask(
    inspector: &mut Inspector,
    now: Timestamp,
    running: Running,
    looked: &mut Looked,
) -> Result<(), InspectError> {
    match inspector.schema().await? {
        Schema::Current(_) => {}
        Schema::Empty => {
            looked.not_checked("there is no record yet");
            return Ok(());
        }
        Schema::Older { .. } | Schema::Newer { .. } | Schema::Unfinished(_) => {
            looked.not_checked("the record is of another release: see `database`");
            return Ok(());
        }
    }
    heads(&inspector.heads().await?, looked);
    let before = |span: Span| Timestamp::from_ms(now.as_ms() - i64::from(span.as_ms()));
    overdue(inspector.overdue(before(LATE)).await?, now, running, looked);
    unsent(inspector.unsent(before(UNSENT)).await?, now, running, looked);
    if let Some(at) = inspector.last_seen().await? {
        looked.fact(format!("an agent was last here {} ago", span(at, now)));
    }
    Ok(())
}

fn heads(heads: &Heads, looked: &mut Looked) {
    let Some(first) = heads.wrong.first() else {
        return looked.fact(format!("{} topics agree with their events", heads.n_topics));
    };
    let others = match heads.wrong.len() - 1 {
        0 => String::new(),
        n => format!(", and {n} more do not agree"),
    };
    looked.bad(
        format!("the head of {} stands at {} and its last event is {}{others}", first.topic, first.head, first.last),
        HEADS_MEND,
    );
}

fn overdue(overdue: Overdue, now: Timestamp, running: Running, looked: &mut Looked) {
    let Overdue { n_conversations, n_blocks, oldest } = overdue;
    let Some(oldest) = oldest else { return looked.fact("no deadline is late") };
    let what = format!(
        "{n_conversations} conversations and {n_blocks} blocks wait for their deadline to be fired, since {}",
        span(oldest, now)
    );
    if running == Running::No {
        looked.note(format!("{what}: no relay runs"), "the next start fires them");
    } else {
        looked.bad(
            format!("{what}: no relay fires them"),
            "see the relays' log for \"firing clocks and blocks\", and whether they are ready (/readyz); then restart them",
        );
    }
}

fn unsent(Waiting { n, oldest }: Waiting, now: Timestamp, running: Running, looked: &mut Looked) {
    let Some(oldest) = oldest else { return };
    let found = format!("{n} messages wait to be sent to a messenger, since {}", span(oldest, now));
    if running == Running::No {
        looked.note(format!("{found}: no relay runs"), "the next start sends them");
    } else {
        looked.bad(found, "see the relays' log, and whether this machine reaches the messenger");
    }
}

/// How long something is ago, roughly.
fn span(from: Timestamp, to: Timestamp) -> String {
    let seconds = to.as_ms().saturating_sub(from.as_ms()).max(0) / 1_000;
    match seconds {
        0..120 => format!("{seconds} s"),
        120..7_200 => format!("{} min", seconds / 60),
        7_200..172_800 => format!("{} h", seconds / 3_600),
        _ => format!("{} days", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_told_as_people_do() {
        let told = |seconds: i64| span(Timestamp::from_ms(1_000), Timestamp::from_ms(1_000 + seconds * 1_000));
        assert_eq!(
            [-5, 0, 119, 120, 7_199, 7_200, 172_799, 172_800].map(told),
            ["0 s", "0 s", "119 s", "2 min", "119 min", "2 h", "47 h", "2 days"]
        );
    }
}
