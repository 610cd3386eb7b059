//! From where somebody uses the service: an address, and which browser and system, never more of the browser's own words.

use serde::{Deserialize, Serialize};

/// From where a request came.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The IP address.
    pub address: String,
    /// The browser's family, such as `Firefox`.
    pub browser: String,
    /// The system's family, such as `Android`.
    pub system: String,
}

const OTHER: &str = "Other";
/// Families by a mark in the browser's words, the more particular first: most browsers also claim to be another.
const BROWSERS: &[(&str, &str)] = &[
    ("Edg/", "Edge"),
    ("EdgA/", "Edge"),
    ("EdgiOS/", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chromium/", "Chromium"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
    ("curl/", "curl"),
    ("python-requests/", "Python"),
    ("Python-urllib/", "Python"),
];
const SYSTEMS: &[(&str, &str)] = &[
    ("Android", "Android"),
    ("iPhone", "iOS"),
    ("iPad", "iPadOS"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
];

impl Place {
    /// Reads the families out of a `User-Agent`; the words themselves are not kept.
    #[must_use]
    pub fn new(address: &str, user_agent: &str) -> Self {
        let family = |families: &[(&str, &str)]| {
            let found = families.iter().find(|(mark, _)| user_agent.contains(mark));
            found.map_or(OTHER, |(_, family)| *family).to_owned()
        };
        // The longest address, IPv6 with a mapped IPv4, has 45 characters.
        let address = address.chars().take(45).collect();
        Self { address, browser: family(BROWSERS), system: family(SYSTEMS) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_are_read_and_nothing_else_is_kept() {
        let cases = [
            (
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36",
                "Chrome",
                "Linux",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/156.0 Safari/537.36 Edg/156.0",
                "Edge",
                "Windows",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1 Version/19.0 Mobile Safari/604.1",
                "Safari",
                "iOS",
            ),
            ("Mozilla/5.0 (Android 16; Mobile; rv:150.0) Gecko/150.0 Firefox/150.0", "Firefox", "Android"),
            ("", "Other", "Other"),
        ];
        for (words, browser, system) in cases {
            let place = Place::new("192.0.2.7", words);
            assert_eq!((place.browser.as_str(), place.system.as_str()), (browser, system), "{words}");
        }
    }
}
