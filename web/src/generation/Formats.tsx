import { fileUrl, type FileName } from "../api/calls";
import type { Generation } from "../api/types";

/** What each format is for; the order is the order of the list. */
const FORMATS: readonly (readonly [FileName, string, string])[] = [
  ["model.stl", "STL", "3D printing, one colour"],
  ["model.3mf", "3MF", "3D printing, in colour"],
  ["model.usdz", "USDZ", "iPhone and iPad, augmented reality"],
  ["model-obj.zip", "OBJ", "Blender and older programs"],
  ["model.ply", "PLY", "Scanning and research tools"],
  ["model-compact.glb", "GLB, compact", "Web pages that must load fast"],
];

/** The same model for other programs; each file is made when it is first asked for. */
export function Formats({ generation }: { generation: Generation }) {
  const offered = FORMATS.filter(([file]) => generation.files.some(({ name }) => name === file));
  return (
    <details className="formats">
      <summary>Other formats</summary>
      <ul>
        {offered.map(([file, title, use]) => (
          <li key={file}><a href={fileUrl(generation.id, file)} download>{title}</a> <span>{use}</span></li>
        ))}
      </ul>
      <p>STL, 3MF and USDZ are {generation.options.height_mm} mm high.</p>
    </details>
  );
}
