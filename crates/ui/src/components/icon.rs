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
    /// A card with what is known of somebody.
    Card,
    /// A pencil.
    Pencil,
    /// A sheet that is written on.
    Note,
    /// A magnifying glass.
    Lens,
    /// A face that smiles.
    Smile,
    /// A paper clip.
    Clip,
    /// A sheet with a folded corner.
    File,
    /// Down to the ground.
    Download,
    /// A bell that is crossed out.
    Muted,
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
            Self::Card => {
                "M5.5 5h13A1.5 1.5 0 0 1 20 6.5v11a1.5 1.5 0 0 1-1.5 1.5h-13A1.5 1.5 0 0 1 4 17.5v-11A1.5 1.5 0 0 1 5.5 5M9 8.8a1.6 1.6 0 1 0 0 3.2 1.6 1.6 0 0 0 0-3.2M6.5 15.6a2.5 2.5 0 0 1 5 0M14.5 10h2.5M14.5 13.5h2.5"
            }
            Self::Pencil => {
                "M5 19l.9-3.7 9.9-9.9a1.6 1.6 0 0 1 2.3 0l.5.5a1.6 1.6 0 0 1 0 2.3l-9.9 9.9zM14 7.2l2.8 2.8"
            }
            Self::Note => {
                "M6.5 4.5H14l4.5 4.5v9a1.5 1.5 0 0 1-1.5 1.5H6.5A1.5 1.5 0 0 1 5 18V6a1.5 1.5 0 0 1 1.5-1.5M14 4.5V9h4.5M8.5 12.5h6.5M8.5 15.8h4.5"
            }
            Self::Lens => "M10.5 4.5a6 6 0 1 0 0 12 6 6 0 0 0 0-12M15 15l5 5",
            Self::Smile => "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16M8.5 14a4.2 4.2 0 0 0 7 0M9.2 9.6v.1M14.8 9.6v.1",
            Self::Clip => {
                "M19.5 11.2l-7.4 7.4a4.6 4.6 0 0 1-6.5-6.5l7.8-7.8a3.1 3.1 0 0 1 4.4 4.4l-7.6 7.6a1.6 1.6 0 0 1-2.3-2.3l6.9-6.9"
            }
            Self::File => {
                "M13.5 4h-6A1.5 1.5 0 0 0 6 5.5v13A1.5 1.5 0 0 0 7.5 20h9a1.5 1.5 0 0 0 1.5-1.5v-10zM13.5 4v4.5H18"
            }
            Self::Download => "M12 4.5v10M7.5 10.2l4.5 4.5 4.5-4.5M5 19h14",
            Self::Muted => "M8 8.2A5 5 0 0 0 7 11v3.5l-1.5 2H17M9.6 6.6A5 5 0 0 1 17 11v2.8M10.5 19h3M4.5 4.5l15 15",
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
