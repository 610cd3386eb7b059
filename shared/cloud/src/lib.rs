//! The only crate that names an AWS SDK: Table, Objects, Queue, Endpoint, Secrets.
