import { createContext, useContext } from "react";
import type { Api } from "../api/calls";
import type { Me } from "../api/types";

/** What every page of a signed-in person may use. */
export interface Shell {
  readonly api: Api;
  readonly me: Me;
  /** Reads the credits again after something that changes them. */
  readonly refreshMe: () => void;
  /** Says a sentence to screen readers, politely. */
  readonly announce: (sentence: string) => void;
  readonly go: (path: string) => void;
  /** Takes the account as an answer tells it. */
  readonly know: (me: Me) => void;
  /** Goes to the visitor's page: the session is over. */
  readonly leave: (farewell: Farewell) => void;
}

/** Why somebody who was here is not any more; the visitor's page says it. */
export type Farewell = "ended" | "everywhere" | "under-age";

/** How links move inside the site, for visitors too. */
export const GoContext = createContext<(path: string) => void>((path) => { location.assign(path); });

export const ShellContext = createContext<Shell | null>(null);

export function useShell(): Shell {
  const shell = useContext(ShellContext);
  if (shell === null) {
    throw new Error("useShell is for pages of a signed-in person");
  }
  return shell;
}
