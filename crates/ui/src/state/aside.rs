//! How the right chat panel stands.

/// The right chat panel's tabs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AsideTab {
    /// "Information".
    #[default]
    Information,
    /// "Notes".
    Notes,
}

/// Whether the right chat panel is shown, and what of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AsideView {
    /// Whether it stands beside the conversation, where there is room for both.
    pub beside: bool,
    /// Whether it has taken the conversation's place, where there is not.
    pub over: bool,
    /// Which tab.
    pub tab: AsideTab,
}

impl Default for AsideView {
    fn default() -> Self {
        Self { beside: true, over: false, tab: AsideTab::default() }
    }
}

impl AsideView {
    /// Whether it is shown, with room for both or without.
    #[must_use]
    pub const fn is_shown(self, has_room: bool) -> bool {
        if has_room { self.beside } else { self.over }
    }

    /// Shown, or not, with room for both or without.
    #[must_use]
    pub const fn with_shown(self, has_room: bool, shown: bool) -> Self {
        if has_room { Self { beside: shown, over: false, ..self } } else { Self { over: shown, ..self } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_where_there_is_room_says_nothing_of_where_there_is_none() {
        let at_first = AsideView::default();
        assert_eq!((at_first.is_shown(true), at_first.is_shown(false)), (true, false));
        let away = at_first.with_shown(true, false);
        assert_eq!((away.is_shown(true), away.is_shown(false)), (false, false));
        let over = away.with_shown(false, true);
        assert_eq!((over.is_shown(true), over.is_shown(false)), (false, true));
        assert!(!over.with_shown(true, true).over, "where there is room nothing covers the conversation");
    }
}
