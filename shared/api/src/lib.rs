//! What crosses the wire: types, RFC 9457 problems, the route table, queue messages, OpenAPI.

pub mod account;
pub mod asked;
pub mod billing;
pub mod container;
pub mod hooks;
pub mod job;
pub mod keys;
pub mod llms;
pub mod openapi;
pub mod problem;
pub mod promise;
pub mod routes;
pub mod share;
pub mod types;

pub use problem::{Kind, Problem};
