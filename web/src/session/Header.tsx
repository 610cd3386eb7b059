import { useState } from "react";
import type { Me, Problem } from "../api/types";
import { creditsText } from "../format";
import { explain } from "../problems";
import { Link } from "../shell/Link";
import { Logo } from "../shell/Logo";

/** Where we are, who is here, what is left, and the way out. */
export function Header({ me, signOut }: { me: Me; signOut: () => Promise<Problem | null> }) {
  const [problem, setProblem] = useState<Problem | null>(null);
  const { available, held } = me.credits;
  return (
    <header className="bar">
      <Link to="/" className="bar-home"><Logo /></Link>
      <p className="bar-credits">
        <Link to="/credits"><strong>{creditsText(available)}</strong></Link>
        {held > 0 && <span> · {held} held</span>}
      </p>
      <p className="bar-who" title={me.email ?? undefined}>{me.name ?? me.email ?? "Signed in"}</p>
      <button type="button" className="button button-quiet" onClick={() => void signOut().then(setProblem)}>Sign out</button>
      {problem !== null && <p className="bar-problem" role="alert">{explain(problem).title}. You are still signed in.</p>}
    </header>
  );
}
