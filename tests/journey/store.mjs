/** What the local cloud really holds, read with its owner's keys by infra/local/show.py, and its functions called by hand. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const REPOSITORY = fileURLToPath(new URL("../..", import.meta.url));
const PYTHON = process.env.CLOUD_PYTHON ?? ".local/venvs/cloud/bin/python";

async function owner(site, program, ...what) {
  const place = ["--name", process.env.STACK_NAME ?? "test", "--port-base", new URL(site).port];
  const { stdout } = await promisify(execFile)(PYTHON, [`infra/local/${program}`, ...what, ...place], { cwd: REPOSITORY, maxBuffer: 64 << 20 });
  return JSON.parse(stdout);
}

const show = (site, ...what) => owner(site, "show.py", ...what);

/** Lets a function do now what its clock asks it to do; answers what it says. */
export function runNow(site, name) {
  return owner(site, "call.py", name);
}

/** The keys in a bucket (`uploads` or `models`) that name `id` and of which any version still has content. */
export async function keysNaming(site, bucket, id) {
  const objects = await show(site, "objects", bucket);
  return objects.filter(({ key, deleted }) => key.includes(id) && !deleted).map(({ key }) => key);
}

/** The table's rows whose keys name `id`. */
export async function rowsNaming(site, id) {
  const rows = await show(site, "rows");
  return rows.filter(({ pk, sk }) => pk.includes(id) || sk.includes(id));
}

/** The table's rows that hold `text` anywhere. */
export async function rowsHolding(site, text) {
  const rows = await show(site, "rows");
  return rows.filter((row) => JSON.stringify(row).includes(text));
}
