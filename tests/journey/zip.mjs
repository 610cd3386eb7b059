/** The list at the end of a ZIP file, read as the format says it (APPNOTE 4.3.12, 4.3.14 and 4.3.16). */

const END = 0x06054b50;
const END_64 = 0x06064b50;
const ENTRY = 0x02014b50;

/** The names and sizes of what is in the archive. */
export function entriesOf(bytes) {
  const end = bytes.lastIndexOf(Buffer.from("PK\u0005\u0006"));
  if (end < 0 || bytes.readUInt32LE(end) !== END) {
    throw new Error("this is no whole ZIP file");
  }
  let [count, at] = [bytes.readUInt16LE(end + 10), bytes.readUInt32LE(end + 16)];
  // A locator of 20 bytes before the end leads to the larger numbers of ZIP64.
  if (at === 0xffffffff) {
    const end64 = Number(bytes.readBigUInt64LE(end - 20 + 8));
    if (bytes.readUInt32LE(end64) !== END_64) {
      throw new Error("the ZIP64 record is missing");
    }
    [count, at] = [Number(bytes.readBigUInt64LE(end64 + 32)), Number(bytes.readBigUInt64LE(end64 + 48))];
  }
  const entries = [];
  for (let number = 0; number < count; number += 1) {
    if (bytes.readUInt32LE(at) !== ENTRY) {
      throw new Error(`entry ${number} is not where the list says`);
    }
    const [name, extra, comment] = [28, 30, 32].map((offset) => bytes.readUInt16LE(at + offset));
    entries.push({ name: bytes.toString("utf8", at + 46, at + 46 + name), bytes: bytes.readUInt32LE(at + 24) });
    at += 46 + name + extra + comment;
  }
  return entries;
}
