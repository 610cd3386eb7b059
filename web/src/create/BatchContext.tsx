import { createContext, useContext, type ReactNode } from "react";
import { useBatch, type Hands } from "./useBatch";

const BatchContext = createContext<Hands | null>(null);

/** Keeps the chosen photos over all pages of a signed-in person. */
export function KeepBatch({ children }: { children: ReactNode }) {
  return <BatchContext value={useBatch()}>{children}</BatchContext>;
}

export function useHands(): Hands {
  const hands = useContext(BatchContext);
  if (hands === null) {
    throw new Error("useHands is for pages inside KeepBatch");
  }
  return hands;
}
