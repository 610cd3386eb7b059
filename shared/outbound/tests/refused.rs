//! Addresses that must never be asked, one a line, and some that may.

use outbound::{Outbound, OutboundError, Settings};
use std::time::Duration;

/// Why each is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Why {
    NotPublic,
    NotHttps,
    Credentials,
    Port,
    Unreadable,
}

const REFUSED: &[(Why, &str)] = &[
    // This machine, in every spelling that a browser reads.
    (Why::NotPublic, "https://127.0.0.1/"),
    (Why::NotPublic, "https://127.0.0.1:443/"),
    (Why::NotPublic, "https://127.1/"),
    (Why::NotPublic, "https://127.0.1/"),
    (Why::NotPublic, "https://127.255.255.254/"),
    (Why::NotPublic, "https://2130706433/"),
    (Why::NotPublic, "https://0x7f000001/"),
    (Why::NotPublic, "https://0x7f.0x0.0x0.0x1/"),
    (Why::NotPublic, "https://0177.0.0.1/"),
    (Why::NotPublic, "https://017700000001/"),
    (Why::NotPublic, "https://127.0.0.1./"),
    (Why::NotPublic, "https://①②⑦.⓪.⓪.①/"),
    (Why::NotPublic, "https://127。0。0。1/"),
    (Why::NotPublic, "https://%31%32%37.0.0.1/"),
    (Why::NotPublic, "https:127.0.0.1/"),
    (Why::NotPublic, "https:\\\\127.0.0.1\\"),
    (Why::NotPublic, "  https://127.0.0.1/  "),
    (Why::NotPublic, "https://127.0.\t0.1/"),
    (Why::NotPublic, "HTTPS://127.0.0.1/"),
    (Why::NotPublic, "https://0.0.0.0/"),
    (Why::NotPublic, "https://0/"),
    (Why::NotPublic, "https://0.1.2.3/"),
    (Why::NotPublic, "https://localhost/"),
    (Why::NotPublic, "https://LOCALHOST/"),
    (Why::NotPublic, "https://[::1]/"),
    (Why::NotPublic, "https://[0:0:0:0:0:0:0:1]/"),
    (Why::NotPublic, "https://[::]/"),
    // Metadata and credentials of clouds.
    (Why::NotPublic, "https://169.254.169.254/latest/meta-data/"),
    (Why::NotPublic, "https://2852039166/"),
    (Why::NotPublic, "https://0xa9fea9fe/"),
    (Why::NotPublic, "https://0251.0376.0251.0376/"),
    (Why::NotPublic, "https://169.254.170.2/v2/credentials"),
    (Why::NotPublic, "https://169.254.0.1/"),
    (Why::NotPublic, "https://[fd00:ec2::254]/"),
    (Why::NotPublic, "https://100.100.100.200/"),
    (Why::NotPublic, "https://168.63.129.16/"),
    // Private, shared, and set apart.
    (Why::NotPublic, "https://10.0.0.1/"),
    (Why::NotPublic, "https://10.255.255.255/"),
    (Why::NotPublic, "https://172.16.0.1/"),
    (Why::NotPublic, "https://172.31.255.255/"),
    (Why::NotPublic, "https://192.168.0.1/"),
    (Why::NotPublic, "https://3232235521/"),
    (Why::NotPublic, "https://100.64.0.1/"),
    (Why::NotPublic, "https://100.127.255.255/"),
    (Why::NotPublic, "https://192.0.0.170/"),
    (Why::NotPublic, "https://192.0.2.1/"),
    (Why::NotPublic, "https://192.88.99.1/"),
    (Why::NotPublic, "https://198.18.0.1/"),
    (Why::NotPublic, "https://198.51.100.1/"),
    (Why::NotPublic, "https://203.0.113.1/"),
    (Why::NotPublic, "https://224.0.0.1/"),
    (Why::NotPublic, "https://239.255.255.255/"),
    (Why::NotPublic, "https://240.0.0.1/"),
    (Why::NotPublic, "https://255.255.255.255/"),
    // The same of IPv6, and IPv4 in it.
    (Why::NotPublic, "https://[fc00::1]/"),
    (Why::NotPublic, "https://[fdff::1]/"),
    (Why::NotPublic, "https://[fe80::1]/"),
    (Why::NotPublic, "https://[fec0::1]/"),
    (Why::NotPublic, "https://[ff02::1]/"),
    (Why::NotPublic, "https://[2001:db8::1]/"),
    (Why::NotPublic, "https://[3fff::1]/"),
    (Why::NotPublic, "https://[100::1]/"),
    (Why::NotPublic, "https://[5f00::1]/"),
    (Why::NotPublic, "https://[2001:2::1]/"),
    (Why::NotPublic, "https://[2001:10::1]/"),
    (Why::NotPublic, "https://[::ffff:127.0.0.1]/"),
    (Why::NotPublic, "https://[::ffff:7f00:1]/"),
    (Why::NotPublic, "https://[::ffff:169.254.169.254]/"),
    (Why::NotPublic, "https://[::127.0.0.1]/"),
    (Why::NotPublic, "https://[64:ff9b::10.0.0.1]/"),
    (Why::NotPublic, "https://[64:ff9b:1::a9fe:a9fe]/"),
    (Why::NotPublic, "https://[2002:7f00:1::]/"),
    (Why::NotPublic, "https://[2002:a9fe:a9fe::1]/"),
    (Why::NotPublic, "https://[2001:0:7f00:1::]/"),
    // Other schemes and ports, and what hides the host.
    (Why::NotHttps, "http://example.com/"),
    (Why::NotHttps, "http://127.0.0.1:8301/"),
    (Why::NotHttps, "ftp://example.com/"),
    (Why::NotHttps, "file:///etc/passwd"),
    (Why::NotHttps, "gopher://127.0.0.1:6379/_INFO"),
    (Why::NotHttps, "data:text/plain,hello"),
    (Why::NotHttps, "javascript:alert(1)"),
    (Why::NotHttps, "localhost:443"),
    (Why::Port, "https://example.com:80/"),
    (Why::Port, "https://example.com:22/"),
    (Why::Port, "https://example.com:8443/"),
    (Why::Port, "https://example.com:0/"),
    (Why::Credentials, "https://user@example.com/"),
    (Why::Credentials, "https://user:password@example.com/"),
    (Why::Credentials, "https://example.com@127.0.0.1/"),
    (Why::Credentials, "https://:password@example.com/"),
    (Why::Unreadable, ""),
    (Why::Unreadable, "example.com"),
    (Why::Unreadable, "//example.com/"),
    (Why::Unreadable, "https://"),
    (Why::Unreadable, "https://[::1%25eth0]/"),
    (Why::Unreadable, "https://256.256.256.256/"),
    (Why::Unreadable, "https://exa mple.com/"),
    (Why::Unreadable, "https://127.0.0.1%00.example.com/"),
    (Why::Unreadable, "https://example.com:99999/"),
];

