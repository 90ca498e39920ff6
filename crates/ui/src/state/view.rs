//! What the agent looks at.

use domain::order::Tab;

use super::density::Density;

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
    /// Which conversation; none shows the list alone where there is room for one pane.
    pub selected: Option<String>,
    /// Whether the agent can see the panel (N2).
    pub shown: bool,
    /// How close together things stand.
    pub density: Density,
}

impl Default for View {
    fn default() -> Self {
        Self { scope: Scope::All, tab: Tab::Open, selected: None, shown: true, density: Density::default() }
    }
}
