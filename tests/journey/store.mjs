/** What the local cloud really holds, read with its owner's keys by infra/local/show.py, and its functions called by hand. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const REPOSITORY = fileURLToPath(new URL("../..", import.meta.url));
/** More than a deletion has steps. */
const ROUNDS = 10;
const PYTHON = process.env.CLOUD_PYTHON ?? ".local/venvs/cloud/bin/python";

async function owner(site, program, ...what) {
  const place = ["--name", process.env.STACK_NAME ?? "test", "--port-base", new URL(site).port];
  const { stdout } = await promisify(execFile)(PYTHON, [program, ...what, ...place], { cwd: REPOSITORY, maxBuffer: 64 << 20 });
  return JSON.parse(stdout);
}

const show = (site, ...what) => owner(site, "infra/local/show.py", ...what);

/** Lets a function do now what its clock asks it to do; answers what it says. */
export function runNow(site, name) {
  return owner(site, "infra/local/call.py", name);
}

/** Lets a deletion that was asked for go through all its steps now, without the waits between them. */
export async function erase(site, user) {
  for (let round = 0; round < ROUNDS; round += 1) {
    const { waits } = await owner(site, "tests/journey/hurry.py", user);
    if (!waits) {
      return;
    }
    await runNow(site, "privacy");
    await runNow(site, "billing");
  }
  throw new Error(`the deletion of ${user} does not end`);
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