fn outbound() -> Outbound {
    Outbound::new(Settings { patience: Duration::from_secs(5), also: vec![] })
}

fn is(error: &OutboundError, why: Why) -> bool {
    match why {
        Why::NotPublic => *error == OutboundError::NotPublic,
        Why::NotHttps => *error == OutboundError::NotHttps,
        Why::Credentials => *error == OutboundError::Credentials,
        Why::Port => matches!(error, OutboundError::Port { .. }),
        Why::Unreadable => *error == OutboundError::Unreadable,
    }
}

#[tokio::test]
async fn no_such_address_is_asked_however_it_is_spelled() {
    let outbound = outbound();
    for (why, address) in REFUSED {
        for error in [
            outbound.check(address).await.unwrap_err(),
            outbound.get(address, 1).await.unwrap_err(),
            outbound.post(address, &[], vec![]).await.unwrap_err(),
        ] {
            assert!(is(&error, *why) && error.is_refusal(), "{address}: {error:?} is not {why:?}");
        }
    }
    assert!(REFUSED.len() >= 60);
}

#[tokio::test]
async fn public_addresses_may_be_asked() {
    for address in
        ["https://93.184.216.34/", "https://1.1.1.1/a?b#c", "https://[2606:4700:4700::1111]/", "https://8.8.8.8:443/"]
    {
        assert_eq!(outbound().check(address).await, Ok(()), "{address}");
    }
}

#[tokio::test]
async fn an_endless_address_is_refused_with_its_length() {
    let address = format!("https://example.com/{}", "a".repeat(2029));
    let error = outbound().check(&address).await.unwrap_err();
    assert_eq!(error.sentence(), "The address has 2049 characters, 2048 at most are taken.");
}
