//! Which browser it is, by what it says of itself.

/// What a `User-Agent` has before a version, and whose it is. Nearly all call themselves Mozilla, and most Chrome and Safari too, so the
/// rarer a name is the earlier it stands.
const BROWSERS: [(&str, &str); 19] = [
    ("EdgiOS/", "Edge"),
    ("EdgA/", "Edge"),
    ("Edg/", "Edge"),
    ("OPiOS/", "Opera"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("YaBrowser/", "Yandex Browser"),
    ("Vivaldi/", "Vivaldi"),
    ("UCBrowser/", "UC Browser"),
    ("DuckDuckGo/", "DuckDuckGo"),
    ("Ddg/", "DuckDuckGo"),
    ("HuaweiBrowser/", "Huawei Browser"),
    ("MiuiBrowser/", "Mi Browser"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("HeadlessChrome/", "Chrome"),
    ("Chrome/", "Chrome"),
    // Only Safari itself puts its version there.
    ("Version/", "Safari"),
];

/// What a `User-Agent` has for a system. Android calls itself Linux too, and an iPhone "like Mac OS X".
const SYSTEMS: [(&str, &str); 9] = [
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPad", "iPadOS"),
    ("iPhone", "iOS"),
    ("iPod", "iOS"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"),
    ("Macintosh", "macOS"),
    ("Linux", "Linux"),
];

/// The browser behind a `User-Agent`, such as "Chrome 156 on Windows"; what is not known is left out, and empty if nothing is.
#[must_use]
pub fn browser_name(user_agent: &str) -> String {
    let browser = BROWSERS.iter().find_map(|(mark, name)| {
        let (_, after) = user_agent.split_once(mark)?;
        // "Version/" alone is also in the word of web views and old browsers of phones.
        (*name != "Safari" || user_agent.contains("Safari/")).then(|| (*name, version(after)))
    });
    let system = SYSTEMS.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, name)| *name);
    match (browser, system) {
        (Some((name, version)), Some(system)) => format!("{name}{version} on {system}"),
        (Some((name, version)), None) => format!("{name}{version}"),
        (None, Some(system)) => system.to_owned(),
        (None, None) => String::new(),
    }
}

/// The first number of a version with a space before it; nothing if there is none, or one that nobody would believe.
fn version(after: &str) -> String {
    let digits: String = after.chars().take_while(char::is_ascii_digit).collect();
    if digits.is_empty() || digits.len() > 4 { String::new() } else { format!(" {digits}") }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::browser_name;

    /// What browsers say, `~` for what nearly all of them do, and their names.
    const SAID: [(&str, &str); 24] = [
        ("(Windows NT 10.0; Win64; x64) ~537 Chrome/156.0.0.0 Safari/537.36", "Chrome 156 on Windows"),
        ("(X11; Linux x86_64) ~537 HeadlessChrome/156.0.0.0 Safari/537.36", "Chrome 156 on Linux"),
        ("(Windows NT 10.0; Win64; x64) ~537 Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0", "Edge 140 on Windows"),
        ("(Linux; Android 10; K) ~537 Chrome/139.0.0.0 Mobile Safari/537.36", "Chrome 139 on Android"),
        ("(Linux; Android 10; K) ~537 Chrome/139.0.0.0 Mobile Safari/537.36 EdgA/139.0.0.0", "Edge 139 on Android"),
        (
            "(Linux; Android 10; K) ~537 SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36",
            "Samsung Internet 28 on Android",
        ),
        ("(X11; CrOS x86_64 14541.0.0) ~537 Chrome/138.0.0.0 Safari/537.36", "Chrome 138 on ChromeOS"),
        ("(Macintosh; Intel Mac OS X 10_15_7) ~537 Chrome/141.0.0.0 Safari/537.36 OPR/125.0.0.0", "Opera 125 on macOS"),
        (
            "(Windows NT 10.0; Win64; x64) ~537 Chrome/138.0.0.0 YaBrowser/25.8.0.0 Safari/537.36",
            "Yandex Browser 25 on Windows",
        ),
        (
            "(Windows NT 10.0; Win64; x64) ~537 Chrome/138.0.0.0 Safari/537.36 Vivaldi/7.5.3735.66",
            "Vivaldi 7 on Windows",
        ),
        ("(Macintosh; Intel Mac OS X 10_15_7) ~605 Version/18.5 Safari/605.1.15", "Safari 18 on macOS"),
        ("(iPhone; CPU iPhone OS 18_5 like Mac OS X) ~605 Version/18.5 Mobile/15E148 Safari/604.1", "Safari 18 on iOS"),
        ("(iPad; CPU OS 18_5 like Mac OS X) ~605 Version/18.5 Mobile/15E148 Safari/604.1", "Safari 18 on iPadOS"),
        (
            "(iPhone; CPU iPhone OS 18_5 like Mac OS X) ~605 CriOS/139.0.7258.76 Mobile/15E148 Safari/604.1",
            "Chrome 139 on iOS",
        ),
        (
            "(iPhone; CPU iPhone OS 18_5 like Mac OS X) ~605 FxiOS/142.0 Mobile/15E148 Safari/604.1",
            "Firefox 142 on iOS",
        ),
        (
            "(iPhone; CPU iPhone OS 18_5 like Mac OS X) ~605 Version/18.0 EdgiOS/139.0 Mobile/15E148 Safari/604.1",
            "Edge 139 on iOS",
        ),
        ("(Macintosh; Intel Mac OS X 10_15_7) ~605 Version/18.5 Safari/605.1.15 Ddg/18.5", "DuckDuckGo 18 on macOS"),
        ("(X11; Ubuntu; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0", "Firefox 142 on Linux"),
        ("(Android 15; Mobile; rv:142.0) Gecko/142.0 Firefox/142.0", "Firefox 142 on Android"),
        ("(Windows NT 6.1; WOW64; Trident/7.0; rv:11.0) like Gecko", "Windows"),
        ("curl/8.14.1", ""),
        ("", ""),
        ("Firefox/", "Firefox"),
        ("Chrome/99999999999999999999", "Chrome"),
    ];

    #[test]
    fn browsers_are_told_by_what_they_say_of_themselves() {
        // I1
        for (said, name) in SAID {
            let said = said
                .replace("~537", "AppleWebKit/537.36 (KHTML, like Gecko)")
                .replace("~605", "AppleWebKit/605.1.15 (KHTML, like Gecko)");
            assert_eq!(browser_name(&format!("Mozilla/5.0 {said}")), name, "{said}");
        }
        assert_eq!(browser_name(""), "");
    }

    proptest! {
        #[test]
        fn whatever_a_browser_says_its_name_is_short_and_our_own_words(user_agent in "\\PC{0,60}(Chrome|Firefox|Version|Safari)/\\PC{0,30}(Windows|Linux)?") {
            let name = browser_name(&user_agent);
            prop_assert!(name.len() <= 40 && name.is_ascii(), "{}", name);
        }
    }
}
