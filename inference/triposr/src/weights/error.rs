//! What can be wrong with weights.

use std::path::PathBuf;

/// Why weights are refused.
#[derive(Debug, thiserror::Error)]
pub enum WeightsError {
    /// There is no file of weights.
    #[error("neither model.safetensors nor model.ckpt is in {}", directory.display())]
    Missing {
        /// Where they were looked for.
        directory: PathBuf,
    },
    /// The file cannot be opened.
    #[error("cannot read {} ({source})", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The file is cut off, altered, or of another kind.
    #[error("{} is not a file of weights: {reason}", path.display())]
    Broken {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// The tensors are those of another network.
    #[error("the weights do not fit the configuration: {}", said(.faults, *.count))]
    Unfit {
        /// The first few faults.
        faults: Vec<String>,
        /// How many there are.
        count: usize,
    },
    /// A number is infinite or none.
    #[error("number {index} of the weight {name} is not finite")]
    NotFinite {
        /// The tensor.
        name: String,
        /// The number's place in it.
        index: usize,
    },
}

fn said(faults: &[String], count: usize) -> String {
    let more = count.saturating_sub(faults.len());
    let rest = if more > 0 { format!("; and {more} more") } else { String::new() };
    format!("{}{rest}", faults.join("; "))
}
