//! Made-up words of three scripts, the same in every run, some far more often than others, as in a language.

/// How many words a script has, less one: the words of each octave of ranks are as many texts' as those of the octave before.
const OCTAVES: usize = 14;
/// How many words a script has.
pub(crate) const WORDS: usize = (1 << OCTAVES) - 1;

/// Numbers that look random and are the same in every run (`SplitMix64`).
pub(crate) struct Dice(u64);

impl Dice {
    /// Other numbers for each seed.
    pub(crate) fn of(seed: usize) -> Self {
        Self(seed as u64 ^ 0x5851_f42d_4c95_7f2d)
    }

    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `n`.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.roll() % n.max(1) as u64).unwrap_or(0)
    }

    /// The rank of a word: the first one comes as often as the two after it, and those as often as the next four.
    fn rank(&mut self) -> usize {
        let octave = 1 << self.below(OCTAVES);
        octave - 1 + self.below(octave)
    }

    fn one_of<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[self.below(all.len())]
    }
}

/// What a conversation is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Script {
    Latin,
    Cyrillic,
    Chinese,
}

impl Script {
    /// Six of ten conversations are in Latin letters, three in Cyrillic ones, one is in Chinese.
    pub(crate) fn of(conversation: usize) -> Self {
        match Dice::of(conversation).below(10) {
            0..6 => Self::Latin,
            6..9 => Self::Cyrillic,
            _ => Self::Chinese,
        }
    }

    /// The word of a rank.
    pub(crate) fn word(self, rank: usize) -> String {
        let mut dice = Dice::of(rank * 3 + self as usize);
        match self {
            Self::Latin => syllables(
                &mut dice,
                &[
                    "b", "br", "d", "dr", "f", "g", "gl", "h", "k", "l", "m", "n", "p", "r", "s", "st", "t", "v", "w",
                    "z",
                ],
                &["a", "e", "i", "o", "u", "ai", "en", "or", "ü"],
            ),
            Self::Cyrillic => syllables(
                &mut dice,
                &["б", "в", "г", "д", "ж", "з", "к", "л", "м", "н", "п", "пр", "р", "с", "ст", "т", "ч", "ш"],
                &["а", "е", "и", "о", "у", "ы", "я", "ой", "ен"],
            ),
            Self::Chinese => {
                (0..2).filter_map(|_| char::from_u32(0x4e00 + u32::try_from(dice.below(2_500)).ok()?)).collect()
            }
        }
    }

    /// What somebody writes: some words, and every eighth time the number of an order.
    pub(crate) fn text(self, n: usize) -> String {
        let mut dice = Dice::of(n.wrapping_mul(31));
        let n_words = 2 + dice.below(15);
        let words: Vec<String> = (0..n_words).map(|_| self.word(dice.rank())).collect();
        let mut text = match self {
            Self::Latin | Self::Cyrillic => words.join(" "),
            Self::Chinese => words.concat(),
        };
        if n.is_multiple_of(8) {
            text.push(' ');
            text.push_str(&order(n));
        }
        text
    }

    /// A client's name.
    pub(crate) fn name(self, contact: usize) -> String {
        let mut dice = Dice::of(contact.wrapping_mul(17));
        let (given, family) = (self.given(dice.below(300)), self.word(WORDS / 2 + dice.below(WORDS / 2)));
        format!("{given} {family}")
    }

    /// A given name: one client of 300 has it.
    pub(crate) fn given(self, n: usize) -> String {
        capital(&self.word(WORDS / 4 + n))
    }
}

fn syllables(dice: &mut Dice, onsets: &[&str], rests: &[&str]) -> String {
    let n = 2 + dice.below(3);
    (0..n).flat_map(|_| [dice.one_of(onsets), dice.one_of(rests)]).collect()
}

/// The number of an order, which is in the message of that number and in no other.
pub(crate) fn order(n: usize) -> String {
    format!("#{n:07}")
}

/// With a capital letter in front.
pub(crate) fn capital(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
