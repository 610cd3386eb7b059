import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/session.css";
import "./styles/create.css";
import "./styles/generation.css";
import "./styles/library.css";
import "./styles/credits.css";
import "./styles/account.css";
import "./styles/legal.css";

const root = document.getElementById("root");
if (root === null) {
  throw new Error("index.html has no #root");
}
createRoot(root).render(<StrictMode><App /></StrictMode>);
