//! A page that a client opened (I1).

use protocol::visit::PageSeen;
use yew::{AttrValue, Html, Properties, component, html};

/// The page's properties.
#[derive(Properties, PartialEq)]
pub struct VisitPageProps {
    /// The page.
    pub page: PageSeen,
    /// What tests find it by.
    pub testid: AttrValue,
}

/// Its title, which leads to it, and its address below. What is too long is cut, and whole where it is pointed at.
#[component]
pub fn VisitPage(props: &VisitPageProps) -> Html {
    let PageSeen { url, title, .. } = &props.page;
    let Some(address) = address(url) else {
        return html! { <span class="ds-visit-page" data-testid={props.testid.clone()} title={url.clone()} dir="auto">{ url }</span> };
    };
    let (name, whole) =
        if title.is_empty() { (address, url.clone()) } else { (title.as_str(), format!("{title}\n{url}")) };
    html! {
        <span class="ds-visit-page" data-testid={props.testid.clone()}>
            // It leads out of Gmail and says nothing of where one came from.
            <a class="ds-visit-page__link" href={url.clone()} target="_blank" rel="noopener noreferrer nofollow" title={whole} dir="auto">{ name }</a>
            if !title.is_empty() {
                <span class="ds-visit-page__address" dir="ltr">{ address }</span>
            }
        </span>
    }
}

/// An address of the web without its scheme; nothing else is a link.
fn address(url: &str) -> Option<&str> {
    let address = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
    Some(address.strip_suffix('/').unwrap_or(address))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_the_web_are_links() {
        // I1
        assert_eq!(address("https://shop.example/"), Some("shop.example"));
        assert_eq!(address("http://shop.example/a?b"), Some("shop.example/a?b"));
        for other in ["javascript:alert(1)", "data:text/html,x", "//shop.example", "HTTPS-not://x", ""] {
            assert_eq!(address(other), None, "{other}");
        }
    }
}
