//! A text in pieces: what is an address of the web becomes a link, and all else stays text.

/// A piece of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Text.
    Text(&'a str),
    /// An address that begins with `http://` or `https://`.
    Link(&'a str),
}

/// Takes a text apart. The pieces together are the text again.
#[must_use]
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    let (mut pieces, mut begun, mut from) = (Vec::new(), 0, 0);
    while let Some(colon) = text[from..].find("://").map(|at| from + at) {
        from = colon + 3;
        let Some(start) = scheme(text, begun, colon) else { continue };
        let end = from + length(&text[from..]);
        if !text[from..end].starts_with(is_host) {
            continue;
        }
        if start > begun {
            pieces.push(Piece::Text(&text[begun..start]));
        }
        pieces.push(Piece::Link(&text[start..end]));
        (begun, from) = (end, end);
    }
    if begun < text.len() {
        pieces.push(Piece::Text(&text[begun..]));
    }
    pieces
}

/// Where `http` or `https` before a colon begins, if it stands there as a word of its own.
fn scheme(text: &str, begun: usize, colon: usize) -> Option<usize> {
    let before = &text.as_bytes()[begun..colon];
    let name = ["https", "http"].into_iter().find(|name| {
        before.len() >= name.len() && before[before.len() - name.len()..].eq_ignore_ascii_case(name.as_bytes())
    })?;
    let is_word = before.len() == name.len() || !before[before.len() - name.len() - 1].is_ascii_alphanumeric();
    is_word.then_some(colon - name.len())
}

/// What a host may begin with: a letter of any script, a digit, or the bracket of an address in numbers.
const fn is_host(c: char) -> bool {
    !c.is_ascii() || c.is_ascii_alphanumeric() || c == '['
}

/// How many bytes of a text belong to an address that began before it.
fn length(text: &str) -> usize {
    let mut address = &text[..text.find(ends).unwrap_or(text.len())];
    // What closes a sentence or a bracket around the address is not its own.
    while let Some(last) = address.chars().next_back() {
        let is_more = match last {
            ')' => is_unpaired(address, '(', ')'),
            ']' => is_unpaired(address, '[', ']'),
            '}' => is_unpaired(address, '{', '}'),
            other => is_trailing(other),
        };
        if !is_more {
            break;
        }
        address = &address[..address.len() - last.len_utf8()];
    }
    address.len()
}

/// White space, quotes, the punctuation of scripts without spaces, and marks that turn the direction of text, which would hide where a
/// link leads.
fn ends(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c,
            '<' | '>' | '"' | '`' | '«' | '»' | '“' | '”' | '„' | '。' | '、' | '，' | '；' | '：' | '！' | '？' | '（' | '）' | '「' | '」'
            | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

const fn is_trailing(c: char) -> bool {
    matches!(c, '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '’' | '*' | '|' | '…')
}

fn is_unpaired(address: &str, open: char, close: char) -> bool {
    address.matches(close).count() > address.matches(open).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text with its links in ⟦ ⟧.
    fn marked(text: &str) -> String {
        let mark = |piece: &Piece<'_>| match piece {
            Piece::Text(text) => (*text).to_owned(),
            Piece::Link(link) => format!("⟦{link}⟧"),
        };
        pieces(text).iter().map(mark).collect()
    }

    #[test]
    fn addresses_of_the_web_are_links_without_what_closes_the_sentence() {
        for (text, wanted) in [
            ("see https://shop.example/a?b=1&c=2#d now", "see ⟦https://shop.example/a?b=1&c=2#d⟧ now"),
            ("http://shop.example.", "⟦http://shop.example⟧."),
            ("Is it HTTPS://Shop.example/A?!", "Is it ⟦HTTPS://Shop.example/A⟧?!"),
            ("(https://shop.example/a)", "(⟦https://shop.example/a⟧)"),
            ("https://en.example/wiki/Desk_(oak), yes", "⟦https://en.example/wiki/Desk_(oak)⟧, yes"),
            ("[https://shop.example/a].", "[⟦https://shop.example/a⟧]."),
            ("\"https://shop.example\"", "\"⟦https://shop.example⟧\""),
            ("https://a.example,https://b.example", "⟦https://a.example,https://b.example⟧"),
            (
                "https://a.example https://b.example\nhttp://c.example",
                "⟦https://a.example⟧ ⟦https://b.example⟧\n⟦http://c.example⟧",
            ),
            ("https://пример.example/путь…", "⟦https://пример.example/путь⟧…"),
            ("请看https://shop.example/a。谢谢", "请看⟦https://shop.example/a⟧。谢谢"),
            ("http://[::1]:8080/x", "⟦http://[::1]:8080/x⟧"),
            ("<a href=\"https://shop.example\">x</a>", "<a href=\"⟦https://shop.example⟧\">x</a>"),
            ("https://shop.example/\u{202e}gnp.exe", "⟦https://shop.example/⟧\u{202e}gnp.exe"),
        ] {
            assert_eq!(marked(text), wanted);
        }
    }

    #[test]
    fn everything_else_stays_text() {
        for text in [
            "",
            "hello",
            "://",
            "https://",
            "https:// shop.example",
            "xhttp://shop.example",
            "ftp://shop.example",
            "https://...",
            "javascript:alert(1)",
            "javascript://shop.example/%0aalert(1)",
            "data:text/html,<b>",
            "mailto:a@b.example",
            "shop.example",
            "https:/shop.example",
            "http://)",
        ] {
            assert_eq!(marked(text), text);
        }
    }

    #[test]
    fn the_pieces_together_are_the_text() {
        for text in
            ["a https://b.example/c) d", "://http://://https://x", "яhttps://я.example/я»я", "https://a.example"]
        {
            let joined: String = pieces(text)
                .iter()
                .map(|piece| match piece {
                    Piece::Text(text) | Piece::Link(text) => *text,
                })
                .collect();
            assert_eq!(joined, text);
        }
    }
}
