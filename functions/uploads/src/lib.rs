//! The uploads function.
