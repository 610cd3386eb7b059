//! What hosts may try once they are asked: a host on this machine, which the settings name.

#![expect(clippy::unwrap_used, reason = "tests")]

use outbound::{Fetched, Outbound, OutboundError, Settings};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// One answer for each request in turn; an empty one, and one that ends with `hold`, keeps the line open.
async fn host(answers: Vec<String>) -> (String, tokio::task::JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let named = listener.local_addr().unwrap().to_string();
    let heard = tokio::spawn(async move {
        let mut heard = Vec::new();
        for answer in answers {
            let (mut line, _) = listener.accept().await.unwrap();
            heard.push(request(&mut line).await);
            // Whoever stops reading closes the line, and the rest cannot be written: that is what some tests want.
            let _ = line.write_all(answer.as_bytes()).await;
            if answer.is_empty() || answer.ends_with("hold") {
                let _ = line.read(&mut [0]).await;
            }
        }
        heard
    });
    (named, heard)
}

/// The head of a request, and a body of the length that it says.
async fn request(line: &mut TcpStream) -> String {
    let mut all = Vec::new();
    let mut some = [0; 4096];
    loop {
        let read = line.read(&mut some).await.unwrap();
        all.extend_from_slice(&some[..read]);
        let text = String::from_utf8_lossy(&all).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok()).unwrap_or(0);
        if read == 0 || body.len() >= length {
            return text;
        }
    }
}

fn outbound(also: &[&str], patience: Duration) -> Outbound {
    Outbound::new(Settings { patience, also: also.iter().map(ToString::to_string).collect() })
}

fn answer(status: &str, head: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n{head}\r\n{body}", body.len())
}

const PATIENT: Duration = Duration::from_secs(20);

#[tokio::test]
async fn a_body_comes_with_its_type_and_without_anything_of_ours_going_along() {
    let (named, heard) = host(vec![answer("200 OK", "content-type: Image/PNG; a=b\r\n", "bytes")]).await;
    let fetched = outbound(&[&named], PATIENT).get(&format!("http://{named}/a?b=c#d"), 5).await;
    assert_eq!(fetched, Ok(Fetched { content_type: "image/png".to_owned(), body: b"bytes".to_vec() }));
    let heard = heard.await.unwrap();
    let mut lines: Vec<_> = heard[0].trim_end().lines().map(str::to_lowercase).collect();
    lines[1..].sort();
    assert_eq!(lines, ["get /a?b=c http/1.1", "accept: */*", &format!("host: {named}"), "user-agent: imageto3d"]);
}

#[tokio::test]
async fn redirects_are_followed_three_times_and_each_is_checked() {
    let again = |to: &str| answer("302 Found", &format!("location: {to}\r\n"), "");
    let (named, _) = host(vec![again("/b"), again("../c"), again("d"), answer("200 OK", "", "end")]).await;
    let fetched = outbound(&[&named], PATIENT).get(&format!("http://{named}/a"), 9).await;
    assert_eq!(fetched.unwrap().body, b"end");
    let (named, _) = host(vec![again("/"); 5]).await;
    let fetched = outbound(&[&named], PATIENT).get(&format!("http://{named}/"), 9).await;
    assert_eq!(fetched, Err(OutboundError::Redirects { most: 3 }));
    for (to, why) in [
        ("https://10.0.0.1/", OutboundError::NotPublic),
        ("https://localhost/", OutboundError::NotPublic),
        ("//169.254.169.254/latest", OutboundError::NotHttps),
        ("http://127.0.0.1:1/", OutboundError::NotHttps),
        ("https://a:b@example.com/", OutboundError::Credentials),
        ("https://example.com:8443/", OutboundError::Port { port: 8443 }),
        ("file:///etc/passwd", OutboundError::NotHttps),
    ] {
        let (named, _) = host(vec![again(to)]).await;
        let fetched = outbound(&[&named], PATIENT).get(&format!("http://{named}/"), 9).await;
        assert_eq!(fetched, Err(why), "{to}");
    }
}

#[tokio::test]
async fn a_body_is_read_to_the_limit_and_no_further() {
    let endless = "1\r\na\r\n".repeat(11) + "0\r\n\r\n";
    let chunked = format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{endless}");
    let boasts = "HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n".to_owned() + &"a".repeat(11) + "hold";
    for body in [answer("200 OK", "", &"a".repeat(11)), chunked, boasts] {
        let (named, _) = host(vec![body]).await;
        let fetched = outbound(&[&named], PATIENT).get(&format!("http://{named}/"), 10).await;
        assert_eq!(fetched, Err(OutboundError::TooLarge { most: 10 }));
    }
}

#[tokio::test]
async fn a_slow_body_a_mute_host_and_a_broken_answer_are_given_up() {
    let trickle = "HTTP/1.1 200 OK\r\ncontent-length: 20\r\n\r\nhold".to_owned();
    for slow in [trickle, String::new()] {
        let (named, _) = host(vec![slow]).await;
        let fetched = outbound(&[&named], Duration::from_millis(250)).get(&format!("http://{named}/"), 100).await;
        assert_eq!(fetched, Err(OutboundError::TooSlow { most_ms: 250 }));
    }
    let (named, _) = host(vec!["HTTP/1.1 200 OK\r\ncontent-length: 20\r\n\r\ncut".to_owned()]).await;
    let fetched = outbound(&[&named], PATIENT).get(&format!("http://{named}/"), 100).await;
    assert_eq!(fetched, Err(OutboundError::Unreachable));
    let (named, _) = host(vec![answer("404 Not Found", "", "")]).await;
    let fetched = outbound(&[&named], PATIENT).get(&format!("http://{named}/"), 100).await;
    assert_eq!(fetched, Err(OutboundError::Answered { status: 404 }));
}

#[tokio::test]
async fn a_post_is_sent_whole_never_redirected_and_a_kilobyte_of_its_answer_is_kept() {
    let (named, heard) = host(vec![
        answer("307 Temporary Redirect", "location: http://127.0.0.1:1/\r\n", ""),
        answer("500 Broken", "", &"x".repeat(5000)),
    ])
    .await;
    let outbound = outbound(&[&named], PATIENT);
    let address = format!("http://{named}/hook");
    let posted = outbound.post(&address, &[("webhook-id", "msg_1")], b"{}".to_vec()).await.unwrap();
    assert_eq!((posted.status, posted.beginning.len()), (307, 0));
    let posted = outbound.post(&address, &[], b"{}".to_vec()).await.unwrap();
    assert_eq!((posted.status, posted.beginning), (500, vec![b'x'; 1024]));
    let heard = heard.await.unwrap();
    assert!(heard[0].contains("webhook-id: msg_1\r\n") && heard[0].ends_with("\r\n\r\n{}"), "{}", heard[0]);
}

#[tokio::test]
async fn only_the_host_and_port_that_the_settings_name_are_open() {
    let (named, _) = host(vec![]).await;
    let port = named.rsplit(':').next().unwrap();
    let outbound = outbound(&[&named], PATIENT);
    for other in
        [format!("http://localhost:{port}/"), "http://127.0.0.1:1/".to_owned(), format!("http://[::1]:{port}/")]
    {
        assert_eq!(outbound.get(&other, 9).await, Err(OutboundError::NotHttps), "{other}");
    }
    let tls = outbound.get(&format!("https://{named}/"), 9).await;
    assert!(matches!(tls, Err(OutboundError::Port { .. })), "{tls:?}");
}
