//! The widget's module without the words of its panics.
//!
//! The widget ends after a bug without a word (`crates/widget/src/bare.rs`), but the library's functions put their words together before
//! they ask it to, and with them comes all of `core::fmt`. Here their bodies become a trap, which is what they end in (*measured*: 4 %).

use std::collections::HashMap;
use std::ops::Range;

use anyhow::{Context as _, Result, ensure};

/// Parts of the names, as the compiler writes them, of functions that do not return, and of those that write their words.
const SILENCED: [&str; 9] = [
    "9panicking",
    "13assert_failed",
    "12handle_error",
    "17capacity_overflow",
    "18handle_alloc_error",
    "13unwrap_failed",
    "13expect_failed",
    "16slice_error_fail",
    "4core3fmt",
];
/// Their words. One that a later library does not have does no harm.
const WORDS: [&[u8]; 12] = [
    b"0001020304050607080910111213141516171819202122232425262728293031323334353637383940414243444546474849\
      5051525354555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899",
    b"index out of bounds: the len is ",
    b" but the index is ",
    b"memory allocation of ",
    b" bytes failed",
    b"insertion index (is ",
    b") should be <= len (is ",
    b"removal index (is ",
    b") should be < len (is ",
    b"Tried to shrink to a larger capacity",
    b"capacity overflow",
    b"attempt to divide by zero",
];
/// What the paths of sources, which a panic names, begin with.
const SOURCES: [&[u8]; 2] = [b"crates/", b"/rustc/"];

const UNREACHABLE: u8 = 0;
const NOP: u8 = 1;
const END: u8 = 0x0b;

/// Makes every silenced function a trap and blanks the words. Nothing changes its place.
///
/// # Errors
/// It is no module, or one without the functions' names.
pub(super) fn hush(module: &mut [u8]) -> Result<()> {
    let mut reader = Reader { bytes: module, at: 8 };
    let (mut n_imported, mut names, mut bodies, mut data) = (0, HashMap::new(), Vec::new(), 0..0);
    while reader.at < module.len() {
        let kind = reader.byte()?;
        let section = reader.range()?;
        let mut inside = Reader { bytes: &module[..section.end], at: section.start };
        match kind {
            0 if inside.range().map(|name| &module[name])? == b"name" => names = inside.names()?,
            2 => n_imported = inside.number()?,
            10 => {
                for _ in 0..inside.number()? {
                    bodies.push(inside.range()?);
                }
            }
            11 => data = section.clone(),
            _ => {}
        }
        reader.at = section.end;
    }
    ensure!(!names.is_empty(), "the module has no names of functions");
    for (at, body) in bodies.into_iter().enumerate() {
        let name = names.get(&(n_imported + at));
        if name.is_some_and(|name| SILENCED.iter().any(|silenced| name.contains(silenced))) {
            silence(&mut module[body]);
        }
    }
    blank(&mut module[data]);
    Ok(())
}

/// No variables, a trap, and nothing up to the end.
fn silence(body: &mut [u8]) {
    if let [n_variables, trap, rest @ .., end] = body {
        (*n_variables, *trap, *end) = (0, UNREACHABLE, END);
        rest.fill(NOP);
    }
}

fn blank(data: &mut [u8]) {
    for words in WORDS {
        if let Some(at) = data.windows(words.len()).position(|bytes| bytes == words) {
            data[at..at + words.len()].fill(0);
        }
    }
    for beginning in SOURCES {
        let mut from = 0;
        while let Some(at) = data[from..].windows(beginning.len()).position(|bytes| bytes == beginning) {
            from += at;
            let length = data[from..].windows(3).position(|bytes| bytes == b".rs").map_or(1, |end| end + 3);
            data[from..from + length].fill(0);
        }
    }
}

/// Reads a module from some place on.
struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn byte(&mut self) -> Result<u8> {
        let byte = *self.bytes.get(self.at).context("the module ends too early")?;
        self.at += 1;
        Ok(byte)
    }

    /// Seven bits in each byte, the lowest first.
    fn number(&mut self) -> Result<usize> {
        let (mut number, mut shift) = (0, 0);
        loop {
            let byte = self.byte()?;
            number |= usize::from(byte & 0x7f) << shift;
            shift += 7;
            if byte < 0x80 {
                return Ok(number);
            }
        }
    }

    /// Where the bytes are whose number stands here; goes behind them.
    fn range(&mut self) -> Result<Range<usize>> {
        let length = self.number()?;
        let range = self.at..self.at + length;
        ensure!(range.end <= self.bytes.len(), "the module ends too early");
        self.at = range.end;
        Ok(range)
    }

    /// The functions' names by their numbers.
    fn names(&mut self) -> Result<HashMap<usize, String>> {
        const OF_FUNCTIONS: u8 = 1;
        let mut names = HashMap::new();
        while self.at < self.bytes.len() {
            let kind = self.byte()?;
            let end = self.range()?;
            if kind == OF_FUNCTIONS {
                self.at = end.start;
                for _ in 0..self.number()? {
                    let number = self.number()?;
                    names.insert(number, String::from_utf8_lossy(&self.bytes[self.range()?]).into_owned());
                }
            }
            self.at = end.end;
        }
        Ok(names)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One imported function, and two with a body, of which the first is silenced.
    fn module() -> Vec<u8> {
        let mut module = b"\0asm\x01\0\0\0".to_vec();
        let mut section = |kind: u8, bytes: &[u8]| {
            module.extend([kind, u8::try_from(bytes.len()).unwrap()]);
            module.extend(bytes);
        };
        section(2, b"\x01\x01a\x01b\0\0");
        section(10, b"\x02\x06\0\x41\x07\x41\x02\x0b\x04\0\x41\x03\x0b");
        section(11, b"..crates/a/b.rs.insertion index (is -");
        section(0, b"\x04name\x01\x17\x02\x01\x109panicking5panic\x02\x02ok");
        module
    }

    #[test]
    fn panics_trap_without_words_and_nothing_else_changes() {
        let (mut hushed, plain) = (module(), module());
        hush(&mut hushed).unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        assert!(text(&hushed).contains("\x02\x06\0\0\x01\x01\x01\x0b\x04\0\x41\x03\x0b"), "{hushed:x?}");
        assert!(text(&hushed).contains(&format!("..{}.{}-", "\0".repeat(13), "\0".repeat(20))), "{hushed:x?}");
        let n_changed = hushed.iter().zip(&plain).filter(|(one, other)| one != other).count();
        assert_eq!((hushed.len(), n_changed), (plain.len(), 4 + 13 + 20));
    }

    #[test]
    fn a_module_without_names_or_end_is_an_error() {
        assert!(hush(&mut b"\0asm\x01\0\0\0".to_vec()).is_err());
        assert!(hush(&mut module()[..40].to_vec()).is_err());
    }
}
