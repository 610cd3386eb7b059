//! `imageto3d photo.jpg -o model.glb`: one photo in, one textured 3D model out, on this machine.

use clap::Parser;
use inference_cli::{Arguments, run};
use std::process::ExitCode;

fn main() -> ExitCode {
    // clap answers wrong arguments itself: the usage on stderr and exit code 2.
    run(&Arguments::parse())
}
