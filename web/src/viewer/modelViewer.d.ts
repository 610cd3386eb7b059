import type { DetailedHTMLProps, HTMLAttributes } from "react";

/** The part of model-viewer's element that we use. */
export interface ModelViewer extends HTMLElement {
  cameraOrbit: string;
  cameraTarget: string;
  fieldOfView: string;
  resetTurntableRotation(): void;
  jumpCameraToGoal(): void;
}

/** Attributes; those that are present switch something on. */
interface ModelViewerAttributes extends HTMLAttributes<ModelViewer> {
  src: string;
  alt: string;
  "camera-controls"?: boolean;
  "auto-rotate"?: boolean;
  "auto-rotate-delay"?: string;
  "rotation-per-second"?: string;
  "interaction-prompt"?: "auto" | "none";
  "shadow-intensity"?: string;
  "shadow-softness"?: string;
  "touch-action"?: string;
  exposure?: string;
  "tone-mapping"?: string;
}

declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      "model-viewer": DetailedHTMLProps<ModelViewerAttributes, ModelViewer>;
    }
  }
}
