import { useEffect, useEffectEvent } from "react";
import { isOver, type Generation } from "../api/types";
import { words } from "../words";
import { stageSentence } from "./stages";

/** Tells in the tab's title how far a model is, and with a notification, if that was allowed, that it is over. */
export function useTabTitle(generation: Generation | null): void {
  const over = generation !== null && isOver(generation);
  const percent = generation?.progress ?? 0;
  const status = generation?.status ?? null;
  useEffect(() => {
    if (status !== null) {
      const state = !over ? `${percent} %` : status === "SUCCEEDED" ? words.stages.titleDone : words.stages.titleFailed;
      document.title = `${state} · ${words.titles.model}ImageTo3D`;
    }
  }, [over, percent, status]);

  const tell = useEffectEvent(() => {
    if (generation !== null && document.hidden && "Notification" in window && Notification.permission === "granted") {
      notify(stageSentence(generation), { icon: "/favicon.svg", tag: generation.id });
    }
  });
  // What was over when the page was opened is no news.
  const wasMade = generation !== null && !over;
  useEffect(() => (wasMade ? () => { tell(); } : undefined), [wasMade]);
}

/** Shows a notification. Chrome on Android throws at the plain way and knows only that of the service worker. */
export function notify(sentence: string, how: NotificationOptions): void {
  try {
    new Notification(sentence, how);
  } catch {
    void navigator.serviceWorker.ready.then((worker) => worker.showNotification(sentence, how)).catch(() => undefined);
  }
}
