//! Bytes as text that a person can read and put into the corpus.
//!
//! Line breaks of the text are no bytes; `\r`, `\n`, `\\` and `\xNN` are. `{name}` stands for what the cast has under that name.

/// The bytes that a text stands for.
pub(crate) fn bytes(text: &str) -> Vec<u8> {
    let mut found = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'\n' => {}
            b'\\' => match rest.next() {
                Some(b'r') => found.push(b'\r'),
                Some(b'n') => found.push(b'\n'),
                Some(b'\\') => found.push(b'\\'),
                Some(b'x') => {
                    let digit = |byte: Option<u8>| byte.and_then(|byte| char::from(byte).to_digit(16));
                    let (high, low) = (digit(rest.next()), digit(rest.next()));
                    let value = high.zip(low).map(|(high, low)| high * 16 + low);
                    found.push(u8::try_from(value.expect("two hexadecimal digits stand after \\x")).unwrap());
                }
                other => panic!("\\ before {other:?} stands for nothing; a backslash is \\\\"),
            },
            other => found.push(other),
        }
    }
    found
}

/// The text that stands for bytes.
pub(crate) fn of(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        for letter in chunk.valid().chars() {
            match letter {
                '\r' => text.push_str("\\r"),
                '\n' => text.push_str("\\n\n"),
                '\\' => text.push_str("\\\\"),
                hidden if hidden.is_control() || matches!(hidden, '\u{200b}'..='\u{202f}' | '\u{feff}') => {
                    push_bytes(&mut text, hidden.encode_utf8(&mut [0; 4]).as_bytes());
                }
                plain => text.push(plain),
            }
        }
        push_bytes(&mut text, chunk.invalid());
    }
    text
}

fn push_bytes(text: &mut String, bytes: &[u8]) {
    for byte in bytes {
        text.push_str(&format!("\\x{byte:02x}"));
    }
}

#[test]
fn every_text_reads_back_as_the_bytes_it_was_made_of() {
    let all: Vec<u8> = (0..=255).chain("я\u{202e}\\x00 {id}\r\n".bytes()).collect();
    assert_eq!(bytes(&of(&all)), all);
    assert!(of(&all).lines().all(|line| !line.chars().any(char::is_control)));
    assert_eq!(bytes("GET / HTTP/1.1\\r\\n\n\\x00\\xff\\\\x"), b"GET / HTTP/1.1\r\n\x00\xff\\x");
}
