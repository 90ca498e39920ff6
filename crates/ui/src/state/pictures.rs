//! Pictures of messages that were fetched, by their ids; the least recently shown are forgotten first (F3).

use std::cell::RefCell;
use std::rc::Rc;

use crate::blob_url::BlobUrl;

/// How many are kept.
const MAX: usize = 24;

/// The pictures of one account, shared by all that shows them.
#[derive(Clone, Debug, Default)]
pub struct Pictures(Rc<RefCell<Vec<(String, BlobUrl)>>>);

impl PartialEq for Pictures {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Pictures {
    /// A picture, if it is there.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<BlobUrl> {
        let mut kept = self.0.borrow_mut();
        let at = kept.iter().position(|(known, _)| known == id)?;
        let found = kept.remove(at);
        let url = found.1.clone();
        kept.push(found);
        Some(url)
    }

    /// Keeps one.
    pub fn put(&self, id: &str, url: BlobUrl) {
        let mut kept = self.0.borrow_mut();
        kept.retain(|(known, _)| known != id);
        if kept.len() >= MAX {
            kept.remove(0);
        }
        kept.push((id.to_owned(), url));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_recently_shown_picture_is_forgotten_first() {
        // F3
        let pictures = Pictures::default();
        let id = |n: usize| format!("att_{n}");
        (0..MAX).for_each(|n| pictures.put(&id(n), BlobUrl::from(id(n))));
        assert!(pictures.get(&id(0)).is_some(), "it was shown again");
        pictures.put("att_more", BlobUrl::from(String::from("more")));
        pictures.put("att_more", BlobUrl::from(String::from("again")));
        let kept: Vec<usize> = (0..MAX).filter(|n| pictures.get(&id(*n)).is_some()).collect();
        assert_eq!((kept.len(), kept.contains(&0), kept.contains(&1)), (MAX - 1, true, false));
        assert_eq!(pictures.get("att_more").map(|url| url.address()).as_deref(), Some("again"));
    }
}
