//! Signs of typing: at the first key, and then not too often (A9).

/// So often at most, in one conversation.
const EVERY_MS: i64 = 10_000;

/// When the last sign was given, and where.
#[derive(Debug, Default)]
pub struct Signs {
    last: Option<(String, i64)>,
}

impl Signs {
    /// A key was pressed in this conversation's input; whether a sign is due.
    pub fn is_due(&mut self, conversation_id: &str, now: i64) -> bool {
        let is_fresh = |(id, at): &(String, i64)| id == conversation_id && (0..EVERY_MS).contains(&(now - at));
        if self.last.as_ref().is_some_and(is_fresh) {
            return false;
        }
        self.last = Some((conversation_id.to_owned(), now));
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_comes_at_the_first_key_and_then_every_ten_seconds() {
        // A9
        let mut signs = Signs::default();
        let due: Vec<i64> = (0..250).map(|n| n * 100).filter(|at| signs.is_due("cnv_1", *at)).collect();
        assert_eq!(due, [0, 10_000, 20_000]);
        assert!(signs.is_due("cnv_2", 20_100), "another conversation");
        assert!(signs.is_due("cnv_2", 5_000), "a clock that was set back");
    }
}
