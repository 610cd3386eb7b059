import { fileUrl } from "../api/calls";
import type { Generation } from "../api/types";
import { countText, elapsedText, sizeText } from "../format";
import { Icon } from "../shell/Icon";
import { words } from "../words";
import { Again } from "./Again";
import { Formats } from "./Formats";
import { InSpace } from "./InSpace";

/** What the engines are called for people. */
const ENGINES: Readonly<Record<string, string>> = { relief: words.model.builtIn("Relief"), inflate: words.model.builtIn("Inflate"), triposr: "TripoSR" };

/** What the finished model is, in numbers, and its downloads. */
export function Facts({ generation }: { generation: Generation }) {
  const { model } = generation;
  const bytes = model?.bytes ?? generation.files.find(({ name }) => name === "model.glb")?.bytes ?? null;
  return (
    <>
      <div className="actions">
        <a className="button button-large button-main" href={fileUrl(generation.id, "model.glb")} download={`${generation.id}.glb`}>
          <Icon name="download" />
          {words.model.download}{bytes !== null && <small>{sizeText(bytes)}</small>}
        </a>
        <InSpace generation={generation} />
      </div>
      {generation.test && <p className="badge">{words.model.test}</p>}
      {model !== null && (
        <p className={model.watertight ? "badge badge-good" : "badge"}>
          <Icon name={model.watertight ? "check" : "warning"} />
          {model.watertight ? words.model.watertight : words.model.open}
        </p>
      )}
      <Formats generation={generation} />
      {model !== null && (
        <dl className="facts">
          <div><dt>{words.model.faces}</dt><dd>{countText(model.faces)}</dd></div>
          <div><dt>{words.model.vertices}</dt><dd>{countText(model.vertices)}</dd></div>
          <div><dt>{words.model.size}</dt><dd>{generation.options.height_mm} mm</dd></div>
          <div><dt>{words.model.texture}</dt><dd>{model.texture_size > 0 ? `${model.texture_size} × ${model.texture_size}` : words.model.vertexColours}</dd></div>
          {model.engine !== undefined && <div><dt>{words.model.engine}</dt><dd>{ENGINES[model.engine] ?? model.engine}</dd></div>}
          <div><dt>{words.model.took}</dt><dd>{elapsedText(Date.parse(generation.updated_at) - Date.parse(generation.created_at))}</dd></div>
        </dl>
      )}
      <p className="model-more"><a href={fileUrl(generation.id, "report.json")} target="_blank" rel="noreferrer">{words.model.report}</a></p>
      <Again generation={generation} />
    </>
  );
}
