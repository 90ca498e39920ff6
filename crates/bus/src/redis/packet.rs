//! What goes through Redis' pub/sub: some events of one commit, or one signal, with the relay that sent it.
//!
//! Layout, all numbers big-endian: version 1 (u8); the sender (8 bytes); then items until the end, each: kind (u8, 1 event, 2 event that
//! changes access, 3 signal), number (u64, 0 for a signal), length of the topic (u16), topic, length of the frame (u32), frame.

use std::sync::Arc;

use bytes::{Buf as _, BufMut as _, Bytes, BytesMut};
use store::Topic;

use crate::doorbell::{Ring, Signal, Sound};

const VERSION: u8 = 1;
const EVENT: u8 = 1;
const EVENT_THAT_CHANGES_ACCESS: u8 = 2;
const SIGNAL: u8 = 3;

/// A relay's name in packets: it has heard its own events already.
pub(crate) type Sender = [u8; 8];

/// A packet with nothing in it yet.
pub(crate) fn begin(sender: Sender) -> BytesMut {
    let mut packet = BytesMut::with_capacity(1_024);
    packet.put_u8(VERSION);
    packet.put_slice(&sender);
    packet
}

/// Adds an event or a signal.
pub(crate) fn add(packet: &mut BytesMut, sound: &Sound) {
    let (kind, seq, topic, frame) = match sound {
        Sound::Ring(ring) if ring.changes_access => (EVENT_THAT_CHANGES_ACCESS, ring.seq, &ring.topic, &ring.frame),
        Sound::Ring(ring) => (EVENT, ring.seq, &ring.topic, &ring.frame),
        Sound::Signal(signal) => (SIGNAL, 0, &signal.topic, &signal.frame),
        Sound::Missed => return,
    };
    let topic = topic.to_string();
    // A topic is a word and an id, a frame a few kilobytes: neither comes near these limits.
    let (Ok(topic_len), Ok(frame_len)) = (u16::try_from(topic.len()), u32::try_from(frame.len())) else { return };
    packet.put_u8(kind);
    packet.put_u64(seq);
    packet.put_u16(topic_len);
    packet.put_slice(topic.as_bytes());
    packet.put_u32(frame_len);
    packet.put_slice(frame);
}

/// What is in a packet of another relay; nothing in one's own. Whatever cannot be read is `Missed`, so that the log is asked.
pub(crate) fn read(mut packet: Bytes, own: Sender) -> Vec<Sound> {
    let header = packet.try_get_u8().ok().filter(|version| *version == VERSION).and_then(|_| take(&mut packet, 8));
    let Some(sender) = header else { return vec![Sound::Missed] };
    if sender[..] == own {
        return Vec::new();
    }
    let mut sounds = Vec::new();
    while packet.has_remaining() {
        match item(&mut packet) {
            Some(sound) => sounds.push(sound),
            None => {
                sounds.push(Sound::Missed);
                break;
            }
        }
    }
    sounds
}

fn item(packet: &mut Bytes) -> Option<Sound> {
    let kind = packet.try_get_u8().ok()?;
    let seq = packet.try_get_u64().ok()?;
    let topic_len = packet.try_get_u16().ok()?;
    let topic = take(packet, usize::from(topic_len))?;
    let topic = Arc::new(Topic::parse(std::str::from_utf8(&topic).ok()?)?);
    let frame_len = packet.try_get_u32().ok()?;
    let frame = take(packet, usize::try_from(frame_len).ok()?)?;
    // What goes to a socket as text has to be text.
    std::str::from_utf8(&frame).ok()?;
    Some(match kind {
        EVENT => Sound::Ring(Ring { topic, seq, frame, changes_access: false }),
        EVENT_THAT_CHANGES_ACCESS => Sound::Ring(Ring { topic, seq, frame, changes_access: true }),
        SIGNAL => Sound::Signal(Signal { topic, frame }),
        _ => return None,
    })
}

fn take(packet: &mut Bytes, n: usize) -> Option<Bytes> {
    (packet.remaining() >= n).then(|| packet.split_to(n))
}

#[cfg(test)]
mod tests {
    use domain::id::ChannelId;
    use domain::time::Timestamp;
    use proptest::prelude::*;

    use super::*;

    const ME: Sender = [1; 8];
    const OTHER: Sender = [2; 8];

    fn topic() -> Arc<Topic> {
        Arc::new(Topic::Channel(ChannelId::new(Timestamp::from_ms(1), [1; 10])))
    }

    fn packet(sounds: &[Sound]) -> Bytes {
        let mut packet = begin(OTHER);
        sounds.iter().for_each(|sound| add(&mut packet, sound));
        packet.freeze()
    }

    #[test]
    fn others_hear_what_was_said_and_the_sender_does_not() {
        let ring = |changes_access| {
            Sound::Ring(Ring {
                topic: topic(),
                seq: u64::MAX,
                frame: Bytes::from_static("{\"ü\":1}".as_bytes()),
                changes_access,
            })
        };
        let said =
            [ring(false), ring(true), Sound::Signal(Signal { topic: topic(), frame: Bytes::from_static(b"{}") })];
        let packet = packet(&said);
        assert_eq!(format!("{:?}", read(packet.clone(), ME)), format!("{said:?}"));
        assert!(read(packet, OTHER).is_empty());
    }

    #[test]
    fn what_is_cut_off_or_newer_is_missed() {
        let whole = packet(&[Sound::Ring(Ring {
            topic: topic(),
            seq: 7,
            frame: Bytes::from_static(b"{}"),
            changes_access: false,
        })]);
        for end in (0..whole.len()).filter(|end| *end != 9) {
            assert!(matches!(read(whole.slice(..end), ME).last(), Some(Sound::Missed)), "{end}");
        }
        let mut newer = whole.to_vec();
        newer[0] = 2;
        assert!(matches!(read(newer.into(), ME)[..], [Sound::Missed]));
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_harm(bytes: Vec<u8>) {
            let _ = read(Bytes::from(bytes.clone()), ME);
            let mut with_header = begin(OTHER).to_vec();
            with_header.extend(bytes);
            for sound in read(Bytes::from(with_header), ME) {
                if let Sound::Ring(ring) = sound {
                    prop_assert!(std::str::from_utf8(&ring.frame).is_ok());
                }
            }
        }
    }
}
