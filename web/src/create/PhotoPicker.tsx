import { useEffect, useState, type DragEvent } from "react";
import type { Problem } from "../api/types";
import { explain } from "../problems";
import { Icon } from "../shell/Icon";
import { Trouble } from "../shell/Trouble";
import { ACCEPT } from "../upload/checks";

interface Props {
  readonly problem: Problem | null;
  readonly checking: boolean;
  readonly onPick: (file: File | null) => void;
}

/** The place to drop, paste or choose a photo. The whole area is the label of one file field. */
export function PhotoPicker({ problem, checking, onPick }: Props) {
  const [over, setOver] = useState(false);
  useDropsStayHere();

  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    onPick(event.dataTransfer.files[0] ?? null);
  };
  return (
    <div className="picker-frame">
      <label
        className={over ? "picker picker-over" : "picker"}
        onDragOver={(event) => { event.preventDefault(); setOver(true); }}
        onDragLeave={() => { setOver(false); }}
        onDrop={drop}
      >
        <input
          type="file"
          className="unseen"
          accept={ACCEPT}
          aria-describedby="picker-limits"
          onChange={(event) => {
            onPick(event.target.files?.[0] ?? null);
            event.target.value = "";
          }}
        />
        <span className="picker-print" aria-hidden="true"><Icon name="photo" /></span>
        <span className="picker-words">
          <span className="picker-title">{checking ? "Looking at your photo…" : over ? "Let go to use this photo" : "Drop a photo of one object"}</span>
          <span className="picker-ways">or <span className="picker-choose">choose a file</span>, or paste a picture</span>
          <span id="picker-limits" className="picker-limits">JPEG, PNG or WebP · up to 10 MB · 8192 px a side</span>
        </span>
      </label>
      {problem !== null && <Trouble explanation={explain(problem)} />}
    </div>
  );
}

/** A drop that misses the area must not make the browser leave the page. */
function useDropsStayHere(): void {
  useEffect(() => {
    const stay = (event: Event): void => { event.preventDefault(); };
    window.addEventListener("dragover", stay);
    window.addEventListener("drop", stay);
    return () => {
      window.removeEventListener("dragover", stay);
      window.removeEventListener("drop", stay);
    };
  }, []);
}
