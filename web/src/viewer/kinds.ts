/** How the surface is drawn. */
export const LOOKS = ["colours", "plain", "clay", "wires", "normals"] as const;
export type Look = (typeof LOOKS)[number];

/** Where the light comes from. */
export const LIGHTS = ["studio", "day", "side"] as const;
export type Light = (typeof LIGHTS)[number];

/** What is behind the model. */
export const BACKS = ["mat", "paper", "dark"] as const;
export type Back = (typeof BACKS)[number];

type Three = readonly [number, number, number];

/** From where the photo was taken, as a model's report tells it. */
export interface Eye {
  readonly origin: Three;
  /** How the photo's rows grow, per unit of depth. */
  readonly down: Three;
  readonly forward: Three;
}

/** What a page can do with a shown model. */
export interface Turntable {
  readonly setLook: (look: Look) => void;
  readonly setLight: (light: Light) => void;
  readonly setBackground: (back: Back) => void;
  readonly turn: (on: boolean) => void;
  readonly reset: () => void;
  /** In steps of ten degrees and of a tenth of the distance. */
  readonly nudge: (right: number, up: number, nearer: number) => void;
  /** Looks from where the photo was taken, and stays there until it is reset. */
  readonly seeAs: (eye: Eye) => void;
  readonly place: () => readonly number[];
  readonly follow: (position: readonly number[]) => void;
  readonly onMove: (heard: () => void) => void;
  readonly close: () => void;
}
