/**
 * The content security policy of the site, in one place: `vite preview` sends it on a laptop and the
 * deployed CDN must send the same list. Everything that is not named here is refused by the browser.
 */
export interface PolicyOptions {
  /** Origins of the upload and model buckets, for presigned requests, e.g. `https://name.s3.eu-west-1.amazonaws.com`. */
  readonly storageOrigins: readonly string[];
  /** Asks the browser to use HTTPS only. Left out on a laptop, where everything is plain HTTP on loopback. */
  readonly upgradeInsecureRequests: boolean;
}

/** The directives by name, in the order in which they are sent. */
export function directives(options: PolicyOptions): ReadonlyMap<string, readonly string[]> {
  const { storageOrigins } = options;
  const list = new Map<string, readonly string[]>([
    ["default-src", ["'none'"]],
    // WebAssembly only: decoders of compressed meshes and textures.
    ["script-src", ["'self'", "'wasm-unsafe-eval'"]],
    ["worker-src", ["'self'", "blob:"]],
    ["style-src", ["'self'"]],
    // Previews and photos answer with a redirect into a bucket, and the browser checks where it leads.
    ["img-src", ["'self'", "data:", "blob:", ...storageOrigins]],
    ["font-src", ["'self'"]],
    // blob: textures inside a GLB; the buckets: the upload itself and the model.
    ["connect-src", ["'self'", "blob:", "data:", ...storageOrigins]],
    ["form-action", ["'self'"]],
    ["base-uri", ["'none'"]],
    ["frame-ancestors", ["'none'"]],
  ]);
  if (options.upgradeInsecureRequests) {
    list.set("upgrade-insecure-requests", []);
  }
  return list;
}

/** The value of the `Content-Security-Policy` header. */
export function contentSecurityPolicy(options: PolicyOptions): string {
  return [...directives(options)].map(([name, sources]) => [name, ...sources].join(" ")).join("; ");
}

/** Every security header of a page, by name. HSTS belongs to the CDN, which alone knows about HTTPS. */
export function securityHeaders(options: PolicyOptions): Record<string, string> {
  return {
    "Content-Security-Policy": contentSecurityPolicy(options),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
  };
}
