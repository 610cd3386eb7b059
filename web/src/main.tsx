import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App";
import "./styles/index.css";
import { language } from "./words";

const root = document.getElementById("root");
if (root === null) {
  throw new Error("index.html has no #root");
}
document.documentElement.lang = language;
// Keeps the site's own files, so that it opens offline and says so. Where the browser allows none, nothing is lost.
if (import.meta.env.PROD && "serviceWorker" in navigator) {
  navigator.serviceWorker.register("/sw.js").catch(() => undefined);
}
createRoot(root).render(<StrictMode><App /></StrictMode>);
