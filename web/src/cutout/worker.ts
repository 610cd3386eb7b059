/** The foreground network beside the page: loaded with the first photo that is looked at, never before. */
import * as ort from "onnxruntime-web/wasm";
import wasm from "onnxruntime-web/ort-wasm-simd-threaded.wasm?url";
import { cleanMatte, SIDE } from "./matte";

/** What the network was trained with, per channel. */
const MEAN = [0.485, 0.456, 0.406] as const;
const SPREAD = [0.229, 0.224, 0.225] as const;

ort.env.wasm.numThreads = 1;
ort.env.wasm.wasmPaths = { wasm };

let network: Promise<ort.InferenceSession> | null = null;

interface Asked { readonly turn: number; readonly pixels: Uint8ClampedArray }

self.addEventListener("message", (event: MessageEvent<Asked>) => {
  const { turn, pixels } = event.data;
  void answer(pixels).then(
    (matte) => { self.postMessage({ turn, matte }); },
    (fault: unknown) => { network = null; self.postMessage({ turn, fault: String(fault) }); },
  );
});

async function answer(pixels: Uint8ClampedArray): Promise<Float32Array | null> {
  network ??= ort.InferenceSession.create("/models/u2netp.onnx", { executionProviders: ["wasm"] });
  const session = await network;
  const input = new ort.Tensor("float32", tensor(pixels), [1, 3, SIDE, SIDE]);
  const [name] = session.inputNames;
  const [fused] = session.outputNames;
  if (name === undefined || fused === undefined) {
    throw new Error("the network has no input or no output");
  }
  const answers = await session.run({ [name]: input }, [fused]);
  return cleanMatte(Float32Array.from(answers[fused]?.data as Float32Array));
}

/** Divided by the brightest value, normalised, channels first. */
function tensor(pixels: Uint8ClampedArray): Float32Array {
  const cells = SIDE * SIDE;
  let brightest = 1;
  for (let at = 0; at < pixels.length; at += 1) {
    if (at % 4 !== 3) { brightest = Math.max(brightest, pixels[at] ?? 0); }
  }
  const values = new Float32Array(3 * cells);
  for (let cell = 0; cell < cells; cell += 1) {
    for (let channel = 0; channel < 3; channel += 1) {
      values[channel * cells + cell] = ((pixels[cell * 4 + channel] ?? 0) / brightest - (MEAN[channel] ?? 0)) / (SPREAD[channel] ?? 1);
    }
  }
  return values;
}
