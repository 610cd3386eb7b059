import { useEffect, useState } from "react";

/** The pages of the site. */
export type Route = { readonly page: "home" } | { readonly page: "credits" } | { readonly page: "model"; readonly id: string };

/** Reads an address; one that we do not know is the home page, as the static host serves it. */
export function routeOf(path: string): Route {
  if (/^\/credits\/?$/.test(path)) {
    return { page: "credits" };
  }
  const id = /^\/m\/([A-Za-z0-9_-]+)\/?$/.exec(path)?.[1];
  return id === undefined ? { page: "home" } : { page: "model", id };
}

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
    setPath(to);
    window.scrollTo(0, 0);
  };
  return [routeOf(path), go];
}
