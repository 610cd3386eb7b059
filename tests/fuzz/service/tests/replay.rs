//! Every input that was found, and every one that ever broke a promise, on the compiler of the gate.

#[test]
fn every_input_keeps_its_target_s_promises() {
    for target in fuzz_service::TARGETS {
        let (inputs, dearest) = target.replay().unwrap();
        assert!(inputs > 0, "{} has no inputs", target.name);
        eprintln!("{}: {inputs} inputs, at most {} bytes and {:?}", target.name, dearest.bytes, dearest.time);
    }
}
