//! Files of weights as they should be, and as nobody should ever get one.

use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use proptest::prelude::*;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::{Weights, WeightsError, pickle};

/// Is a folder that is gone when the test is.
struct Folder(PathBuf);

impl Folder {
    fn with(name: &str, content: &[u8]) -> Self {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("weights-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(name), content).unwrap();
        Self(folder)
    }

    fn open(name: &str, content: &[u8]) -> Result<Weights, WeightsError> {
        Weights::open(&Self::with(name, content).0)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// One tensor as it is pickled: its name, storage, first number, shape and strides.
type Entry<'a> = (&'a str, &'a str, u8, &'a [u8], &'a [u8]);

fn text(text: &str) -> Vec<u8> {
    [&b"X"[..], &u32::try_from(text.len()).unwrap().to_le_bytes(), text.as_bytes()].concat()
}

fn tuple(sides: &[u8]) -> Vec<u8> {
    [&b"("[..], &sides.iter().flat_map(|side| [b'K', *side]).collect::<Vec<_>>(), b"t"].concat()
}

/// A state dict as PyTorch pickles it; each storage has six numbers.
fn pickled(entries: &[Entry<'_>]) -> Vec<u8> {
    let mut bytes = b"\x80\x02ccollections\nOrderedDict\nq\x00)Rq\x01(".to_vec();
    for (name, storage, first, shape, strides) in entries {
        bytes.extend(text(name));
        bytes.extend(b"ctorch._utils\n_rebuild_tensor_v2\n((");
        bytes.extend([text("storage"), b"ctorch\nFloatStorage\n".to_vec(), text(storage), text("cpu")].concat());
        bytes.extend(b"K\x06tQK");
        bytes.push(*first);
        bytes.extend([tuple(shape), tuple(strides)].concat());
        bytes.extend(b"\x89h\x00)RtR");
    }
    bytes.extend(b"u.");
    bytes
}

const ENTRIES: [Entry<'_>; 2] = [("a.weight", "0", 0, &[2, 3], &[3, 1]), ("b", "1", 2, &[4], &[1])];

/// A checkpoint of two tensors.
fn checkpoint(pickle: &[u8]) -> Vec<u8> {
    archive(pickle, b"little")
}

fn archive(pickle: &[u8], order: &[u8]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored).with_alignment(64);
    let numbers = |first: u8| (0..6).flat_map(|at| f32::from(first + at).to_le_bytes()).collect::<Vec<_>>();
    let files =
        [("data.pkl", pickle.to_vec()), ("byteorder", order.to_vec()), ("data/0", numbers(0)), ("data/1", numbers(10))];
    for (name, content) in files {
        archive.start_file(format!("any/{name}"), stored).unwrap();
        archive.write_all(&content).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

#[track_caller]
fn assert_refused(pickle: &[u8], named: &str) {
    let refused = Folder::open("model.ckpt", &checkpoint(pickle)).map(|_| ()).unwrap_err().to_string();
    assert!(refused.contains(named), "{refused}");
}

#[test]
fn a_checkpoint_s_tensors_are_found_where_they_lie() {
    let weights = Folder::open("model.ckpt", &checkpoint(&pickled(&ENTRIES))).unwrap();
    let mut shelf = weights.shelf();
    assert_eq!(shelf.take("a.weight", &[2, 3]).values(), [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]);
    assert_eq!(shelf.take("b", &[4]).values(), [12.0, 13.0, 14.0, 15.0]);
    shelf.finish().unwrap();
    weights.check_finite().unwrap();
    assert_eq!(weights.sha256().len(), 64);
}

#[test]
fn what_pytorch_really_writes_is_read() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let weights = Weights::open(&golden).unwrap();
    assert!(weights.tensors.len() > 80, "{}", weights.tensors.len());
    let count: usize = weights.tensors.values().map(|tensor| tensor.values().len()).sum();
    assert!(count * 4 < weights.mapping.len() && count * 4 * 11 / 10 > weights.mapping.len(), "{count}");
}

#[test]
fn weights_of_another_network_are_told_all_at_once() {
    let weights = Folder::open("model.ckpt", &checkpoint(&pickled(&ENTRIES))).unwrap();
    let mut shelf = weights.shelf();
    shelf.take("a.weight", &[3, 2]);
    shelf.take("c", &[7]);
    let refused = shelf.finish().unwrap_err().to_string();
    for named in ["a.weight is [2, 3], not [3, 2]", "c [7] is missing", "b is not known"] {
        assert!(refused.contains(named), "{refused}");
    }
}

#[test]
fn a_number_that_is_none_is_named() {
    let mut bytes = checkpoint(&pickled(&ENTRIES));
    let five = bytes.windows(4).position(|four| four == 13.0_f32.to_le_bytes()).unwrap();
    bytes[five..five + 4].copy_from_slice(&f32::NAN.to_le_bytes());
    let refused = Folder::open("model.ckpt", &bytes).unwrap().check_finite().unwrap_err().to_string();
    assert_eq!(refused, "number 1 of the weight b is not finite");
}

#[test]
fn nothing_but_tensors_is_unpickled() {
    for (module, name) in [("os", "system"), ("posix", "system"), ("builtins", "eval"), ("torch", "HalfStorage")] {
        let evil = format!("\u{2}c{module}\n{name}\n").into_bytes();
        assert_refused(
            &[b"\x80", &evil[..], &text("id"), b"\x85R."].concat(),
            &format!("{module}.{name} is not allowed"),
        );
    }
    assert_refused(b"\x80\x02cos\nsystem\n.", "byte 13: os.system is not allowed");
    assert_refused(b"\x80\x04\x95.", "version 4");
    assert_refused(b"\x80\x02i", "operation 0x69 is not allowed");
    assert_refused(b"\x80\x02}h\x00.", "value 0 cannot be recalled");
    assert_refused(b"\x80\x02K\x01.", "holds no dict");
    assert_refused(&[&b"\x80\x02}"[..], &text("x"), b"K\x01s."].concat(), "x is no tensor");
    assert_refused(&[&b"\x80\x02"[..], b")", &b"\x85".repeat(40), b"."].concat(), "deep; at most 16");
    assert_refused(&[&b"\x80\x02("[..], &b"(".repeat(100_000), b"."].concat(), "a value is missing");
}

#[test]
fn tensors_that_reach_beyond_their_storage_or_lie_scattered_are_refused() {
    assert_refused(&pickled(&[("a", "0", 3, &[4], &[1])]), "reach beyond it");
    assert_refused(&pickled(&[("a", "0", 0, &[2, 3], &[1, 2])]), "lie [1, 2] apart");
    assert_refused(&pickled(&[("a", "0", 0, &[2, 3], &[3])]), "1 strides");
    assert_refused(&pickled(&[("a", "7", 0, &[6], &[1])]), "any/data/7: it is missing");
    assert_refused(&pickled(&[("a", "../0", 0, &[6], &[1])]), "a storage without a name");
    assert_refused(&pickled(&[("a", "0", 0, &[255; 9], &[1; 9])]), "9 sides");
    assert_refused(&pickled(&[("a", "0", 0, &[6], &[1]), ("a", "1", 0, &[6], &[1])]), "a is there twice");
    let other = pickled(&ENTRIES).iter().map(|byte| if *byte == 6 { 5 } else { *byte }).collect::<Vec<_>>();
    assert!(Folder::open("model.ckpt", &checkpoint(&other)).is_err());
}

#[test]
fn other_byte_orders_and_packed_files_are_refused() {
    let bytes = checkpoint(&pickled(&ENTRIES));
    let big = archive(&pickled(&ENTRIES), b"big");
    assert!(Folder::open("model.ckpt", &big).unwrap_err().to_string().contains("its byte order is \"big\""));
    let mut packed = bytes.clone();
    // The method of every file, in its own header and in the directory at the end.
    for (mark, place) in [(b"PK\x03\x04", 8), (b"PK\x01\x02", 10)] {
        for at in 0..packed.len() - 4 {
            if packed[at..at + 4] == *mark {
                packed[at + place] = 8;
            }
        }
    }
    assert!(Folder::open("model.ckpt", &packed).is_err());
}

#[test]
fn more_files_than_a_checkpoint_has_are_refused_before_room_is_made_for_them() {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for number in 0..=super::checkpoint::MOST_FILES {
        archive.start_file(number.to_string(), SimpleFileOptions::default()).unwrap();
    }
    let bytes = archive.finish().unwrap().into_inner();
    let refused = Folder::open("model.ckpt", &bytes).unwrap_err().to_string();
    assert!(refused.contains("it holds 10017 files; at most 10016"), "{refused}");
}

#[test]
fn a_file_cut_off_anywhere_or_altered_in_any_byte_is_read_or_refused() {
    let pickle = pickled(&ENTRIES);
    for end in 0..pickle.len() {
        assert!(pickle::read(&pickle[..end]).is_err(), "{end}");
    }
    for at in 0..pickle.len() {
        for other in [0, 0x7f, 0xff, pickle[at] ^ 1, b'.', b'(', b'R'] {
            let mut altered = pickle.clone();
            altered[at] = other;
            let _ = pickle::read(&altered);
        }
    }
    let bytes = checkpoint(&pickle);
    for end in (0..bytes.len()).step_by(7) {
        assert!(Folder::open("model.ckpt", &bytes[..end]).is_err(), "{end}");
    }
    for at in 0..bytes.len() {
        let mut altered = bytes.clone();
        altered[at] ^= 0xff;
        let _ = Folder::open("model.ckpt", &altered);
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = pickle::read(&bytes);
    }

    #[test]
    fn any_few_altered_bytes_are_read_or_refused(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
    ) {
        let mut bytes = pickled(&ENTRIES);
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let _ = pickle::read(&bytes);
    }
}

#[test]
fn a_safetensors_file_is_read_and_refused_like_a_checkpoint() {
    let file = |header: &str, numbers: usize| {
        let padded = format!("{header:<width$}", width = header.len().next_multiple_of(8));
        let length = u64::try_from(padded.len()).unwrap().to_le_bytes();
        [&length[..], padded.as_bytes(), &vec![0; numbers]].concat()
    };
    let good = file(r#"{"a":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]}}"#, 16);
    let weights = Folder::open("model.safetensors", &good).unwrap();
    assert_eq!(weights.shelf().take("a", &[2, 2]).values(), [0.0; 4]);
    let half = file(r#"{"a":{"dtype":"F16","shape":[2,2],"data_offsets":[0,8]}}"#, 8);
    assert!(Folder::open("model.safetensors", &half).unwrap_err().to_string().contains("F16"));
    for end in 0..good.len() {
        assert!(Folder::open("model.safetensors", &good[..end]).is_err(), "{end}");
    }
    assert!(matches!(Folder::open("other", &good), Err(WeightsError::Missing { .. })));
}
