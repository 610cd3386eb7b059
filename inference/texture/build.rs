//! Builds the vendored chart packer.

fn main() {
    let folder = "vendor/xatlas";
    println!("cargo:rerun-if-changed={folder}");
    cc::Build::new()
        .cpp(true)
        .std("c++14") // the threadless build needs more than 11
        .define("XA_MULTITHREADED", "0")
        // The inner loops need it under every profile, and vendored code has no warnings of ours.
        .opt_level(2)
        .warnings(false)
        .file(format!("{folder}/xatlas.cpp"))
        .file(format!("{folder}/shim.cpp"))
        .compile("texture_xatlas");
}
