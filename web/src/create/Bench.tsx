import { useState } from "react";
import type { Box } from "../cutout/frame";
import type { Edit, Prepared } from "../cutout/prepare";
import { isLoaded, useCutout, type Look } from "../cutout/useCutout";
import { Icon } from "../shell/Icon";
import { words } from "../words";
import type { Entry } from "./batch";
import { CropBox } from "./CropBox";

interface Props {
  readonly entry: Entry;
  readonly percent: number;
  /** Nothing can be changed any more. */
  readonly locked: boolean;
  readonly onEdit: (edit: Edit) => void;
  readonly onPrepared: (prepared: Prepared | null) => void;
}

const WHOLE: Box = { left: 0, top: 0, width: 1, height: 1 };

/** The selected photo, what will be used of it, and the ways to change that. */
export function Bench({ entry, percent, locked, onEdit, onPrepared }: Props) {
  const { photo, edit } = entry;
  const look = useCutout(photo.file, edit, percent, onPrepared);
  const [cropping, setCropping] = useState<Box | null>(null);
  if (cropping !== null) {
    return (
      <div className="bench">
        <CropBox photo={photo} box={cropping} onBox={setCropping} />
        <p className="bench-words" role="status">{words.cut.cropHelp}</p>
        <div className="bench-tools">
          <button type="button" className="tool tool-mark" onClick={() => { onEdit({ ...edit, crop: cropping }); setCropping(null); }}>{words.cut.cropDone}</button>
          <button type="button" className="tool" onClick={() => { onEdit({ ...edit, crop: null }); setCropping(null); }}>{words.cut.wholePhoto}</button>
        </div>
      </div>
    );
  }
  return (
    <div className="bench" role="group" aria-label={words.cut.title}>
      <div className="bench-pictures">
        <figure className="print"><img src={photo.url} alt={words.create.photo(photo.name)} width={photo.width} height={photo.height} /></figure>
        <div className={look.is === "looking" ? "bench-cut bench-cut-busy" : "bench-cut"} aria-busy={look.is === "looking"}>
          {look.is === "ready" ? <img src={look.url} alt={words.create.used(photo.name)} /> : <Icon name={look.is === "looking" ? "cut" : "warning"} />}
        </div>
      </div>
      <p className="bench-words" role="status">{sentence(look)}</p>
      <div className="bench-tools">
        <div className="segments segments-small" role="group" aria-label={words.cut.title}>
          {(["remove", "keep"] as const).map((background) => (
            <label key={background}>
              <input type="radio" name="background" disabled={locked} checked={edit.background === background} onChange={() => { onEdit({ ...edit, background }); }} />
              <span>{words.cut[background]}</span>
            </label>
          ))}
        </div>
        <button type="button" className="tool" disabled={locked} onClick={() => { setCropping(edit.crop ?? WHOLE); }}><Icon name="crop" />{words.cut.crop}</button>
      </div>
    </div>
  );
}

function sentence(look: Look): string {
  switch (look.is) {
    case "looking":
      return isLoaded() ? words.cut.looking : words.cut.loading;
    case "none":
      return words.cut.none;
    case "off":
      return words.cut.off;
    case "ready":
      return look.prepared.how === "kept" ? words.cut.kept : look.prepared.how === "own" ? words.cut.own : words.cut.ready;
  }
}
