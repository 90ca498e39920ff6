//! Searching texts without regard to case, width and accents, in every script (S3).
//!
//! A text is folded once, before it is stored, and a word that is searched in the same way; then a word matches where its folded form
//! stands in the folded text. Whoever asks a database needs nothing but `LIKE '%…%'` for that, and both databases give the same answer.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::{canonical_combining_class, is_combining_mark};

/// Longest text that is searched for, in characters.
pub const QUERY_MAX_CHARS: usize = 200;
/// Most words that are searched for at once.
const WORDS_MAX: usize = 10;
/// So long a folded word must be that an index of three characters each finds it.
const INDEXED_CHARS: usize = 3;
/// Stands after each pair of characters of a script without spaces: no text has it, since control characters are taken out of texts.
const PAIR_END: char = '\u{1}';

/// Why nothing is searched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QueryRefused {
    /// No word has three characters, or two of a script without spaces.
    #[error("give a word of at least 3 characters")]
    TooShort,
    /// More than [`QUERY_MAX_CHARS`] characters, or more than 10 words.
    #[error("search for at most {QUERY_MAX_CHARS} characters in {WORDS_MAX} words")]
    TooLong,
}

/// The words of a query, folded. All of them must match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words(Vec<String>);

impl Words {
    /// Takes a query as somebody typed it.
    ///
    /// # Errors
    /// [`QueryRefused`].
    pub fn new(query: &str) -> Result<Self, QueryRefused> {
        if query.chars().count() > QUERY_MAX_CHARS {
            return Err(QueryRefused::TooLong);
        }
        let is_break = |c: char| c.is_whitespace() || c.is_control();
        let mut words: Vec<String> = query.split(is_break).map(fold).filter(|word| !word.is_empty()).collect();
        words.sort();
        words.dedup();
        if words.len() > WORDS_MAX {
            return Err(QueryRefused::TooLong);
        }
        if words.iter().any(|word| word.chars().count() >= INDEXED_CHARS) {
            Ok(Self(words))
        } else {
            Err(QueryRefused::TooShort)
        }
    }

    /// The patterns for `LIKE`, one for each word. They have no character of meaning but the `%` at both ends.
    pub fn patterns(&self) -> impl Iterator<Item = String> {
        self.0.iter().map(|word| format!("%{word}%"))
    }

    /// The words that an index of three characters each finds; at least one is.
    pub fn indexed(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str).filter(|word| word.chars().count() >= INDEXED_CHARS)
    }

    /// Where words stand in a text, in characters of it, in order and without overlap; nothing unless every word does.
    #[must_use]
    pub fn matches(&self, text: &str) -> Vec<Range<usize>> {
        let folded = Folded::new(text);
        let mut found = Vec::new();
        for word in &self.0 {
            let before = found.len();
            let (mut from, is_at) = (0, |from: usize| folded.text[from..].find(word.as_str()));
            while let Some(at) = is_at(from).map(|at| from + at) {
                found.push(folded.origin(at..at + word.len()));
                from = at + folded.text[at..].chars().next().map_or(1, char::len_utf8);
            }
            if found.len() == before {
                return Vec::new();
            }
        }
        joined(found)
    }
}

fn joined(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.sort_by_key(|range| (range.start, range.end));
    let mut joined: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match joined.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => joined.push(range),
        }
    }
    joined
}

/// The text as it is stored for searching.
#[must_use]
pub fn fold(text: &str) -> String {
    Folded::new(text).text
}

/// A folded text, and where each byte of it came from.
struct Folded {
    text: String,
    /// The first byte of a piece, and the characters of the original that it stands for.
    pieces: Vec<(usize, Range<usize>)>,
}

impl Folded {
    fn new(text: &str) -> Self {
        let mut folded = Self { text: String::with_capacity(text.len() + text.len() / 2), pieces: Vec::new() };
        // The character without spaces before, which the next one makes a pair with.
        let mut pending: Option<(String, Range<usize>)> = None;
        let mut first_of_run = true;
        for (cluster, at) in clusters(text) {
            let piece = fold_cluster(&cluster);
            let is_unspaced = piece.chars().next().is_some_and(is_unspaced);
            if let Some((before, from)) = pending.take() {
                if is_unspaced {
                    folded.push(&before, from.clone());
                    folded.push(&piece, at.clone());
                    folded.end_pair(from.start..at.end);
                } else if first_of_run {
                    folded.push(&before, from.clone());
                    folded.end_pair(from);
                }
                first_of_run = !is_unspaced;
            }
            if is_unspaced {
                pending = Some((piece, at));
            } else {
                folded.push(&piece, at);
                first_of_run = true;
            }
        }
        // At the end of a word that is searched, one that stands alone may be the beginning of a pair.
        if let Some((last, at)) = pending
            && first_of_run
        {
            folded.push(&last, at);
        }
        folded
    }

