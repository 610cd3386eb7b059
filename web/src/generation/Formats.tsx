import { fileUrl, type FileName } from "../api/calls";
import type { Generation } from "../api/types";
import { sizeText } from "../format";
import { words } from "../words";

/** What each format is for; the order is the order of the list. */
const FORMATS: readonly (readonly [FileName, string, string])[] = [
  ["model.stl", "STL", words.model.stl],
  ["model.3mf", "3MF", words.model.threeMf],
  ["model.usdz", "USDZ", words.model.usdz],
  ["model-obj.zip", "OBJ", words.model.obj],
  ["model.ply", "PLY", words.model.ply],
  ["model-compact.glb", words.model.compactTitle, words.model.compact],
];

/** The same model for other programs; each file is made when it is first asked for, and only then has a size. */
export function Formats({ generation }: { generation: Generation }) {
  const offered = FORMATS.flatMap(([file, title, use]) => {
    const found = generation.files.find(({ name }) => name === file);
    return found === undefined ? [] : [{ file, title, use, bytes: found.bytes }];
  });
  return (
    <details className="formats">
      <summary>{words.model.formats}</summary>
      <ul>
        {offered.map(({ file, title, use, bytes }) => (
          <li key={file}>
            <a href={fileUrl(generation.id, file)} download>{title}</a> <small>{bytes === null ? words.model.onDemand : sizeText(bytes)}</small>
            <span>{use}</span>
          </li>
        ))}
      </ul>
      <p>{words.model.heights(generation.options.height_mm)}</p>
    </details>
  );
}
