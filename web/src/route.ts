import { useEffect, useState } from "react";
import { words } from "./words";

/** The pages of the site. */
export type Route = { readonly page: "home" | (typeof NAMED)[number] } | { readonly page: "model"; readonly id: string }
  | { readonly page: "compare"; readonly ids: readonly [string, string] }
  | { readonly page: "shared"; readonly secret: string };

/** Pages whose address is their name. */
const NAMED = ["credits", "account", "privacy", "terms"] as const;

/** Reads an address; one that we do not know is the home page, as the static host serves it. */
export function routeOf(path: string): Route {
  const named = NAMED.find((page) => path === `/${page}` || path === `/${page}/`);
  if (named !== undefined) {
    return { page: named };
  }
  const two = /^\/compare\/([A-Za-z0-9_-]+)\/([A-Za-z0-9_-]+)\/?$/.exec(path);
  if (two?.[1] !== undefined && two[2] !== undefined) {
    return { page: "compare", ids: [two[1], two[2]] };
  }
  const secret = /^\/s\/([A-Za-z0-9_-]+)\/?$/.exec(path)?.[1];
  if (secret !== undefined) {
    return { page: "shared", secret };
  }
  const id = /^\/m\/([A-Za-z0-9_-]+)\/?$/.exec(path)?.[1];
  return id === undefined ? { page: "home" } : { page: "model", id };
}

/** What the tab is called; nothing before the site's name on the home page. */
export const TITLES: Readonly<Record<Route["page"], string>> = words.titles;

export function modelPath(id: string): string {
  return `/m/${id}`;
}

export function comparePath(first: string, second: string): string {
  return `/compare/${first}/${second}`;
}

/** The route of now, and a way to go elsewhere that the back button undoes. */
export function useRoute(): [Route, (path: string) => void] {
  const [path, setPath] = useState(location.pathname);
  useEffect(() => {
    const moved = (): void => { setPath(location.pathname); };
    window.addEventListener("popstate", moved);
    return () => { window.removeEventListener("popstate", moved); };
  }, []);
  const go = (to: string): void => {
    history.pushState(null, "", to);
    // The name after `#` is a place on the page: the page itself is the same.
    setPath(location.pathname);
    window.scrollTo(0, 0);
  };
  return [routeOf(path), go];
}
