//! Addresses that strangers name: to ask, and to come back to.

use fuzz_bounds::Target;
use outbound::{Target as Asked, is_public};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use url::{Host, Url};

/// A line that is an address, or an address and on a second line where it redirects to.
pub const ADDRESS: Target =
    Target { name: "address", longest: 8192, most: 64 << 10, most_per_byte: 64, most_ms: 500, body: address };

/// What the settings let through, as on a laptop.
const ALSO: &str = "127.0.0.1:8302";

fn address(bytes: &[u8]) {
    numbers(bytes);
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let also = [ALSO.to_owned()];
    let (first, next) = text.split_once('\n').unwrap_or((text, ""));
    let Ok(first) = Asked::read(first, &also) else { return };
    allowed(&first);
    // A redirect is read like the first address.
    if let Ok(next) = first.url().join(next)
        && let Ok(next) = Asked::read(next.as_str(), &also)
    {
        allowed(&next);
    }
}

fn allowed(asked: &Asked) {
    let url = asked.url();
    assert!(url.username().is_empty() && url.password().is_none(), "{url} holds a name or password");
    match asked {
        Asked::Also(url) => assert_eq!((url.scheme(), url.authority()), ("http", ALSO), "{url}"),
        Asked::Public(url) => {
            assert_eq!((url.scheme(), url.port_or_known_default()), ("https", Some(443)), "{url}");
            match url.host() {
                Some(Host::Ipv4(address)) => assert!(!is_apart(address), "{url} is not public"),
                Some(Host::Ipv6(address)) => assert!(!is_apart_6(address), "{url} is not public"),
                Some(Host::Domain(name)) => assert!(name.parse::<IpAddr>().is_err(), "{url} is an address"),
                None => assert!(url.has_host(), "{url} leads nowhere"),
            }
        }
    }
    // What is connected to is what was read.
    assert_eq!(Url::parse(url.as_str()).as_ref(), Ok(url));
}

/// The first bytes as addresses of both kinds.
fn numbers(bytes: &[u8]) {
    if let Some(four) = bytes.first_chunk::<4>() {
        let address = Ipv4Addr::from(*four);
        assert!(!(is_apart(address) && is_public(address.into())), "{address} counts as public");
        assert!(!is_public(address.to_ipv6_mapped().into()), "{address} mapped counts as public");
    }
    if let Some(sixteen) = bytes.first_chunk::<16>() {
        let address = Ipv6Addr::from(*sixteen);
        assert!(!(is_apart_6(address) && is_public(address.into())), "{address} counts as public");
    }
}

/// As the standard library sees it.
fn is_apart(address: Ipv4Addr) -> bool {
    let [first, second, ..] = address.octets();
    address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_broadcast()
        || address.is_documentation()
        || address.is_multicast()
        || first == 0
        || (first == 100 && (64..128).contains(&second))
}

/// As the standard library sees it, and what carries IPv4 within.
fn is_apart_6(address: Ipv6Addr) -> bool {
    let [first, second, ..] = address.segments();
    address.is_loopback()
        || address.is_unspecified()
        || address.is_multicast()
        || address.is_unique_local()
        || address.is_unicast_link_local()
        || address.to_ipv4().is_some()
        || first == 0x2002
        || (first == 0x64 && second == 0xff9b)
        || (first == 0x2001 && second == 0)
}

/// The page to come back to after a sign-in.
pub const RETURN_PATH: Target =
    Target { name: "return_path", longest: 2048, most: 64 << 10, most_per_byte: 64, most_ms: 500, body: return_path };

fn return_path(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let path = identity::safe_path(text);
    assert!(path == text || path == "/", "{path} was made of {text}");
    let site = Url::parse("https://app.example").and_then(|site| site.join(path));
    let origin = site.map(|url| url.origin().ascii_serialization());
    assert_eq!(origin.as_deref(), Ok("https://app.example"), "{path} leads away");
    assert!(!path.bytes().any(|byte| byte.is_ascii_control() || byte == b'\\'), "{path:?} breaks a header");
}
