//! Every committed HTTP event is one that API Gateway could send: its route key stands in the route table.

use api::routes::ROUTES;
use lambda_http::request::from_str;
use std::path::Path;

#[test]
fn every_committed_http_event_names_a_route_of_its_function() {
    let events = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../events");
    let mut seen = Vec::new();
    for function in ["auth", "account", "uploads", "generations", "billing", "stripe-webhook", "stream"] {
        for file in std::fs::read_dir(events.join(function)).unwrap() {
            let path = file.unwrap().path();
            let request = edge::routed(from_str(&std::fs::read_to_string(&path).unwrap()).unwrap());
            let key = edge::route_key(&request);
            assert!(
                ROUTES.iter().any(|route| route.key == key && route.function == function),
                "{} has {key}",
                path.display()
            );
            seen.push(key);
        }
    }
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), ROUTES.len(), "one event for every route: {seen:?}");
}
