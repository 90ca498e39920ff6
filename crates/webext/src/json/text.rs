//! The text under a [reader](super::reader): where it stands, and its words, numbers and strings.

use std::borrow::Cow;

use super::reader::Unreadable;

/// So deep values may lie in one another.
const DEPTH_MAX: u8 = 100;

pub(super) struct Text<'de> {
    text: &'de str,
    at: usize,
    depth: u8,
}

impl<'de> Text<'de> {
    pub(super) const fn new(text: &'de str) -> Self {
        Self { text, at: 0, depth: 0 }
    }

    /// The byte that comes next and is no space.
    pub(super) fn peek(&mut self) -> Result<u8, Unreadable> {
        loop {
            match self.here()? {
                b' ' | b'\n' | b'\r' | b'\t' => self.at += 1,
                byte => return Ok(byte),
            }
        }
    }

    /// Nothing but space may be left.
    pub(super) fn end(&mut self) -> Result<(), Unreadable> {
        match self.peek() {
            Ok(_) => Err(Unreadable),
            Err(Unreadable) => Ok(()),
        }
    }

    /// Steps over a sign.
    pub(super) fn open(&mut self, sign: u8) -> Result<(), Unreadable> {
        if self.peek()? != sign {
            return Err(Unreadable);
        }
        self.at += 1;
        match sign {
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        if self.depth > DEPTH_MAX { Err(Unreadable) } else { Ok(()) }
    }

    /// Whether another value comes before the end of a list or an object; steps over the comma, or the end.
    pub(super) fn next(&mut self, is_first: &mut bool, end: u8) -> Result<bool, Unreadable> {
        if self.peek()? == end {
            self.open(end)?;
            return Ok(false);
        }
        if !std::mem::take(is_first) {
            self.open(b',')?;
        }
        Ok(true)
    }

    pub(super) fn word(&mut self, word: &str) -> Result<(), Unreadable> {
        self.peek()?;
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        if !rest.starts_with(word.as_bytes()) {
            return Err(Unreadable);
        }
        self.at += word.len();
        Ok(())
    }

    /// A whole number: not below zero, or below it.
    pub(super) fn number(&mut self) -> Result<Result<u64, i64>, Unreadable> {
        let is_below = self.peek()? == b'-';
        self.at += usize::from(is_below);
        let digits = self.digits()?;
        if matches!(self.here(), Ok(b'.' | b'e' | b'E')) {
            return Err(Unreadable);
        }
        let whole: u64 = digits.parse().map_err(|_| Unreadable)?;
        match is_below {
            false => Ok(Ok(whole)),
            // No whole number is written so.
            true if whole == 0 => Err(Unreadable),
            true => 0_i64.checked_sub_unsigned(whole).map(Err).ok_or(Unreadable),
        }
    }

    fn digits(&mut self) -> Result<&'de str, Unreadable> {
        let from = self.at;
        while self.here().is_ok_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        let digits = self.text.get(from..self.at).filter(|digits| !digits.is_empty()).ok_or(Unreadable)?;
        if digits.len() > 1 && digits.starts_with('0') { Err(Unreadable) } else { Ok(digits) }
    }

    /// A string without its quotation marks, borrowed if it stands in the text as it is.
    pub(super) fn string(&mut self) -> Result<Cow<'de, str>, Unreadable> {
        self.open(b'"')?;
        let plain = self.plain()?;
        if self.here()? == b'"' {
            self.at += 1;
            return Ok(Cow::Borrowed(plain));
        }
        let mut text = plain.to_owned();
        loop {
            match self.here()? {
                b'"' => break,
                b'\\' => text.push(self.escaped()?),
                _ => text.push_str(self.plain()?),
            }
        }
        self.at += 1;
        Ok(Cow::Owned(text))
    }

    /// What stands as it is, up to a backslash or the end of the string.
    fn plain(&mut self) -> Result<&'de str, Unreadable> {
        let from = self.at;
        while !matches!(self.here()?, b'"' | b'\\') {
            if self.here()? < b' ' {
                return Err(Unreadable);
            }
            self.at += 1;
        }
        self.text.get(from..self.at).ok_or(Unreadable)
    }

    fn escaped(&mut self) -> Result<char, Unreadable> {
        self.at += 1;
        let kind = self.here()?;
        self.at += 1;
        Ok(match kind {
            b'"' | b'\\' | b'/' => char::from(kind),
            b'n' => '\n',
            b't' => '\t',
            b'r' => '\r',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'u' => {
                let first = self.hex()?;
                let code = if (0xd800..0xdc00).contains(&first) {
                    self.word("\\u")?;
                    let second = self.hex()?;
                    let low = second.checked_sub(0xdc00).filter(|low| *low < 0x400).ok_or(Unreadable)?;
                    0x10000 + ((first - 0xd800) << 10) + low
                } else {
                    first
                };
                char::from_u32(code).ok_or(Unreadable)?
            }
            _ => return Err(Unreadable),
        })
    }

    fn hex(&mut self) -> Result<u32, Unreadable> {
        let digits = self.text.get(self.at..self.at + 4).ok_or(Unreadable)?;
        self.at += 4;
        if digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            u32::from_str_radix(digits, 16).map_err(|_| Unreadable)
        } else {
            Err(Unreadable)
        }
    }

    /// Steps over a value of any kind.
    pub(super) fn skip(&mut self) -> Result<(), Unreadable> {
        match self.peek()? {
            b'"' => self.string().map(drop),
            b't' => self.word("true"),
            b'f' => self.word("false"),
            b'n' => self.word("null"),
            open @ (b'{' | b'[') => {
                self.open(open)?;
                let (end, mut is_first) = (open + 2, true);
                while self.next(&mut is_first, end)? {
                    if open == b'{' {
                        self.string()?;
                        self.open(b':')?;
                    }
                    self.skip()?;
                }
                Ok(())
            }
            _ => self.skip_number(),
        }
    }

    fn skip_number(&mut self) -> Result<(), Unreadable> {
        self.at += usize::from(self.here()? == b'-');
        self.digits()?;
        if self.here() == Ok(b'.') {
            self.at += 1;
            self.exponent()?;
        }
        if matches!(self.here(), Ok(b'e' | b'E')) {
            self.at += 1;
            self.at += usize::from(matches!(self.here(), Ok(b'+' | b'-')));
            self.exponent()?;
        }
        Ok(())
    }

    /// Digits, also with zeros in front.
    fn exponent(&mut self) -> Result<(), Unreadable> {
        let from = self.at;
        while self.here().is_ok_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        if self.at > from { Ok(()) } else { Err(Unreadable) }
    }

    fn here(&self) -> Result<u8, Unreadable> {
        self.text.as_bytes().get(self.at).copied().ok_or(Unreadable)
    }
}
