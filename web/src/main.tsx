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
createRoot(root).render(<StrictMode><App /></StrictMode>);
