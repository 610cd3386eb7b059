import { useEffect, useState } from "react";

/** The pages of the site. */
export type Route = { readonly page: "home" | (typeof NAMED)[number] } | { readonly page: "model"; readonly id: string };

/** Pages whose address is their name. */
const NAMED = ["credits", "account", "privacy", "terms"] as const;

/** Reads an address; one that we do not know is the home page, as the static host serves it. */
export function routeOf(path: string): Route {
  const named = NAMED.find((page) => path === `/${page}` || path === `/${page}/`);
  if (named !== undefined) {
    return { page: named };
  }
  const id = /^\/m\/([A-Za-z0-9_-]+)\/?$/.exec(path)?.[1];
  return id === undefined ? { page: "home" } : { page: "model", id };
}

/** What the tab is called; nothing before the site's name on the home page. */
export const TITLES: Readonly<Record<Route["page"], string>> = {
  home: "",
  credits: "Credits · ",
  account: "Your account · ",
  model: "Model · ",
  privacy: "Privacy policy · ",
  terms: "Terms · ",
};

export function modelPath(id: string): string {
  return `/m/${id}`;
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
