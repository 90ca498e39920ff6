//! A few things by name. A tree for each kind of them was a twentieth of the panel; a list of some dozens is as quick.

/// The things, each with its name, in the order in which they came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Few<T>(Vec<(String, T)>);

impl<T> Default for Few<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Few<T> {
    fn at(&self, name: &str) -> Option<usize> {
        self.0.iter().position(|(known, _)| known == name)
    }

    /// The one of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&T> {
        self.0.get(self.at(name)?).map(|(_, one)| one)
    }

    /// The same, to be changed.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut T> {
        let at = self.at(name)?;
        self.0.get_mut(at).map(|(_, one)| one)
    }

    /// The same; if there is none, it is made.
    pub fn get_or(&mut self, name: &str, make: impl FnOnce() -> T) -> &mut T {
        let at = self.at(name).unwrap_or_else(|| {
            self.0.push((name.to_owned(), make()));
            self.0.len() - 1
        });
        &mut self.0[at].1
    }

    /// Takes one out.
    pub fn remove(&mut self, name: &str) -> Option<T> {
        let at = self.at(name)?;
        Some(self.0.remove(at).1)
    }

    /// Keeps only some.
    pub fn retain(&mut self, stays: impl Fn(&str, &T) -> bool) {
        self.0.retain(|(name, one)| stays(name, one));
    }

    /// The names.
    pub fn names(&self) -> impl Iterator<Item = &String> {
        self.0.iter().map(|(name, _)| name)
    }

    /// All of them.
    pub fn values(&self) -> impl Iterator<Item = &T> {
        self.0.iter().map(|(_, one)| one)
    }

    /// All of them, to be changed.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.0.iter_mut().map(|(_, one)| one)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_has_one() {
        let mut few = Few::default();
        *few.get_or("a", || 1) += 1;
        *few.get_or("a", || 9) += 1;
        few.get_or("b", || 5);
        assert_eq!((few.get("a"), few.get("c"), few.names().count()), (Some(&3), None, 2));
        few.values_mut().for_each(|one| *one *= 2);
        assert_eq!((few.values().sum::<i32>(), few.get_mut("b").copied()), (16, Some(10)));
        few.retain(|name, _| name != "a");
        assert_eq!((few.remove("a"), few.remove("b"), few), (None, Some(10), Few::default()));
    }
}