    fn push(&mut self, piece: &str, from: Range<usize>) {
        if !piece.is_empty() {
            self.pieces.push((self.text.len(), from));
            self.text.push_str(piece);
        }
    }

    fn end_pair(&mut self, from: Range<usize>) {
        self.pieces.push((self.text.len(), from.end..from.end));
        self.text.push(PAIR_END);
    }

    /// The characters of the original that some bytes stand for.
    fn origin(&self, bytes: Range<usize>) -> Range<usize> {
        let first = self.pieces.partition_point(|(at, _)| *at <= bytes.start).saturating_sub(1);
        let last = self.pieces.partition_point(|(at, _)| *at < bytes.end).saturating_sub(1);
        let (start, mut end) = (self.pieces[first].1.start, self.pieces[first].1.end);
        for (_, from) in &self.pieces[first..=last] {
            end = end.max(from.end);
        }
        start..end
    }
}

/// Characters with what is written onto them, and where they stand.
fn clusters(text: &str) -> impl Iterator<Item = (String, Range<usize>)> {
    let mut chars = text.chars().enumerate().peekable();
    std::iter::from_fn(move || {
        let (start, first) = chars.next()?;
        let (mut cluster, mut end) = (first.to_string(), start + 1);
        while let Some((_, next)) = chars.next_if(|(_, next)| belongs_to_the_one_before(*next)) {
            cluster.push(next);
            end += 1;
        }
        Some((cluster, start..end))
    })
}

fn belongs_to_the_one_before(c: char) -> bool {
    canonical_combining_class(c) != 0
        || is_combining_mark(c)
        || matches!(c, '\u{1160}'..='\u{11ff}' | '\u{ff9e}' | '\u{ff9f}')
}

fn fold_cluster(cluster: &str) -> String {
    let lower = cluster
        .nfkd()
        .filter(|c| !is_accent(*c))
        // By way of the upper case, so that ß is ss and both forms of the final sigma are one.
        .flat_map(char::to_uppercase)
        .flat_map(char::to_lowercase);
    let again = lower.collect::<String>();
    again.nfkd().filter(|c| !is_accent(*c)).nfc().map(without_meaning).collect()
}

/// Marks that people leave out when they search. Those of other scripts make another letter, and stay.
fn is_accent(c: char) -> bool {
    matches!(c,
        '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}'
        | '\u{591}'..='\u{5c7}' | '\u{64b}'..='\u{65f}' | '\u{670}')
}

/// What `LIKE` would take for more than itself becomes what no text has.
fn without_meaning(c: char) -> char {
    match c {
        '%' => '\u{2}',
        '_' => '\u{3}',
        '\\' => '\u{4}',
        other => other,
    }
}

