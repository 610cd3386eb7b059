//! The generations function.
