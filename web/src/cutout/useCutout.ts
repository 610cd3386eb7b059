import { useEffect, useState } from "react";
import { prepare, type Edit, type Prepared } from "./prepare";

export type Look =
  | { readonly is: "looking" }
  /** `url`: an object URL of the picture that is sent. */
  | { readonly is: "ready"; readonly prepared: Prepared; readonly url: string }
  /** No object stands out. */
  | { readonly is: "none" }
  /** The cut-out cannot be made in this browser now; the service makes it. */
  | { readonly is: "off" };

/** Whether the network was loaded on this page already: only the first look has to say that it takes a moment. */
let loaded = false;

export function isLoaded(): boolean {
  return loaded;
}

/** Shows what is used of a photo, anew after each change. `onReady` hears of each result. */
export function useCutout(photo: Blob, edit: Edit, percent: number, onReady: (prepared: Prepared | null) => void): Look {
  const wish = `${edit.background} ${percent} ${JSON.stringify(edit.crop)}`;
  const [seen, setSeen] = useState<{ photo: Blob; wish: string; look: Look } | null>(null);
  useEffect(() => {
    const stop = new AbortController();
    let url: string | null = null;
    const tell = (look: Look): void => {
      if (!stop.signal.aborted) {
        setSeen({ photo, wish, look });
        onReady(look.is === "ready" ? look.prepared : null);
      }
    };
    prepare(photo, edit, percent, stop.signal).then(
      (prepared) => {
        loaded = true;
        if (prepared === null) {
          tell({ is: "none" });
          return;
        }
        url = URL.createObjectURL(prepared.file);
        tell({ is: "ready", prepared, url });
      },
      () => { tell({ is: "off" }); },
    );
    return () => {
      stop.abort();
      if (url !== null) {
        URL.revokeObjectURL(url);
      }
    };
    // `edit` is new with each draw; `wish` says when it really changed.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [photo, wish]);
  return seen !== null && seen.photo === photo && seen.wish === wish ? seen.look : { is: "looking" };
}
