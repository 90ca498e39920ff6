//! The title of a window of the panel's own.

use yew::{hook, use_effect_with};

use super::PanelContext;
use crate::text::{fill, texts};

/// Keeps the window's title: whose panel it is, and how many conversations wait (N8).
#[hook]
pub fn use_title(panel: &PanelContext, popped_out: bool) {
    let name = panel.desk.me().map(|me| me.name.as_str());
    let title = popped_out.then(|| title(name, panel.desk.n_waiting()));
    use_effect_with(title, |title| {
        let document = web_sys::window().and_then(|window| window.document());
        if let (Some(document), Some(title)) = (document, title) {
            document.set_title(title);
        }
    });
}

fn title(name: Option<&str>, n_waiting: u32) -> String {
    let title = match name {
        Some(name) => fill(texts().window_title, &[("name", name)]),
        None => texts().product.to_owned(),
    };
    if n_waiting == 0 { title } else { format!("({n_waiting}) {title}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_windows_title_says_whose_it_is_and_how_many_wait() {
        // N8
        assert_eq!(title(None, 0), "Deskside");
        assert_eq!(title(Some("Mia"), 0), "Deskside – Mia");
        assert_eq!(title(Some("Mia"), 3), "(3) Deskside – Mia");
    }
}
