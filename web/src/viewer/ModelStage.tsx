import { useEffect, useRef, useState } from "react";
import { fileUrl } from "../api/calls";
import type { Generation } from "../api/types";
import { explain, ownProblem } from "../problems";
import { useShell } from "../shell/context";
import { Icon } from "../shell/Icon";
import { Trouble } from "../shell/Trouble";
import { canDraw, loadViewer } from "./loadViewer";
import type { ModelViewer } from "./modelViewer";
import { useReducedMotion } from "./useReducedMotion";

type Drawing = "loading" | "shown" | "client:no-3d" | "client:model-unreadable";

/** The model on its turntable; until it is drawn, and where it cannot be, its preview. */
export function ModelStage({ generation }: { generation: Generation }) {
  const { announce } = useShell();
  const [ready, setReady] = useState(false);
  const [drawing, setDrawing] = useState<Drawing>(() => (canDraw() ? "loading" : "client:no-3d"));
  const [share, setShare] = useState(0);
  const [round, setRound] = useState(0);
  const calm = useReducedMotion();
  const [turning, setTurning] = useState(!calm);
  const viewer = useRef<ModelViewer>(null);

  useEffect(() => {
    let wanted = true;
    loadViewer().then(
      () => { if (wanted) { setReady(true); } },
      () => { if (wanted) { setDrawing("client:model-unreadable"); } },
    );
    return () => { wanted = false; };
  }, [round]);

  // Custom events of a custom element: React would only listen for them under their exact names.
  useEffect(() => {
    const element = viewer.current;
    if (element === null) {
      return undefined;
    }
    const stop = new AbortController();
    const { signal } = stop;
    element.addEventListener("load", () => { setDrawing("shown"); announce("The model is shown. Turn it with the arrow keys."); }, { signal });
    element.addEventListener("error", () => { setDrawing("client:model-unreadable"); }, { signal });
    element.addEventListener("progress", (event) => { setShare(progressShare(event)); }, { signal });
    return () => { stop.abort(); };
  }, [ready, round, announce]);

  const reset = (): void => {
    const element = viewer.current;
    if (element !== null) {
      element.resetTurntableRotation();
      element.cameraTarget = "auto auto auto";
      element.cameraOrbit = "0deg 75deg 105%";
      element.fieldOfView = "auto";
    }
  };
  const again = (): void => {
    setDrawing("loading");
    setShare(0);
    setRound((before) => before + 1);
  };

  const drawable = drawing === "loading" || drawing === "shown";
  return (
    <div className="stage mat">
      {drawing !== "shown" && <img className="stage-preview" src={fileUrl(generation.id, "preview.webp")} alt="Preview of the model" />}
      {ready && drawable && (
        <model-viewer
          key={round}
          ref={viewer}
          className={drawing === "shown" ? "stage-viewer" : "stage-viewer stage-viewer-hidden"}
          src={fileUrl(generation.id, "model.glb")}
          alt="The 3D model. Use the arrow keys to turn it, plus and minus to zoom."
          camera-controls
          auto-rotate={turning}
          auto-rotate-delay="0"
          interaction-prompt="none"
          shadow-intensity="1"
          shadow-softness="0.8"
          tone-mapping="neutral"
          touch-action="pan-y"
        />
      )}
      {drawing === "loading" && <progress className="stage-progress" aria-label="Loading the model" max={1} value={share} />}
      {drawing === "shown" && (
        <div className="stage-tools">
          <button type="button" className="tool" onClick={() => { setTurning(!turning); }}>
            <Icon name={turning ? "pause" : "play"} />{turning ? "Stop turning" : "Turn"}
          </button>
          <button type="button" className="tool" onClick={reset}><Icon name="reset" />Reset view</button>
        </div>
      )}
      {!drawable && (
        <div className="stage-trouble">
          <Trouble explanation={explain(ownProblem(drawing))}>
            {drawing === "client:model-unreadable" && <button type="button" className="button" onClick={again}>Try again</button>}
          </Trouble>
        </div>
      )}
    </div>
  );
}

/** model-viewer's progress event has the name of a native one, but a detail of its own. */
function progressShare(event: Event): number {
  return event instanceof CustomEvent ? (event.detail as { totalProgress: number }).totalProgress : 0;
}
