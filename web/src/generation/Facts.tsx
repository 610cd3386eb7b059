import { fileUrl } from "../api/calls";
import type { Generation } from "../api/types";
import { countText, elapsedText, sizeText } from "../format";
import { Icon } from "../shell/Icon";
import { Formats } from "./Formats";

/** What the engines are called for people. */
const ENGINES: Readonly<Record<string, string>> = { relief: "Relief (built in)", inflate: "Inflate (built in)", triposr: "TripoSR" };

/** What the finished model is, in numbers, and its download. */
export function Facts({ generation }: { generation: Generation }) {
  const { model } = generation;
  const bytes = model?.bytes ?? generation.files.find(({ name }) => name === "model.glb")?.bytes ?? null;
  return (
    <>
      <div className="actions">
        <a className="button button-large button-main" href={fileUrl(generation.id, "model.glb")} download={`${generation.id}.glb`}>
          <Icon name="download" />
          Download GLB{bytes !== null && <small>{sizeText(bytes)}</small>}
        </a>
      </div>
      <Formats generation={generation} />
      {generation.test && <p className="badge">For tests: the sample, whatever the photo</p>}
      {model !== null && (
        <>
          <p className={model.watertight ? "badge badge-good" : "badge"}>
            <Icon name={model.watertight ? "check" : "warning"} />
            {model.watertight ? "Watertight: closed all round, ready for printing" : "Not watertight: it has openings"}
          </p>
          <dl className="facts">
            <div><dt>Faces</dt><dd>{countText(model.faces)}</dd></div>
            <div><dt>Vertices</dt><dd>{countText(model.vertices)}</dd></div>
            <div><dt>Texture</dt><dd>{model.texture_size > 0 ? `${model.texture_size} × ${model.texture_size}` : "Vertex colours"}</dd></div>
            {model.engine !== undefined && <div><dt>Engine</dt><dd>{ENGINES[model.engine] ?? model.engine}</dd></div>}
            <div><dt>Took</dt><dd>{elapsedText(Date.parse(generation.updated_at) - Date.parse(generation.created_at))}</dd></div>
          </dl>
        </>
      )}
      <p className="model-more"><a href={fileUrl(generation.id, "report.json")} target="_blank" rel="noreferrer">Report of how it was made</a></p>
    </>
  );
}
