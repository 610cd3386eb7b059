import type { Generation } from "../api/types";
import { spanText } from "../format";
import { words } from "../words";

/** What is told about the time that is left. */
export interface Forecast {
  /** In percent; `null` while nothing moves yet. */
  readonly progress: number | null;
  readonly sentence: string;
}

/** The share of the bar that is never filled before the end is there. */
const NEARLY = 95;

/** What is to be expected of a generation, `sinceMs` after the service told of it. */
export function forecastOf(generation: Generation, sinceMs: number): Forecast {
  const { eta_seconds: eta, queue_position: position, progress, stage } = generation;
  if (eta === null) {
    return { progress: 100, sentence: "" };
  }
  const sinceS = Math.max(0, sinceMs / 1000);
  const leftS = Math.round(eta - sinceS);
  const time = leftS >= 1 ? words.stages.toGo(spanText(leftS)) : words.stages.anyMoment;
  const before = position !== null && position > 1 ? words.stages.inLine(position) : "";
  const sentence = before + (before === "" ? capital(time) : time) + (stage === "waking" ? words.stages.starting : ".");
  if (position !== null) {
    return { progress: null, sentence };
  }
  const grown = progress + (NEARLY - progress) * Math.min(1, sinceS / eta);
  return { progress: Math.round(Math.max(progress, Math.min(NEARLY, grown))), sentence };
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