/// Scripts whose words are not parted, or are shorter than three characters.
fn is_unspaced(c: char) -> bool {
    matches!(c,
        '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn found(query: &str, text: &str) -> Vec<String> {
        let chars: Vec<char> = text.chars().collect();
        let ranges = Words::new(query).unwrap().matches(text);
        ranges.into_iter().map(|range| chars[range].iter().collect()).collect()
    }

    #[test]
    fn neither_case_nor_accents_nor_width_matter() {
        // S3
        for (query, text, wanted) in [
            ("ПРИВЕТ", "Всем привет!", "привет"),
            ("привет", "ПРИВЕТ", "ПРИВЕТ"),
            ("ΟΔΟΣ", "η οδός μου", "οδός"),
            ("οδος", "ΟΔΟΣ", "ΟΔΟΣ"),
            ("straße", "die STRASSE", "STRASSE"),
            ("STRASSE", "die Straße", "Straße"),
            ("strasse", "Hauptstraße 7", "straße"),
            ("cafe", "Un café?", "café"),
            ("cafe\u{301}", "Un café?", "café"),
            ("café", "un cafe\u{301} noir", "cafe\u{301}"),
            ("abc", "ＡＢＣ", "ＡＢＣ"),
            ("istanbul", "İSTANBUL", "İSTANBUL"),
            ("елка", "Ёлка", "Ёлка"),
            ("שלום", "שָׁלוֹם", "שָׁלוֹם"),
            ("ガラス", "ｶﾞﾗｽの", "ｶﾞﾗｽ"),
            ("100%", "100% wool", "100%"),
            ("a_b\\c", "A_B\\C", "A_B\\C"),
            ("fish", "ﬁsh", "ﬁsh"),
        ] {
            assert_eq!(found(query, text), [wanted], "{query} in {text}");
        }
        assert_eq!(found("100%", "1000 wool"), [""; 0], "no character means more than itself");
        assert_eq!(found("a_b", "acb"), [""; 0]);
        assert_eq!(found("かき", "がき"), [""; 0], "another letter");
    }

    #[test]
    fn scripts_without_spaces_are_found_by_two_characters() {
        // S3
        for (query, text, wanted) in [
            ("你好", "你好", "你好"),
            ("你好", "老师你好吗", "你好"),
            ("你好吗", "老师你好吗?", "你好吗"),
            ("안녕", "안녕하세요", "안녕"),
            ("東京タワー", "東京タワーへ", "東京タワー"),
            ("吗abc", "你好吗abc", "吗abc"),
            ("abc你", "xabc你好", "abc你"),
            ("abc你好", "abc你好吗", "abc你好"),
            ("a你b", "xa你bx", "a你b"),
            ("好吗abc", "你好吗abcd", "好吗abc"),
        ] {
            assert_eq!(found(query, text), [wanted], "{query} in {text}");
        }
        for (query, text) in
            [("你好", "你 好"), ("你好", "好你"), ("你好吗", "你好,好吗"), ("a你b", "a你好b"), ("吗abc", "吗 abc")]
        {
            assert_eq!(found(query, text), [""; 0], "{query} in {text}");
        }
    }

    #[test]
    fn all_words_must_match_and_one_must_be_long_enough() {
        // S3
        assert_eq!(found("kettle blue", "A blue kettle, a BLUE one"), ["blue", "kettle", "BLUE"]);
        assert_eq!(found("kettle red", "A blue kettle"), [""; 0]);
        assert_eq!(found("is kettle", "This kettle"), ["is", "kettle"]);
        assert_eq!(found("anana ana", "banana"), ["anana"]);
        for short in ["", "  ", "ab", "a b c d", "你", "\u{301}\u{301}\u{301}"] {
            assert_eq!(Words::new(short), Err(QueryRefused::TooShort), "{short:?}");
        }
        assert_eq!(Words::new(&"x".repeat(201)), Err(QueryRefused::TooLong));
        assert_eq!(Words::new("abc d e f g h i j k l m"), Err(QueryRefused::TooLong));
        assert!(Words::new(&"x".repeat(200)).is_ok());
    }

    proptest! {
        #[test]
        fn any_run_of_three_characters_of_a_text_is_found_in_it(text in "[a-zA-ZäßΣςİÅé你好吗が가 ]{3,30}", from in 0_usize..30, len in 3_usize..8) {
            let chars: Vec<char> = text.chars().collect();
            let from = from.min(chars.len() - 3);
            let query: String = chars[from..(from + len).min(chars.len())].iter().collect();
            if let Ok(words) = Words::new(&query) {
                prop_assert!(!words.matches(&text).is_empty(), "{query} in {text}");
                for pattern in words.patterns() {
                    prop_assert!(fold(&text).contains(pattern.trim_matches('%')));
                }
            }
        }

        #[test]
        fn any_text_folds_and_what_is_found_lies_in_it(text in "\\PC{0,60}", query in "\\PC{3,10}") {
            if let Ok(words) = Words::new(&query) {
                let n = text.chars().count();
                let ranges = words.matches(&text);
                prop_assert!(ranges.iter().all(|range| range.start < range.end && range.end <= n), "{ranges:?}");
                prop_assert!(ranges.windows(2).all(|pair| pair[0].end < pair[1].start));
                let in_folded = words.patterns().all(|pattern| fold(&text).contains(pattern.trim_matches('%')));
                prop_assert_eq!(in_folded, !ranges.is_empty());
            }
        }
    }
}
