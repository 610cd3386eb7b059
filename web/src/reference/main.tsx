import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { ReferencePage } from "./ReferencePage";
import "../styles/tokens.css";
import "../styles/base.css";
import "../styles/parts.css";
import "./reference.css";

const root = document.getElementById("root");
if (root === null) {
  throw new Error("reference/index.html has no #root");
}
createRoot(root).render(<StrictMode><ReferencePage /></StrictMode>);
