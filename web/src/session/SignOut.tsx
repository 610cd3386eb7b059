import { useState } from "react";
import type { Problem } from "../api/types";
import { explain } from "../problems";

/** The way out, and a word if it is shut. */
export function SignOut({ signOut }: { signOut: () => Promise<Problem | null> }) {
  const [problem, setProblem] = useState<Problem | null>(null);
  return (
    <>
      <button type="button" className="button button-quiet" onClick={() => void signOut().then(setProblem)}>Sign out</button>
      {problem !== null && <p className="bar-problem" role="alert">{explain(problem).title}. You are still signed in.</p>}
    </>
  );
}
