//! The Lambda side of HTTP: who is calling, JSON in, problem out, one log line.
