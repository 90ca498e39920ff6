//! Which rows of a long list are in sight. Rows have one height, so nothing has to be measured.

use std::ops::Range;
use std::rc::Rc;

use protocol::view::ConversationView;

use super::density::Density;

/// How many rows are kept ready above and below the sight.
const SPARE_ROWS: i32 = 6;
/// The sight is moved in steps of this many rows, so that most scrolling draws nothing.
const STEP_ROWS: i32 = 3;

/// What is in sight, in CSS pixels from the list's top, with some to spare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    top: i32,
    bottom: i32,
}

impl Default for Window {
    /// Before anything was measured: enough for a tall screen.
    fn default() -> Self {
        Self { top: 0, bottom: 1_600 }
    }
}

impl Window {
    /// The window of a list that is scrolled to `top` and shows `height`.
    #[must_use]
    pub const fn around(top: i32, height: i32, density: Density) -> Self {
        let row_px = density.row_px();
        let step = STEP_ROWS * row_px;
        let spare = SPARE_ROWS * row_px;
        let top = top - top % step;
        Self { top: top - spare, bottom: top + step + height + spare }
    }
}

/// A run of rows, with a heading in the tab "Open".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Whether somebody has these conversations; nothing where there are no groups.
    pub taken: Option<bool>,
    /// How many rows stand in the groups above.
    pub first: usize,
    /// Where the group begins, in CSS pixels, as a number of rows and headings above it.
    above: (usize, i32),
    /// The rows.
    pub rows: Vec<Rc<ConversationView>>,
}

impl Group {
    fn rows_top(&self, density: Density) -> i32 {
        let headings = self.above.1 + i32::from(self.taken.is_some());
        px(self.above.0, density.row_px()) + headings * density.heading_px()
    }

    /// The rows in sight.
    #[must_use]
    pub fn in_sight(&self, window: Window, density: Density) -> Range<usize> {
        let (top, row_px) = (self.rows_top(density), density.row_px());
        let row = |y: i32| usize::try_from((y - top).div_euclid(row_px)).unwrap_or(0).min(self.rows.len());
        row(window.top)..row(window.bottom + row_px)
    }
}

/// A tab's list, cut into its groups.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    groups: Vec<Group>,
}

impl Layout {
    /// A list without groups.
    #[must_use]
    pub fn plain(rows: Vec<Rc<ConversationView>>) -> Self {
        Self { groups: vec![Group { taken: None, first: 0, above: (0, 0), rows }] }
    }

    /// The tab "Open": the first `n_new` rows are "New", the others "Worked on". Without any row there are no groups.
    #[must_use]
    pub fn in_groups(mut rows: Vec<Rc<ConversationView>>, n_new: usize) -> Self {
        if rows.is_empty() {
            return Self::default();
        }
        let worked_on = rows.split_off(n_new);
        let new = Group { taken: Some(false), first: 0, above: (0, 0), rows };
        let worked_on = Group { taken: Some(true), first: n_new, above: (n_new, 1), rows: worked_on };
        Self { groups: vec![new, worked_on] }
    }

    /// The groups, from top to bottom.
    #[must_use]
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.groups.iter().map(|group| group.rows.len()).sum()
    }

    /// Whether there is no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The row at a place, counted over all groups.
    #[must_use]
    pub fn row(&self, at: usize) -> Option<&Rc<ConversationView>> {
        let group = self.groups.iter().rev().find(|group| group.first <= at && !group.rows.is_empty())?;
        group.rows.get(at - group.first)
    }

    /// Where a conversation stands, counted over all groups.
    #[must_use]
    pub fn position(&self, conversation_id: &str) -> Option<usize> {
        self.groups.iter().flat_map(|group| &group.rows).position(|row| row.id == conversation_id)
    }

    /// Whether a conversation is in the list.
    #[must_use]
    pub fn contains(&self, conversation_id: &str) -> bool {
        self.position(conversation_id).is_some()
    }

    /// Top and bottom of a row, in CSS pixels from the list's top; a heading that sticks above it counts as the row's.
    #[must_use]
    pub fn span(&self, at: usize, density: Density) -> (i32, i32) {
        let group = self.groups.iter().rev().find(|group| group.first <= at && !group.rows.is_empty());
        let Some(group) = group else { return (0, 0) };
        let top = group.rows_top(density) + px(at - group.first, density.row_px());
        let heading = if group.taken.is_some() { density.heading_px() } else { 0 };
        (top - heading, top + density.row_px())
    }
}

fn px(rows: usize, row_px: i32) -> i32 {
    i32::try_from(rows).unwrap_or(i32::MAX / row_px).saturating_mul(row_px)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::panel::tests::conversation;

    const BOTH: [Density; 2] = [Density::Comfortable, Density::Compact];

    fn rows(n: usize) -> Vec<Rc<ConversationView>> {
        (0..n).map(|n| Rc::new(conversation(&format!("cnv_{n}")))).collect()
    }

    #[test]
    fn ten_thousand_rows_draw_a_screenful() {
        // L4
        let layout = Layout::in_groups(rows(10_000), 9_000);
        for density in BOTH {
            let row = density.row_px();
            for top in [0, 40_000, 9_000 * row - 300, 10_000 * row] {
                let window = Window::around(top, 700, density);
                let drawn: usize = layout.groups().iter().map(|group| group.in_sight(window, density).len()).sum();
                assert!((8..=33).contains(&drawn), "{drawn} rows of {row} px at {top}");
            }
        }
    }

    #[test]
    fn every_row_in_the_sight_is_drawn() {
        let layout = Layout::in_groups(rows(50), 20);
        let tops = |density: Density| (0..50 * density.row_px()).map(move |top| (density, top));
        for (density, top) in BOTH.into_iter().flat_map(tops) {
            let window = Window::around(top, 300, density);
            for at in 0..50 {
                let (row_top, row_bottom) = layout.span(at, density);
                let group = &layout.groups()[usize::from(at >= 20)];
                let drawn = group.in_sight(window, density).contains(&(at - group.first));
                let seen = row_bottom > top && row_top + density.heading_px() < top + 300;
                assert!(drawn || !seen, "row {at} at {top}, {density:?}");
            }
        }
    }

    #[test]
    fn places_count_over_both_groups() {
        let layout = Layout::in_groups(rows(5), 2);
        assert_eq!(layout.row(0).map(|row| row.id.as_str()), Some("cnv_0"));
        assert_eq!(layout.row(2).map(|row| row.id.as_str()), Some("cnv_2"));
        assert_eq!(layout.position("cnv_4"), Some(4));
        assert_eq!(layout.row(5), None);
        assert_eq!(layout.span(2, Density::Comfortable), (36 + 2 * 76, 72 + 3 * 76));
        assert_eq!(layout.span(2, Density::Compact), (28 + 2 * 52, 56 + 3 * 52));
        assert!(Layout::in_groups(Vec::new(), 0).is_empty() && Layout::default().groups().is_empty());
        assert_eq!(Layout::in_groups(rows(3), 3).row(2).map(|row| row.id.as_str()), Some("cnv_2"));
    }
}
