/** Where the build puts the decoders (see build/decoders.ts); the library's own default is a public CDN. */
const LOCATIONS = {
  dracoDecoderLocation: "/decoders/draco/",
  ktx2TranscoderLocation: "/decoders/basis/",
} as const;

declare global {
  interface Window {
    /** Read by model-viewer while it is being loaded. */
    ModelViewerElement?: Partial<typeof LOCATIONS>;
  }
}

let loading: Promise<unknown> | null = null;

/** Loads the viewer, a large library, when the first model is shown. A failed load may be tried again. */
export function loadViewer(): Promise<unknown> {
  if (loading === null) {
    window.ModelViewerElement = { ...LOCATIONS };
    loading = import("@google/model-viewer").catch((cause: unknown) => {
      loading = null;
      throw cause;
    });
  }
  return loading;
}

/** Whether this browser can draw in 3D at all. */
export function canDraw(): boolean {
  const context = document.createElement("canvas").getContext("webgl2");
  context?.getExtension("WEBGL_lose_context")?.loseContext();
  return context !== null;
}
