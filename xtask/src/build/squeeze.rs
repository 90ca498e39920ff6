//! Scripts and style sheets without the spaces and ends of lines that only their readers need.

use super::rename::shorten;

/// Around what of a script spaces say nothing. Signs that may stand twice in a row with another meaning are not among it.
const IN_SCRIPTS: &str = "{}()[];,=<>&|?:*";
/// Around what of a style sheet they say nothing; elsewhere they part selectors.
const IN_STYLES: &str = "{};,>";
/// After what the end of a line says nothing: no statement ends there.
const BEFORE_LINES: [&str; 2] = ["{};,", "{;,(["];
/// After what a `/` begins a pattern; elsewhere it divides.
const BEFORE_PATTERNS: &str = "(,=:[!&|?{};>";

/// Makes a script short: see [`squeezed`] and [`shorten`].
pub(super) fn script(source: &str) -> String {
    shorten(&squeezed(source))
}

/// Takes spaces out of a script, but for those in texts and patterns, and ends of lines where they end no statement.
fn squeezed(source: &str) -> String {
    Squeezer::new(IN_SCRIPTS, true).squeeze(source)
}

/// Takes spaces out of a style sheet whose lines were trimmed, and the signs that end nothing.
pub(super) fn style(source: &str) -> String {
    Squeezer::new(IN_STYLES, false).squeeze(source).replace(": ", ":").replace(";}", "}")
}

struct Squeezer {
    signs: &'static str,
    is_script: bool,
    out: String,
}

impl Squeezer {
    fn new(signs: &'static str, is_script: bool) -> Self {
        Self { signs, is_script, out: String::new() }
    }

    fn squeeze(mut self, source: &str) -> String {
        let mut chars = source.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                ' ' => {
                    let is_idle = |c: Option<char>| c.is_some_and(|c| self.signs.contains(c));
                    if !is_idle(chars.peek().copied()) && !is_idle(self.out.chars().next_back()) {
                        self.out.push(' ');
                    }
                }
                '\n' if self
                    .out
                    .ends_with(|before: char| BEFORE_LINES[usize::from(self.is_script)].contains(before)) => {}
                '"' | '\'' | '`' => self.copy_to(c, &mut chars),
                '/' if self.is_script && chars.peek() == Some(&'/') => self.copy_line(&mut chars),
                '/' if self.is_script && self.begins_pattern() => self.copy_to(c, &mut chars),
                _ => self.out.push(c),
            }
        }
        self.out
    }

    fn begins_pattern(&self) -> bool {
        self.out.trim_end().chars().next_back().is_none_or(|before| BEFORE_PATTERNS.contains(before))
    }

    /// Copies a text, or a pattern, with what ends it.
    fn copy_to(&mut self, end: char, chars: &mut impl Iterator<Item = char>) {
        self.out.push(end);
        while let Some(c) = chars.next() {
            self.out.push(c);
            match c {
                '\\' => self.out.extend(chars.next()),
                c if c == end => return,
                _ => {}
            }
        }
    }

    fn copy_line(&mut self, chars: &mut impl Iterator<Item = char>) {
        self.out.push('/');
        for c in chars.by_ref() {
            self.out.push(c);
            if c == '\n' {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces_stay_in_texts_patterns_and_between_words() {
        for (source, squeezed) in [
            ("const f = (a, b) => { return a ?? `x, ${b} ; `; };", "const f=(a,b)=>{return a??`x, ${b} ; `;};"),
            ("if (a) { g(\"a , b\", 'c = \\' d'); } else h();", "if(a){g(\"a , b\",'c = \\' d');}else h();"),
            ("const ok = /^ [, ]\" = $/i.test(a) ? 1 : 2;", "const ok=/^ [, ]\" = $/i.test(a)?1:2;"),
            ("a = b / 2, c = d / 3;", "a=b / 2,c=d / 3;"),
            ("a - -b + +c; // see = here", "a - -b + +c;// see = here"),
            ("for (const [a] of b) {}\nlet c = 1", "for(const[a]of b){}\nlet c=1"),
            ("f(\na,\n{ b }\n)\ng; // h\ni;\nj", "f(a,{b}\n)\ng;// h\ni;j"),
            ("`a;\n${b}{\n`;\nc", "`a;\n${b}{\n`;c"),
        ] {
            assert_eq!(super::squeezed(source), squeezed);
        }
    }

    #[test]
    fn what_parts_selectors_stays() {
        let source = ".a .b > .c, .d :hover {\nfont: 1px \"A, B\", c;\ninline-size: calc(1px + 2px);\n}\n@media (min-width: 1px) {";
        let squeezed = ".a .b>.c,.d :hover{font:1px \"A, B\",c;inline-size:calc(1px + 2px)}@media (min-width:1px){";
        assert_eq!(style(source), squeezed);
    }

    #[test]
    fn the_widgets_scripts_have_as_many_texts_as_before() {
        for source in [include_str!("../../../crates/widget/loader.js"), include_str!("../../../crates/widget/boot.js")]
        {
            let trimmed = crate::build::trim::trim(source);
            let squeezed = script(&trimmed);
            let n = |text: &str, quote| text.matches(quote).count();
            assert!(squeezed.len() < trimmed.len());
            assert!(['"', '`', '\''].into_iter().all(|quote| n(&trimmed, quote) == n(&squeezed, quote)));
        }
    }
}
