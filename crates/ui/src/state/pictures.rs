//! Pictures of messages: a few are fetched at a time, and those that were are kept for a while (F3).

use std::cell::RefCell;
use std::rc::Rc;

use yew::Callback;

use crate::blob_url::BlobUrl;

/// How many are kept.
const MAX: usize = 24;
/// How many bytes they may have together.
const MAX_BYTES: u64 = 32 << 20;
/// How many are fetched at a time.
const AT_A_TIME: usize = 3;

/// The pictures of one account, shared by all that shows them. The least recently shown are forgotten first.
#[derive(Clone, Debug, Default)]
pub struct Pictures(Rc<RefCell<Held>>);

#[derive(Debug, Default)]
struct Held {
    kept: Vec<Kept>,
    n_going: usize,
    /// Those that are to be fetched, by their ids; the last one comes next.
    wanted: Vec<(String, Callback<()>)>,
}

#[derive(Debug)]
struct Kept {
    id: String,
    url: BlobUrl,
    bytes: u64,
}

impl PartialEq for Pictures {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Pictures {
    /// A picture, if it is there.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<BlobUrl> {
        let kept = &mut self.0.borrow_mut().kept;
        let at = kept.iter().position(|known| known.id == id)?;
        let found = kept.remove(at);
        let url = found.url.clone();
        kept.push(found);
        Some(url)
    }

    /// Keeps one, which has so many bytes.
    pub fn put(&self, id: &str, url: BlobUrl, bytes: u64) {
        let kept = &mut self.0.borrow_mut().kept;
        kept.retain(|known| known.id != id);
        kept.push(Kept { id: id.to_owned(), url, bytes });
        while kept.len() > MAX || kept.iter().map(|known| known.bytes).sum::<u64>() > MAX_BYTES {
            kept.remove(0);
        }
    }

    /// Has `fetch` called as soon as it is its turn. What came near last is likeliest in sight.
    pub fn want(&self, id: &str, fetch: Callback<()>) {
        self.0.borrow_mut().wanted.push((id.to_owned(), fetch));
        self.go_on();
    }

    /// One whose turn has not come is not wanted any more.
    pub fn forgo(&self, id: &str) {
        self.0.borrow_mut().wanted.retain(|(wanted, _)| wanted != id);
    }

    /// One is being fetched.
    pub fn fetching(&self) {
        self.0.borrow_mut().n_going += 1;
    }

    /// It came, or did not.
    pub fn fetched(&self) {
        self.0.borrow_mut().n_going -= 1;
        self.go_on();
    }

    fn go_on(&self) {
        while self.0.borrow().n_going < AT_A_TIME {
            let Some((_, fetch)) = self.0.borrow_mut().wanted.pop() else { return };
            fetch.emit(());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: usize) -> String {
        format!("att_{n}")
    }

    fn url(address: &str) -> BlobUrl {
        BlobUrl::from(address.to_owned())
    }

    #[test]
    fn the_least_recently_shown_picture_is_forgotten_first() {
        // F3
        let pictures = Pictures::default();
        (0..MAX).for_each(|n| pictures.put(&id(n), url(&id(n)), 1));
        assert!(pictures.get(&id(0)).is_some(), "it was shown again");
        pictures.put("att_more", url("more"), 1);
        pictures.put("att_more", url("again"), 1);
        let kept: Vec<usize> = (0..MAX).filter(|n| pictures.get(&id(*n)).is_some()).collect();
        assert_eq!((kept.len(), kept.contains(&0), kept.contains(&1)), (MAX - 1, true, false));
        assert_eq!(pictures.get("att_more").map(|url| url.address()).as_deref(), Some("again"));
    }

    #[test]
    fn large_pictures_are_fewer() {
        // F3
        let pictures = Pictures::default();
        (0..5).for_each(|n| pictures.put(&id(n), url(&id(n)), MAX_BYTES / 3));
        let kept: Vec<usize> = (0..5).filter(|n| pictures.get(&id(*n)).is_some()).collect();
        assert_eq!(kept, [2, 3, 4]);
        pictures.put("att_huge", url("huge"), MAX_BYTES + 1);
        assert_eq!(pictures.0.borrow().kept.len(), 0, "it is shown, and not kept");
    }

    #[test]
    fn three_are_fetched_at_a_time_and_what_went_out_of_sight_is_not() {
        // F3
        let (pictures, asked) = (Pictures::default(), Rc::new(RefCell::new(Vec::new())));
        for n in 0..6 {
            let (asked, held) = (asked.clone(), pictures.clone());
            let fetch = move |()| {
                held.fetching();
                asked.borrow_mut().push(n);
            };
            pictures.want(&id(n), Callback::from(fetch));
        }
        assert_eq!(*asked.borrow(), [0, 1, 2]);
        pictures.forgo(&id(4));
        pictures.forgo(&id(0));
        pictures.fetched();
        assert_eq!(*asked.borrow(), [0, 1, 2, 5], "the one that came near last");
        (0..2).for_each(|_| pictures.fetched());
        assert_eq!(*asked.borrow(), [0, 1, 2, 5, 3]);
        // One that a click asks for waits for nobody, and others wait for it.
        (0..2).for_each(|_| pictures.fetching());
        pictures.fetched();
        pictures.want("att_7", Callback::from(|()| panic!("four are fetched")));
    }
}
