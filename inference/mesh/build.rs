//! Links the C++ library statically where a program would otherwise need it at run time.
//!
//! meshopt's coder needs `operator new` and `delete` of libstdc++. A function on a bare system image has no such file,
//! so a folder with nothing but the static library is searched before the system's. Where there is none (another
//! system, another compiler, another target), nothing changes.

use std::path::{Path, PathBuf};
use std::process::Command;

const LIBRARY: &str = "libstdc++.a";

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let variable = |name: &str| std::env::var_os(name).unwrap_or_default();
    let native = variable("HOST") == variable("TARGET") && variable("CARGO_CFG_TARGET_OS") == "linux";
    let folder = PathBuf::from(variable("OUT_DIR"));
    if native && copied(&folder).is_some() {
        println!("cargo:rustc-link-search=native={}", folder.display());
    }
}

/// Copies the compiler's static library into a folder, if it has one.
fn copied(folder: &Path) -> Option<u64> {
    let answer = Command::new("c++").arg(format!("-print-file-name={LIBRARY}")).output().ok()?;
    let library = PathBuf::from(String::from_utf8(answer.stdout).ok()?.trim());
    // Without one the compiler answers with the bare name.
    if library.is_absolute() { std::fs::copy(library, folder.join(LIBRARY)).ok() } else { None }
}
