//! Finds the web addresses in a text.

use alloc::vec::Vec;

/// A piece of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Plain text.
    Text(&'a str),
    /// An address that begins with `http://` or `https://`.
    Link(&'a str),
}

/// Splits a text into plain text and addresses; the pieces put together are the text.
#[must_use]
pub fn split(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let (mut rest, mut at, mut before) = (text, 0, ' ');
    while let Some((head, tail)) = rest.split_at_checked(at) {
        let length = if before.is_ascii_alphanumeric() { 0 } else { address_length(tail) };
        if let (1.., Some((address, tail))) = (length, tail.split_at_checked(length)) {
            if !head.is_empty() {
                pieces.push(Piece::Text(head));
            }
            pieces.push(Piece::Link(address));
            (rest, at, before) = (tail, 0, ' ');
        } else if let Some(next) = tail.chars().next() {
            at += next.len_utf8();
            before = next;
        } else {
            break;
        }
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest));
    }
    pieces
}

/// How long the address at the beginning of the text is, without the punctuation of the sentence around it; 0 if there is none.
fn address_length(tail: &str) -> usize {
    let Some(place) = tail.strip_prefix("https://").or_else(|| tail.strip_prefix("http://")) else { return 0 };
    let scheme = tail.len() - place.len();
    let (mut length, mut end) = (scheme, scheme);
    // How many brackets are open: one that closes nothing belongs to the sentence.
    let (mut round, mut square) = (0_i32, 0_i32);
    for c in place.chars() {
        if c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"' | '`' | '“' | '”' | '«' | '»') {
            break;
        }
        length += c.len_utf8();
        let inside = match c {
            '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '…' | '*' => false,
            '(' => {
                round += 1;
                true
            }
            '[' => {
                square += 1;
                true
            }
            ')' => {
                round -= 1;
                round >= 0
            }
            ']' => {
                square -= 1;
                square >= 0
            }
            _ => true,
        };
        if inside {
            end = length;
        }
    }
    if end > scheme { end } else { 0 }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn links(text: &str) -> Vec<&str> {
        split(text)
            .into_iter()
            .filter_map(|piece| if let Piece::Link(link) = piece { Some(link) } else { None })
            .collect()
    }

    #[test]
    fn addresses_are_found_without_the_sentence_around_them() {
        assert_eq!(
            links("See https://a.example/x?y=1#z, or (http://b.example)."),
            ["https://a.example/x?y=1#z", "http://b.example"]
        );
        assert_eq!(links("https://de.example/wiki/Kern_(Physik)!"), ["https://de.example/wiki/Kern_(Physik)"]);
        assert_eq!(links("<a href=\"https://a.example\">"), ["https://a.example"]);
    }

    #[test]
    fn other_schemes_and_bare_schemes_are_text() {
        for text in
            ["javascript:alert(1)", "https://", "http://.", "data:text/html,x", "xhttps://a.example", "www.a.example"]
        {
            assert_eq!(links(text), Vec::<&str>::new(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn the_pieces_are_the_text(text in "(https?://|[a-z.()\\[\\] \\n]|\\PC){0,40}") {
            let joined: String = split(&text)
                .into_iter()
                .map(|piece| match piece { Piece::Text(it) | Piece::Link(it) => it })
                .collect();
            prop_assert_eq!(joined, text);
        }
    }
}
