//! The rules of the service: no IO, no clock, no chance, no AWS, no HTTP.
