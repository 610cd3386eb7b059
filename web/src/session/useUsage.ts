import { useEffect } from "react";
import type { Api } from "../api/calls";
import type { Me } from "../api/types";
import type { Route } from "../route";

/** Browsers that carry Global Privacy Control say so here; the others leave it out. */
export function objects(browser: object): boolean {
  return "globalPrivacyControl" in browser && browser.globalPrivacyControl === true;
}

/** Tells which page is looked at, once a page, and only for people who chose it in a browser that does not object. */
export function useUsage(api: Api, me: Me | null, page: Route["page"], place: string): void {
  const told = page === "compare" || page === "shared" ? null : page;
  const allowed = me !== null && me.usage_analysis && !objects(navigator);
  useEffect(() => {
    if (allowed && told !== null) {
      void api.viewPage(told);
    }
  }, [api, allowed, told, place]);
}
