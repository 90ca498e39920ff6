//! Scripts with short names for what nobody but themselves names.
//!
//! A name is one variable's, or several variables', all over the script: it keeps its meaning wherever it stands if all its places get
//! the same short one. What cannot be told from the name of a field, and what is exported, stays as it is.

use std::collections::{HashMap, HashSet};

/// Before a bracket of these no parameters stand.
const STATEMENTS: [&str; 5] = ["if", "for", "while", "switch", "with"];
const DECLARING: [&str; 4] = ["const", "let", "var", "function"];
/// After what a `/` begins a pattern; elsewhere it divides.
const BEFORE_PATTERNS: &str = "(,=:[!&|?{};>";

/// Gives short names to the variables of a squeezed script.
pub(super) fn shorten(script: &str) -> String {
    let tokens = tokens(script);
    let solid: Vec<&str> = tokens.iter().copied().filter(|token| !token.trim().is_empty()).collect();
    let kept = kept(&solid);
    let mut wanted: Vec<&str> = declared(&solid).into_iter().filter(|name| !kept.contains(name)).collect();
    let n_places = |name: &str| solid.iter().filter(|token| **token == name).count();
    wanted.sort_by_key(|name| (std::cmp::Reverse(n_places(name)), *name));
    let used: HashSet<&str> = script.split(|c| !is_of_name(c)).collect();
    let mut free = short_names().filter(|name| !used.contains(name.as_str()));
    let mut short = HashMap::new();
    for name in wanted.into_iter().filter(|name| name.len() > 1) {
        short.extend(free.next().map(|other| (name, other)));
    }
    tokens.into_iter().map(|token| short.get(token).map_or(token, String::as_str)).collect()
}

/// `a`, `b`, … `Z`, `aa`, `ab`, …
fn short_names() -> impl Iterator<Item = String> {
    let letters = || ('a'..='z').chain('A'..='Z');
    letters()
        .map(String::from)
        .chain(letters().flat_map(|one| ('a'..='z').map(move |two| format!("{one}{two}"))))
        // The words of the language that are so short.
        .filter(|name| !matches!(name.as_str(), "do" | "if" | "in" | "of" | "as"))
}

fn is_of_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '$')
}

fn is_name(token: &str) -> bool {
    token.starts_with(|c: char| is_of_name(c) && !c.is_ascii_digit())
}

/// Texts, patterns and words whole, every other sign by itself.
fn tokens(script: &str) -> Vec<&str> {
    let (mut all, mut rest, mut before) = (Vec::new(), script, None);
    while let Some(c) = rest.chars().next() {
        let begins_pattern = c == '/' && before.is_none_or(|before| BEFORE_PATTERNS.contains(before));
        let length = match c {
            '"' | '\'' | '`' => quoted(rest, c),
            '/' if begins_pattern => quoted(rest, c),
            _ if is_of_name(c) => rest.find(|c| !is_of_name(c)).unwrap_or(rest.len()),
            _ => c.len_utf8(),
        };
        let (token, after) = rest.split_at(length);
        before = token.trim().chars().next_back().or(before);
        all.push(token);
        rest = after;
    }
    all
}

/// How long the text or pattern is with what ends it.
fn quoted(rest: &str, end: char) -> usize {
    let mut is_escaped = true;
    for (at, c) in rest.char_indices() {
        if c == end && !is_escaped {
            return at + 1;
        }
        is_escaped = c == '\\' && !is_escaped;
    }
    rest.len()
}

/// The names that the script gives to variables, functions and parameters.
fn declared<'a>(tokens: &[&'a str]) -> HashSet<&'a str> {
    let mut names = HashSet::new();
    for (at, token) in tokens.iter().enumerate() {
        let next = |n: usize| tokens.get(at + n).copied().unwrap_or_default();
        if DECLARING.contains(token) && is_name(next(1)) {
            names.insert(next(1));
        }
        if *token == "=" && next(1) == ">" && at > 0 && is_name(tokens[at - 1]) {
            names.insert(tokens[at - 1]);
        }
        if *token == ")" && (next(1) == "{" || (next(1), next(2)) == ("=", ">")) {
            names.extend(parameters(tokens, at));
        }
    }
    names
}

/// The parameters whose bracket ends here; none if it is a statement's.
fn parameters<'a>(tokens: &[&'a str], end: usize) -> Vec<&'a str> {
    let (mut depth, mut names) = (0_usize, Vec::new());
    for at in (0..=end).rev() {
        match tokens[at] {
            ")" | "]" | "}" => depth += 1,
            "(" | "[" | "{" => depth -= 1,
            name if depth == 1 && is_name(name) && matches!(tokens[at - 1], "(" | ",") => names.push(name),
            _ => {}
        }
        if depth == 0 {
            let is_statement = at > 0 && STATEMENTS.contains(&tokens[at - 1]);
            return if is_statement { Vec::new() } else { names };
        }
    }
    Vec::new()
}

/// The names that stand where they may be a field's, are exported, or are part of a text with places in it.
fn kept<'a>(tokens: &[&'a str]) -> HashSet<&'a str> {
    let mut names = HashSet::new();
    let mut brackets = Vec::new();
    for (at, token) in tokens.iter().copied().enumerate() {
        let near = |by: isize| at.checked_add_signed(by).and_then(|at| tokens.get(at)).copied().unwrap_or_default();
        match token {
            "(" | "[" | "{" => brackets.push(token),
            ")" | "]" | "}" => drop(brackets.pop()),
            _ if token.starts_with('`') => names.extend(token.split(|c| !is_of_name(c))),
            _ if is_name(token) => {
                let is_field = near(-1) == "." && near(-2) != "." || near(1) == ":";
                let is_exported = DECLARING.contains(&near(-1)) && ["export", "async"].contains(&near(-2));
                let is_in_object = brackets.last() == Some(&"{") && matches!(near(-1), "{" | ",");
                if is_field || is_exported || is_in_object && matches!(near(1), "," | "}" | "=" | "(") {
                    names.insert(token);
                }
            }
            _ => {}
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_renamed_and_nothing_else() {
        for (script, short) in [
            ("const first=1,other=first;", "const a=1,other=a;"),
            ("function twice(number,by={}){return number*2}", "function c(a,b={}){return a*2}"),
            ("const f=(text)=>text.text+\"text\";", "const f=(text)=>text.text+\"text\";"),
            ("const f=(words)=>words.text+\"words\";", "const f=(a)=>a.text+\"words\";"),
            ("const{key,value}=event;g(key);", "const{key,value}=event;g(key);"),
            ("if(ready){go(ready)}let ready;", "if(a){go(a)}let a;"),
            (
                "export const shown=1;export function act(kind){return kind}",
                "export const shown=1;export function act(a){return a}",
            ),
            ("export async function ask(path){return path}", "export async function ask(a){return a}"),
            ("const one=1,kind={one};let size;`${size}px`;", "const one=1,kind={one};let size;`${size}px`;"),
            ("try{}catch(error){say(...list,error)}let list=/list/;", "try{}catch(a){say(...b,a)}let b=/list/;"),
        ] {
            assert_eq!(shorten(script), short);
        }
    }

    #[test]
    fn short_names_are_no_words_and_not_taken() {
        assert_eq!(shorten("let word,a,c=b(word);"), "let d,a,c=b(d);");
        assert!(short_names().all(|name| name != "do"));
    }
}
