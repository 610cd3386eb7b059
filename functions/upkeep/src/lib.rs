//! The upkeep function.
