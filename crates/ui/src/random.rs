//! Chance, as the browser gives it.

/// 80 random bits for an id.
///
/// # Panics
/// In what is no page.
#[must_use]
pub fn random() -> [u8; 10] {
    let mut bits = [0; 10];
    let crypto = web_sys::window().and_then(|window| window.crypto().ok());
    let drawn = crypto.is_some_and(|crypto| crypto.get_random_values_with_u8_array(&mut bits).is_ok());
    assert!(drawn, "every extension page has a source of randomness");
    bits
}
