import { useSyncExternalStore } from "react";

const WISH = "(prefers-reduced-motion: reduce)";

function subscribe(onChange: () => void): () => void {
  const query = matchMedia(WISH);
  query.addEventListener("change", onChange);
  return () => { query.removeEventListener("change", onChange); };
}

/** Whether this person asked their system for less movement. */
export function useReducedMotion(): boolean {
  return useSyncExternalStore(subscribe, () => matchMedia(WISH).matches);
}
