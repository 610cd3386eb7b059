import { useState } from "react";
import type { Problem } from "../api/types";
import { explain } from "../problems";
import { words } from "../words";

/** The way out, and a word if it is shut. */
export function SignOut({ signOut }: { signOut: () => Promise<Problem | null> }) {
  const [problem, setProblem] = useState<Problem | null>(null);
  return (
    <>
      <button type="button" className="button button-quiet" onClick={() => void signOut().then(setProblem)}>{words.shell.signOut}</button>
      {problem !== null && <p className="bar-problem" role="alert">{words.shell.stillIn(explain(problem).title)}</p>}
    </>
  );
}
