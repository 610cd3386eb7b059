import type { Generation } from "../api/types";
import { fileUrl } from "../api/calls";
import { nameOf } from "./find";

/** Puts the GLB files of several models into one ZIP, without squeezing what is squeezed already. Throws if one cannot be had. */
export async function pack(models: readonly Generation[], onDone: (count: number) => void): Promise<Blob> {
  const { Zip, ZipPassThrough } = await import("fflate");
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const zip = new Zip((fault, part) => {
    if (fault !== null) {
      throw fault;
    }
    parts.push(part);
  });
  for (const [at, model] of models.entries()) {
    const answer = await fetch(fileUrl(model.id, "model.glb"));
    if (!answer.ok) {
      throw new Error(`${model.id} answered ${answer.status}`);
    }
    const file = new ZipPassThrough(fileName(model));
    zip.add(file);
    file.push(new Uint8Array(await answer.arrayBuffer()), true);
    onDone(at + 1);
  }
  zip.end();
  return new Blob(parts, { type: "application/zip" });
}

/** A name that every system takes, and that two models never share. */
export function fileName(model: Generation): string {
  const name = nameOf(model).normalize("NFKD").replace(/[^A-Za-z0-9]+/g, "-").replace(/^-|-$/g, "").slice(0, 40);
  return `${name === "" ? "model" : name}-${model.id.slice(-6)}.glb`;
}

/** Lets the browser save a file. */
export function save(file: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  // The browser has taken the file by then; a minute is for slow disks.
  setTimeout(() => { URL.revokeObjectURL(link.href); }, 60_000);
}
