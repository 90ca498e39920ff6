//! What the agent looks at.

use domain::order::Tab;

use super::aside::AsideView;
use super::density::Density;
use super::finding::Target;

/// The chosen set of channels (L5).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    /// "All channels".
    #[default]
    All,
    /// One project's.
    Project(String),
    /// One channel.
    Channel(String),
}

impl Scope {
    /// The same, as the model's filter.
    #[must_use]
    pub fn filter(&self) -> desk::Filter {
        match self {
            Self::All => desk::Filter::default(),
            Self::Project(id) => desk::Filter { project_id: Some(id.clone()), ..Default::default() },
            Self::Channel(id) => desk::Filter { channel_id: Some(id.clone()), ..Default::default() },
        }
    }
}

/// What is chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// Which channels.
    pub scope: Scope,
    /// Which tab.
    pub tab: Tab,
    /// Whether the tab "Search" stands in its place (S1).
    pub searching: bool,
    /// Which conversation; none shows the list alone where there is room for one pane.
    pub selected: Option<String>,
    /// Which of its messages a search led to.
    pub target: Option<Target>,
    /// Whether the agent can see the panel (N2).
    pub shown: bool,
    /// How close together things stand.
    pub density: Density,
    /// How the right chat panel stands.
    pub aside: AsideView,
}

impl Default for View {
    fn default() -> Self {
        Self {
            scope: Scope::All,
            tab: Tab::Open,
            searching: false,
            selected: None,
            target: None,
            shown: true,
            density: Density::default(),
            aside: AsideView::default(),
        }
    }
}
