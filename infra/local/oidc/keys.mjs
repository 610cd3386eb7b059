// Keys that survive a restart, so that nobody is signed out by one.
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Reads a JSON file, or makes it once, readable by its owner only. */
function once(folder, name, make) {
  const path = join(folder, name);
  if (!existsSync(path)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path, JSON.stringify(make()), { mode: 0o600 });
  }
  return JSON.parse(readFileSync(path, "utf8"));
}

/** The RS256 key pair of the id tokens, as JWKs. */
export function signingKeys(folder) {
  return once(folder, "signing-keys.json", () => {
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    return [{ ...privateKey.export({ format: "jwk" }), use: "sig", alg: "RS256", kid: randomBytes(8).toString("hex") }];
  });
}

/** The keys that sign the provider's own cookies. */
export function cookieKeys(folder) {
  return once(folder, "cookie-keys.json", () => [randomBytes(32).toString("base64url")]);
}
