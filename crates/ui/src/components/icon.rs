//! Icons, drawn in the colour of the text around them.

use yew::{Html, Properties, component, html};

/// What an icon shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Symbol {
    /// Back to the list; mirrored where text runs right to left.
    Back,
    /// A tick.
    Check,
    /// The website's chat widget.
    Chat,
    /// A clock's face.
    Clock,
    /// A cross.
    Cross,
    /// A panel at the side.
    Dock,
    /// Downwards.
    Down,
    /// Something is wrong.
    Alert,
    /// Not allowed.
    Ban,
    /// More about it.
    Info,
    /// An empty tray.
    Tray,
    /// A panel over the whole width.
    Widen,
    /// A key.
    Key,
    /// Out into a window of its own; mirrored where text runs right to left.
    PopOut,
    /// A keyboard.
    Keyboard,
}

impl Symbol {
    const fn path(self) -> &'static str {
        match self {
            Self::Back => "M15 5l-7 7 7 7",
            Self::Check => "M5 12.5l4.5 4.5L19 7.5",
            Self::Chat => {
                "M4 6.5A2.5 2.5 0 0 1 6.5 4h11A2.5 2.5 0 0 1 20 6.5v7a2.5 2.5 0 0 1-2.5 2.5H10l-4.5 4v-4.1A2.5 2.5 0 0 1 4 13.5z"
            }
            Self::Clock => "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16M12 8v4.2l2.8 1.8",
            Self::Cross => "M6 6l12 12M18 6L6 18",
            Self::Dock => {
                "M5.5 5h13A1.5 1.5 0 0 1 20 6.5v11a1.5 1.5 0 0 1-1.5 1.5h-13A1.5 1.5 0 0 1 4 17.5v-11A1.5 1.5 0 0 1 5.5 5M14.5 5v14"
            }
            Self::Down => "M6 9.5l6 6 6-6",
            Self::Alert => "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16M12 8v5M12 15.9v.1",
            Self::Ban => "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16M6.4 6.4l11.2 11.2",
            Self::Info => "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16M12 11.2V16M12 8v.1",
            Self::Tray => {
                "M4 13l2.6-7.2A1.5 1.5 0 0 1 8 4.8h8a1.5 1.5 0 0 1 1.4 1L20 13v4.5a1.5 1.5 0 0 1-1.5 1.5h-13A1.5 1.5 0 0 1 4 17.5zM4 13h4.5l1.5 2.5h4l1.5-2.5H20"
            }
            Self::Widen => "M14 5h5v5M19 5l-6 6M10 19H5v-5M5 19l6-6",
            Self::Key => "M10.6 12.6a5 5 0 1 1 1.8 1.5L9.5 17h-2v2.5H4v-3zM16 8v.1",
            Self::PopOut => {
                "M10.5 5.5h-4A1.5 1.5 0 0 0 5 7v10.5A1.5 1.5 0 0 0 6.5 19H17a1.5 1.5 0 0 0 1.5-1.5v-4M14 5h5v5M19 5l-7.5 7.5"
            }
            Self::Keyboard => {
                "M5 6h14a1.5 1.5 0 0 1 1.5 1.5v9A1.5 1.5 0 0 1 19 18H5a1.5 1.5 0 0 1-1.5-1.5v-9A1.5 1.5 0 0 1 5 6M7 10v.1M10.3 10v.1M13.7 10v.1M17 10v.1M8.5 14h7"
            }
        }
    }
}

/// The icon's properties.
#[derive(Properties, PartialEq)]
pub struct IconProps {
    /// What it shows.
    pub symbol: Symbol,
}

/// An icon without a name: what it means stands beside it or in its button's label.
#[component]
pub fn Icon(props: &IconProps) -> Html {
    let mirrored = matches!(props.symbol, Symbol::Back | Symbol::Dock | Symbol::PopOut);
    html! {
        <svg class={yew::classes!("ds-icon", mirrored.then_some("ds-icon--mirrored"))} viewBox="0 0 24 24" aria-hidden="true">
            <path d={props.symbol.path()} />
        </svg>
    }
}
