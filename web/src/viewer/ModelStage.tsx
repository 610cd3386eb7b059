import { useEffect, useEffectEvent, useRef, useState, type KeyboardEvent } from "react";
import { explain, ownProblem } from "../problems";
import { Trouble } from "../shell/Trouble";
import { words } from "../words";
import { Comparison } from "./Comparison";
import type { Eye, Turntable } from "./kinds";
import { StageTools, USUAL_VIEW, type View } from "./StageTools";
import { useReducedMotion } from "./useReducedMotion";

type Drawing = "loading" | "shown" | "client:no-3d" | "client:model-unreadable";

interface Props {
  /** Addresses of the model's files. */
  readonly model: string;
  readonly preview: string;
  /** The photo and the address of the report, for the comparison; `null` where there is none to show. */
  readonly photo?: { readonly url: string; readonly report: string } | null;
  readonly announce: (sentence: string) => void;
  /** Hands the turntable over, and takes it back with `null`. */
  readonly onTable?: (table: Turntable | null) => void;
}

/** The model on its turntable; until it is drawn, and where it cannot be, its preview. */
export function ModelStage({ model, preview, photo = null, announce, onTable }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const frame = useRef<HTMLDivElement>(null);
  const [table, setTable] = useState<Turntable | null>(null);
  const [drawing, setDrawing] = useState<Drawing>("loading");
  const [share, setShare] = useState(0);
  const [round, setRound] = useState(0);
  const calm = useReducedMotion();
  const [view, setView] = useState<View>({ ...USUAL_VIEW, turning: !calm });
  const [eye, setEye] = useState<Eye | null>(null);

  const came = useEffectEvent((opened: Turntable) => {
    opened.turn(view.turning);
    setTable(opened);
    setDrawing("shown");
    announce(words.viewer.shown);
    onTable?.(opened);
  });
  const went = useEffectEvent(() => { onTable?.(null); });
  useEffect(() => {
    const stop = new AbortController();
    let opened: Turntable | null = null;
    void (async () => {
      try {
        const { openTurntable } = await import("./turntable");
        const element = canvas.current;
        if (element === null || stop.signal.aborted) {
          return;
        }
        opened = await openTurntable(element, model, setShare, stop.signal);
        came(opened);
      } catch {
        if (!stop.signal.aborted) {
          setDrawing(canDraw() ? "client:model-unreadable" : "client:no-3d");
        }
      }
    })();
    return () => {
      stop.abort();
      opened?.close();
      setTable(null);
      went();
    };
  }, [model, round]);

  const change = (now: View): void => {
    setView(now);
    table?.setLook(now.look);
    table?.setLight(now.light);
    table?.setBackground(now.back);
    table?.turn(now.turning);
  };
  const compare = async (): Promise<void> => {
    if (eye !== null || photo === null) {
      setEye(null);
      table?.reset();
      return;
    }
    const found = await eyeOf(photo.report);
    if (found !== null) {
      change({ ...view, turning: false });
      setEye(found);
      table?.seeAs(found);
    }
  };
  const onKey = (event: KeyboardEvent): void => {
    const nudge = KEYS[event.key];
    if (event.key === "0") {
      table?.reset();
    } else if (nudge !== undefined) {
      event.preventDefault();
      table?.nudge(...nudge);
    }
  };
  const drawable = drawing === "loading" || drawing === "shown";
  return (
    <div ref={frame} className={`stage mat stage-${view.back}`}>
      {drawing !== "shown" && <img className="stage-preview" src={preview} alt={words.viewer.preview} />}
      {drawable && (
        <canvas
          key={round}
          ref={canvas}
          className={drawing === "shown" ? "stage-viewer" : "stage-viewer stage-viewer-hidden"}
          tabIndex={0}
          role="application"
          aria-label={words.viewer.label}
          data-shown={drawing === "shown"}
          onKeyDown={onKey}
        />
      )}
      {eye !== null && photo !== null && <Comparison photo={photo.url} />}
      {drawing === "loading" && <progress className="stage-progress" aria-label={words.viewer.loading} max={1} value={share} />}
      {drawing === "shown" && (
        <StageTools
          view={view}
          onView={change}
          onReset={() => { setEye(null); table?.reset(); }}
          onFull={() => { void full(frame.current); }}
          comparing={eye !== null}
          onCompare={photo === null ? null : () => void compare()}
        />
      )}
      {!drawable && (
        <div className="stage-trouble">
          <Trouble explanation={explain(ownProblem(drawing))}>
            {drawing === "client:model-unreadable" && (
              <button type="button" className="button" onClick={() => { setDrawing("loading"); setShare(0); setRound(round + 1); }}>{words.shell.tryAgain}</button>
            )}
          </Trouble>
        </div>
      )}
    </div>
  );
}

const KEYS: Readonly<Record<string, readonly [number, number, number]>> = {
  ArrowLeft: [-1, 0, 0], ArrowRight: [1, 0, 0], ArrowUp: [0, -1, 0], ArrowDown: [0, 1, 0], "+": [0, 0, 1], "=": [0, 0, 1], "-": [0, 0, -1],
};

async function full(frame: HTMLElement | null): Promise<void> {
  if (document.fullscreenElement === null) {
    await frame?.requestFullscreen();
  } else {
    await document.exitFullscreen();
  }
}

/** The camera of a model's report; `null` if it cannot be read or is not one that we can stand in for. */
async function eyeOf(report: string): Promise<Eye | null> {
  try {
    const { camera } = await (await fetch(report)).json() as { camera?: Eye };
    return camera ?? null;
  } catch {
    return null;
  }
}

/** Whether this browser can draw in 3D at all. */
function canDraw(): boolean {
  const context = document.createElement("canvas").getContext("webgl2");
  context?.getExtension("WEBGL_lose_context")?.loseContext();
  return context !== null;
}

