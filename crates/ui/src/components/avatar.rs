//! Initials on a colour of their own.

use yew::{AttrValue, Html, Properties, classes, component, html};

/// How many colours there are.
const N_COLOURS: u32 = 6;

/// The avatar's properties.
#[derive(Properties, PartialEq)]
pub struct AvatarProps {
    /// Whose.
    pub name: AttrValue,
    /// What the colour is drawn from; it stays when the name changes.
    pub seed: AttrValue,
}

/// A client's initials; the name itself stands beside it.
#[component]
pub fn Avatar(props: &AvatarProps) -> Html {
    let colour =
        props.seed.bytes().fold(0_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(byte))) % N_COLOURS;
    html! {
        <span class={classes!("ds-avatar", format!("ds-avatar--{colour}"))} aria-hidden="true">{ initials(&props.name) }</span>
    }
}

/// The first letters of the first and the last word.
fn initials(name: &str) -> String {
    let letter = |word: &str| word.chars().find(|c| c.is_alphanumeric()).map(|c| c.to_uppercase().to_string());
    let mut letters = name.split_whitespace().filter_map(letter);
    let first = letters.next().unwrap_or_else(|| "?".to_owned());
    first + &letters.next_back().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::initials;

    #[test]
    fn of_first_and_last_word_in_any_script() {
        let cases = [
            ("Ann Mary Lee", "AL"),
            ("ann", "A"),
            ("Visitor 4F7K", "V4"),
            ("анна каренина", "АК"),
            ("李 明", "李明"),
            ("…", "?"),
            ("", "?"),
        ];
        for (name, expected) in cases {
            assert_eq!(initials(name), expected);
        }
    }
}
