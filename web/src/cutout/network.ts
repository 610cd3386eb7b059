/** Asks the worker for the object in a picture. */
interface Told { readonly turn: number; readonly matte?: Float32Array | null; readonly fault?: string }

let worker: Worker | null = null;
let turns = 0;

/** The cleaned scores of a picture of 320 × 320 pixels (RGBA), or `null` if no object stands out in it. */
export function matteOf(pixels: Uint8ClampedArray, signal: AbortSignal): Promise<Float32Array | null> {
  worker ??= new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  const asked = worker;
  const turn = ++turns;
  return new Promise((resolve, reject) => {
    const stop = new AbortController();
    const end = (finish: () => void): void => { stop.abort(); finish(); };
    asked.addEventListener("message", (event: MessageEvent<Told>) => {
      const { turn: answered, matte, fault } = event.data;
      if (answered === turn) {
        end(() => { if (matte === undefined) { reject(new Error(fault)); } else { resolve(matte); } });
      }
    }, { signal: stop.signal });
    // The worker itself could not be loaded: the next photo tries again.
    asked.addEventListener("error", () => { worker = null; end(() => { reject(new Error("the worker did not start")); }); }, { signal: stop.signal });
    signal.addEventListener("abort", () => { end(() => { reject(new Error("called off")); }); }, { signal: stop.signal });
    asked.postMessage({ turn, pixels });
  });
}
