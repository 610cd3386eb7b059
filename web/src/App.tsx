import { useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from "react";
import { CreditsPage } from "./credits/CreditsPage";
import { CreatePanel } from "./create/CreatePanel";
import { GenerationPage } from "./generation/GenerationPage";
import { Library } from "./library/Library";
import { creditsText } from "./format";
import { explain } from "./problems";
import { modelPath, useRoute } from "./route";
import { Header } from "./session/Header";
import { SignedOut } from "./session/SignedOut";
import { useSession } from "./session/useSession";
import { Link } from "./shell/Link";
import { Logo } from "./shell/Logo";
import { ShellContext, type Shell } from "./shell/context";
import { Trouble } from "./shell/Trouble";

export function App() {
  const { session, api, refresh, signOut } = useSession();
  const [route, go] = useRoute();
  const [sentence, announce] = useState("");
  const refreshMe = useCallback(() => void refresh(), [refresh]);
  const place = route.page === "model" ? route.id : route.page;
  useTitleAndFocus(place, session.kind);

  const me = session.kind === "in" ? session.me : null;
  const shell = useMemo<Shell | null>(() => me && { api, me, refreshMe, announce, go }, [api, me, refreshMe, go]);

  if (session.kind === "asking") {
    return <Blank />;
  }
  if (session.kind === "unreachable") {
    return (
      <Blank>
        <Trouble explanation={explain(session.problem)}>
          <button type="button" className="button" onClick={refreshMe}>Try again</button>
        </Trouble>
      </Blank>
    );
  }
  if (shell === null || session.kind === "out") {
    return <SignedOut ended={session.kind === "out" && session.ended} />;
  }
  return (
    <ShellContext value={shell}>
      <a className="skip" href="#main">Skip to content</a>
      <Header me={shell.me} signOut={signOut} />
      <main id="main" className="page" tabIndex={-1}>
        {route.page === "home" && <><LowCredits available={shell.me.credits.available} /><CreatePanel onMade={(id) => { refreshMe(); go(modelPath(id)); }} /><Library /></>}
        {route.page === "credits" && <CreditsPage />}
        {route.page === "model" && <GenerationPage key={route.id} id={route.id} />}
      </main>
      <footer className="foot">Only the cookies that signing in needs. No trackers, nothing from third parties.</footer>
      <p className="unseen" role="status">{sentence}</p>
    </ShellContext>
  );
}

/** Says it before an order is refused, not after. */
function LowCredits({ available }: { available: number }) {
  if (available > 2) {
    return null;
  }
  return (
    <p className="low">
      {available === 0 ? "You have no credits left, and a model costs one." : `You have ${creditsText(available)} left.`} <Link to="/credits">Get credits</Link>
    </p>
  );
}

/** The frame before anything is known. */
function Blank({ children }: { children?: ReactNode }) {
  return <div className="blank"><Logo /><main id="main">{children}</main></div>;
}

/** Names the tab, and moves the focus to the new page after going somewhere (not on the first page). */
function useTitleAndFocus(place: string, session: string): void {
  const before = useRef(place);
  useEffect(() => {
    const page = place === "home" || session !== "in" ? "" : place === "credits" ? "Credits · " : "Model · ";
    document.title = `${page}ImageTo3D`;
    if (before.current !== place) {
      before.current = place;
      document.getElementById("main")?.focus();
    }
  }, [place, session]);
}
