#!/bin/sh
# What Cargo calls instead of rustc: the parsers, and what they lean on, count the edges that an input takes; the rest (networks,
# clients of the cloud) is linked and never run, and would only make each run slower. The flags are those of cargo-fuzz; none of
# them needs a nightly compiler.
PARSERS=" api aws_lambda_events base64 cloud dispatch domain edge fdeflate flate2 form_urlencoded fuzz_inference fuzz_service
generations hex http idna image image_webp imagesize inference_image inference_mesh inference_pipeline inference_server
inference_triposr jiff jsonwebtoken lambda_http memchr meshopt miniz_oxide money multer outbound percent_encoding png query_map
safetensors saphyr_parser saphyr_parser_bw granit_parser serde serde_core serde_json serde_path_to_error serde_saphyr serde_urlencoded
simd_adler32 stream identity uploads url zip zune_core zune_jpeg "
target= name= before=
for argument in "$@"; do
    case $before in --crate-name) name=$argument ;; esac
    case $argument in --target) target=yes ;; esac
    before=$argument
done
# Programs that run while building have no target.
case $target$(echo "$PARSERS" | tr '\n' ' ') in yes*" $name "*) ;; *) exec "$@" ;; esac
exec "$@" --cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
    -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares -Cllvm-args=-simplifycfg-branch-fold-threshold=0
