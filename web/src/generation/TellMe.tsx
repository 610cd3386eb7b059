import { useState } from "react";
import { words } from "../words";

/** Asks the browser, on a click and never by itself, whether it may notify. */
export function TellMe() {
  const [permission, setPermission] = useState(() => ("Notification" in window ? Notification.permission : "denied"));
  if (permission === "default") {
    return <button type="button" className="link-button" onClick={() => void Notification.requestPermission().then(setPermission)}>{words.stages.tell}</button>;
  }
  return <p className="note-small" role="status">{permission === "granted" ? words.stages.willTell : words.stages.notTold}</p>;
}
