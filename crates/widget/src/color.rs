//! The channel's colour, made readable: what stands on it keeps a contrast of 4.5 to 1 (WCAG AA).

use alloc::string::String;

use crate::digits::digit;

/// A colour and the one of the text on it, as `#rrggbb`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accent {
    /// The surface.
    pub surface: String,
    /// The text on it.
    pub ink: &'static str,
}

const DEFAULT: [u8; 3] = [0x1a, 0x6d, 0xff];
const WHITE: &str = "#ffffff";
const DARK: &str = "#16181d";
const MIN_CONTRAST: f64 = 4.6;
/// White text is kept on colours that need only be darkened a little for it.
const WHITE_FROM: f64 = 2.9;

/// The accent for a channel's colour; the default one if it is not of the form `#rrggbb`.
#[must_use]
pub fn accent(color: &str) -> Accent {
    let mut rgb = parse(color).unwrap_or(DEFAULT);
    if contrast_with_white(rgb) < WHITE_FROM {
        return Accent { surface: hex(rgb), ink: DARK };
    }
    while contrast_with_white(rgb) < MIN_CONTRAST {
        rgb = rgb.map(|part| part.saturating_sub((part / 50).max(1)));
    }
    Accent { surface: hex(rgb), ink: WHITE }
}

fn parse(color: &str) -> Option<[u8; 3]> {
    let digits = color.strip_prefix('#').filter(|digits| digits.len() == 6 && !digits.starts_with('+'))?;
    let value = u32::from_str_radix(digits, 16).ok()?;
    let [_, red, green, blue] = value.to_be_bytes();
    Some([red, green, blue])
}

fn hex(rgb: [u8; 3]) -> String {
    let mut text = String::from("#");
    for part in rgb {
        text.push(digit(u64::from(part >> 4)));
        text.push(digit(u64::from(part)));
    }
    text
}

fn contrast_with_white(rgb: [u8; 3]) -> f64 {
    1.05 / (luminance(rgb) + 0.05)
}

fn luminance(rgb: [u8; 3]) -> f64 {
    let [red, green, blue] = rgb.map(|part| {
        let part = f64::from(part) / 255.0;
        // Within 0.002 of the power of 2.4, whose general form would be a tenth of the whole chat.
        part * (part * (part * 0.305_306_011 + 0.682_171_111) + 0.012_522_878)
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The definition of WCAG.
    fn exact(rgb: [u8; 3]) -> f64 {
        let [red, green, blue] = rgb.map(|part| {
            let part = f64::from(part) / 255.0;
            if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    proptest! {
        #[test]
        fn text_on_any_colour_is_readable(rgb: [u8; 3]) {
            let accent = accent(&hex(rgb));
            let surface = exact(parse(&accent.surface).unwrap());
            let ink = exact(parse(accent.ink).unwrap());
            let contrast = (surface.max(ink) + 0.05) / (surface.min(ink) + 0.05);
            prop_assert!(contrast >= 4.5, "{accent:?}: {contrast}");
        }
    }

    #[test]
    fn a_wrong_colour_gives_the_default_and_a_dark_one_stays() {
        assert_eq!(accent("red"), accent("#1a6dff"));
        assert_eq!(accent("#1д6df"), accent("#1a6dff"));
        assert_eq!(accent("#+1a6df"), accent("#1a6dff"));
        assert_eq!(accent("#123456"), Accent { surface: String::from("#123456"), ink: WHITE });
    }
}
