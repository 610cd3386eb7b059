import { useState } from "react";
import { fileUrl } from "../api/calls";
import { isOver, type Generation } from "../api/types";
import { recentPhoto } from "../create/recentPhotos";
import { countText } from "../format";
import { useGeneration } from "../generation/useGeneration";
import { STAGES } from "../generation/stages";
import { modelPath } from "../route";
import { useShell } from "../shell/context";
import { Icon } from "../shell/Icon";
import { Link } from "../shell/Link";
import { useReducedMotion } from "../viewer/useReducedMotion";
import { words } from "../words";
import { nameOf } from "./find";

interface Props {
  readonly known: Generation;
  readonly onChange: (generation: Generation) => void;
  readonly onDelete: (generation: Generation) => void;
  /** Whether it is among those chosen; `null` while nothing is being chosen. */
  readonly chosen: boolean | null;
  readonly onChoose: (id: string, chosen: boolean) => void;
}

/** One model of the library; while it is being made, it follows its own progress. */
export function Card({ known, onChange, onDelete, chosen, onChoose }: Props) {
  const { api, refreshMe } = useShell();
  const { generation } = useGeneration(api, known.id, known, (now) => {
    onChange(now);
    if (isOver(now)) {
      refreshMe();
    }
  });
  const shown = generation ?? known;
  const still = useReducedMotion();
  const [pointed, setPointed] = useState(false);
  const face = (
    <>
      <span className="card-picture mat"><Picture generation={shown} turning={pointed && !still} /></span>
      <span className="card-words"><span className="card-status">{shown.test && words.library.testMark}{nameOf(shown)}</span><span className="card-state">{statusText(shown)}</span>{shown.tags.length > 0 && <span className="card-tags">{shown.tags.join(" · ")}</span>}</span>
    </>
  );
  return (
    <li
      className={chosen === true ? "card card-chosen" : "card"}
      onPointerEnter={() => { setPointed(true); }}
      onPointerLeave={() => { setPointed(false); }}
      onFocus={() => { setPointed(true); }}
      onBlur={() => { setPointed(false); }}
    >
      {chosen === null
        ? (
          <>
            <Link to={modelPath(shown.id)} className="card-link">{face}</Link>
            <button type="button" className="tool card-delete" onClick={() => { onDelete(shown); }}>
              <Icon name="trash" /><span className="unseen">{words.library.deleteOf(nameOf(shown))}</span>
            </button>
          </>
        )
        : (
          <label className="card-link card-choice">
            <input type="checkbox" className="card-tick" checked={chosen} onChange={(event) => { onChoose(shown.id, event.target.checked); }} />
            {face}
          </label>
        )}
    </li>
  );
}

/** The model, and while it is pointed at, the model turning. */
function Picture({ generation, turning }: { generation: Generation; turning: boolean }) {
  if (generation.status === "SUCCEEDED") {
    return (
      <>
        <img src={fileUrl(generation.id, "preview.webp")} alt={words.library.model} loading="lazy" decoding="async" />
        {turning && <img className="card-turning mat" src={fileUrl(generation.id, "turntable.webp")} alt="" />}
      </>
    );
  }
  const photo = recentPhoto(generation.id) ?? (generation.status === "CANCELLED" ? null : fileUrl(generation.id, "photo"));
  if (photo !== null) {
    return <img className="card-photo" src={photo} alt={words.library.photo} loading="lazy" decoding="async" />;
  }
  return <Icon name={generation.status === "FAILED" ? "warning" : "photo"} />;
}

function statusText(generation: Generation): string {
  switch (generation.status) {
    case "QUEUED":
    case "RUNNING":
      return `${STAGES.find(({ id }) => id === generation.stage)?.title ?? words.library.working}…`;
    case "SUCCEEDED":
      return generation.model === null ? words.library.ready : words.library.faces(countText(generation.model.faces));
    case "FAILED":
      return words.library.failed;
    case "CANCELLED":
      return words.library.cancelled;
  }
}
