//! How close together things stand: as Gmail's density is.

/// The density; the style sheet has the same numbers under `[data-density]`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Density {
    /// Rows of three lines.
    #[default]
    Comfortable,
    /// Rows of two lines.
    Compact,
}

impl Density {
    /// The height of a list's row, in CSS pixels.
    #[must_use]
    pub const fn row_px(self) -> i32 {
        match self {
            Self::Comfortable => 76,
            Self::Compact => 52,
        }
    }

    /// The height of a group's heading, in CSS pixels.
    #[must_use]
    pub const fn heading_px(self) -> i32 {
        match self {
            Self::Comfortable => 36,
            Self::Compact => 28,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKENS: &str = include_str!("../../css/tokens.css");

    /// The value of a token in the first block that begins so.
    fn token(block: &str, name: &str) -> Option<i32> {
        let (_, rest) = TOKENS.split_once(&format!("{block} {{"))?;
        let (_, value) = rest.split_once('}')?.0.split_once(&format!("{name}: "))?;
        value.split_once("px;")?.0.parse().ok()
    }

    #[test]
    fn the_style_sheet_has_the_same_heights() {
        // L4: rows stand at computed places.
        for (block, density) in [(":root", Density::Comfortable), (":root[data-density=\"compact\"]", Density::Compact)]
        {
            assert_eq!(token(block, "--ds-row"), Some(density.row_px()), "{block}");
            assert_eq!(token(block, "--ds-heading"), Some(density.heading_px()), "{block}");
        }
    }
}
