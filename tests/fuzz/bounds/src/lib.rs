//! What is asked of every parser that meets the outside, for every input: no panic, no more memory and time than it says.
//!
//! The same [`Target`]s are run by libFuzzer (`make fuzz`), which looks for inputs, and by a test of the gate, which replays
//! those that were found. Memory is counted where it is allocated and time where the processor spends it: both are the same on a
//! busy machine.

use cpu_time::ProcessTime;
use peak_alloc::PeakAlloc;
use std::path::{Path, PathBuf};
use std::time::Duration;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// One parser, and what it promises.
pub struct Target {
    /// Its name, also of its folder of inputs.
    pub name: &'static str,
    /// Longer inputs are not tried, in bytes: the parser's own limit, or where more of the same begins.
    pub longest: usize,
    /// What may be allocated at a time, in bytes, whatever the input…
    pub most: usize,
    /// …and for each byte of it.
    pub most_per_byte: usize,
    /// How long the processor may take, in milliseconds, without optimisation.
    pub most_ms: u64,
    /// Reads the input and asserts what must be true of the result.
    pub body: fn(&[u8]),
}

/// What one input took.
#[derive(Debug, Clone, Copy, Default)]
pub struct Cost {
    /// The most that was allocated at a time, in bytes.
    pub bytes: usize,
    /// What the processor spent.
    pub time: Duration,
}

impl Target {
    /// Runs one input. Only one may run at a time: all of the process is counted.
    ///
    /// # Panics
    ///
    /// If the input breaks a promise.
    pub fn check(&self, input: &[u8]) -> Cost {
        if input.len() > self.longest {
            return Cost::default();
        }
        MEMORY.reset_peak_usage();
        let (before, begun) = (MEMORY.current_usage(), ProcessTime::now());
        (self.body)(input);
        let time = begun.elapsed();
        let bytes = MEMORY.peak_usage().saturating_sub(before);
        let (name, length) = (self.name, input.len());
        let most = self.most + self.most_per_byte * length;
        assert!(bytes <= most, "{name}: {bytes} bytes allocated for {length} bytes of input; at most {most}");
        let most = Duration::from_millis(self.most_ms);
        assert!(time <= most, "{name}: {time:?} for {length} bytes of input; at most {most:?}");
        Cost { bytes, time }
    }

    /// Runs every input of its folders `corpus` and `crashes`; gives their number and the dearest cost of one.
    pub fn replay(&self) -> std::io::Result<(usize, Cost)> {
        // What is made once, such as keys, counts for no input.
        (self.body)(&[]);
        let mut dearest = Cost::default();
        let paths = self.inputs()?;
        for path in &paths {
            // The test shows it if what follows panics.
            eprintln!("{}", path.display());
            let cost = self.check(&std::fs::read(path)?);
            dearest = Cost { bytes: dearest.bytes.max(cost.bytes), time: dearest.time.max(cost.time) };
        }
        Ok((paths.len(), dearest))
    }

    fn inputs(&self) -> std::io::Result<Vec<PathBuf>> {
        let mut paths = Vec::new();
        for kind in ["corpus", "crashes"] {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(kind).join(self.name);
            if folder.is_dir() {
                for entry in std::fs::read_dir(folder)? {
                    paths.push(entry?.path());
                }
            }
        }
        paths.sort();
        Ok(paths)
    }
}
