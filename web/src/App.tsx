import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from "react";
import { AccountPage } from "./account/AccountPage";
import { signInUrl } from "./api/calls";
import type { Me } from "./api/types";
import { KeepBatch } from "./create/BatchContext";
import { CreatePanel } from "./create/CreatePanel";
import { CreditsPage } from "./credits/CreditsPage";
import { creditsText } from "./format";
import { GenerationPage } from "./generation/GenerationPage";
import { Library } from "./library/Library";
import { explain } from "./problems";
import { modelPath, TITLES, useRoute, type Route } from "./route";
import { Banners } from "./session/Banners";
import { FirstStep } from "./session/FirstStep";
import { Header, PlainHeader } from "./session/Header";
import { SignedOut } from "./session/SignedOut";
import { SignOut } from "./session/SignOut";
import { useSession, type Session } from "./session/useSession";
import { useUsage } from "./session/useUsage";
import { Foot } from "./shell/Foot";
import { Link } from "./shell/Link";
import { Logo } from "./shell/Logo";
import { Safe } from "./shell/Safe";
import { GoContext, ShellContext, type Shell } from "./shell/context";
import { Trouble } from "./shell/Trouble";
import { useOnline } from "./shell/useOnline";
import { SharedPage } from "./share/SharedPage";
import { ComparePage } from "./viewer/ComparePage";
import { words } from "./words";

// Long texts in every language, for the few who read them.
const PrivacyPage = lazy(() => import("./legal/PrivacyPage"));
const TermsPage = lazy(() => import("./legal/TermsPage"));

export function App() {
  const { session, api, refresh, know, leave, signOut } = useSession();
  const [route, go] = useRoute();
  const [sentence, announce] = useState("");
  // The library is read anew when several models were ordered.
  const [shelf, setShelf] = useState(0);
  const refreshMe = useCallback(() => void refresh(), [refresh]);
  const place = placeOf(route);

  const me = session.kind === "in" ? session.me : null;
  const stands = me?.welcome === "needed" ? "first-step" : session.kind;
  useTitleAndFocus(route.page, place, stands);
  useUsage(api, me, route.page, place);
  const shell = useMemo<Shell | null>(
    () => me && { api, me, refreshMe, announce, go, know, leave },
    [api, me, refreshMe, go, know, leave],
  );

  const onMade = (ids: readonly string[]): void => {
    refreshMe();
    if (ids[0] !== undefined) {
      go(modelPath(ids[0]));
    } else {
      // Not `shelf + 1`: whoever sent them may have been elsewhere since.
      setShelf((before) => before + 1);
    }
  };
  const page = (
    <main id="main" className="page" tabIndex={-1}>
      <Safe key={place}>
        <Suspense fallback={<p className="note">{words.shell.loading}</p>}><Page route={route} me={me} onMade={onMade} shelf={shelf} /></Suspense>
      </Safe>
    </main>
  );
  const legal = route.page === "privacy" || route.page === "terms" || route.page === "shared";
  if (shell === null && legal) {
    return <GoContext value={go}><Frame bar={<PlainHeader>{session.kind === "out" && <a className="button" href={signInUrl("/")}>{words.shell.signIn}</a>}</PlainHeader>}>{page}</Frame></GoContext>;
  }
  if (shell === null) {
    return <GoContext value={go}><Outside session={session} again={refreshMe} /></GoContext>;
  }
  const began = shell.me.welcome !== "needed";
  return (
    <GoContext value={go}>
      <ShellContext value={shell}>
        <KeepBatch>
          <Frame bar={began ? <Header me={shell.me} signOut={signOut} /> : <PlainHeader><SignOut signOut={signOut} /></PlainHeader>}>
            {began && <Banners me={shell.me} />}
            {page}
          </Frame>
        </KeepBatch>
        <p className="unseen" role="status">{sentence}</p>
      </ShellContext>
    </GoContext>
  );
}

/** What the address names. Before the first step is done, that step, except for the texts that it is about. */
function Page({ route, me, shelf, onMade }: { route: Route; me: Me | null; shelf: number; onMade: (ids: readonly string[]) => void }) {
  if (route.page === "privacy") {
    return <PrivacyPage />;
  }
  if (route.page === "terms") {
    return <TermsPage />;
  }
  if (route.page === "shared") {
    return <SharedPage key={route.secret} secret={route.secret} />;
  }
  if (me === null) {
    return null;
  }
  if (me.welcome === "needed") {
    return <FirstStep />;
  }
  switch (route.page) {
    case "home":
      return <><LowCredits available={me.credits.available} /><CreatePanel onMade={onMade} /><Library key={shelf} /></>;
    case "credits":
      return <CreditsPage />;
    case "account":
      return <AccountPage />;
    case "model":
      return <GenerationPage key={route.id} id={route.id} />;
    case "compare":
      return <ComparePage key={route.ids.join()} ids={route.ids} />;
  }
}

/** The page's frame: the way past the header, the header, the page, the foot. */
function Frame({ bar, children }: { bar: ReactNode; children: ReactNode }) {
  const online = useOnline();
  return <><a className="skip" href="#main">{words.shell.skip}</a>{bar}{!online && <p className="banner" role="status">{words.shell.offline}</p>}{children}<Foot /></>;
}

/** What somebody sees who is not signed in, or of whom it is not known yet. */
function Outside({ session, again }: { session: Session; again: () => void }) {
  const lost = session.kind === "unreachable";
  // Whoever opened the site offline need not look for the button when the network is back.
  useEffect(() => {
    if (!lost) {
      return undefined;
    }
    window.addEventListener("online", again);
    return () => { window.removeEventListener("online", again); };
  }, [lost, again]);
  switch (session.kind) {
    case "unreachable":
      return (
        <Blank>
          <Trouble explanation={explain(session.problem)}>
            <button type="button" className="button" onClick={again}>{words.shell.tryAgain}</button>
          </Trouble>
        </Blank>
      );
    case "out":
      return <SignedOut farewell={session.farewell} />;
    case "asking":
    case "in":
      return <Blank />;
  }
}

/** Says it before an order is refused, not after. */
function LowCredits({ available }: { available: number }) {
  if (available > 2) {
    return null;
  }
  return (
    <p className="low">
      {available === 0 ? words.create.noneLeft : words.create.fewLeft(creditsText(available))} <Link to="/credits">{words.create.getCredits}</Link>
    </p>
  );
}

/** The frame before anything is known. */
function Blank({ children }: { children?: ReactNode }) {
  return <><div className="blank"><Logo /><main id="main">{children}</main></div>{children !== undefined && <Foot />}</>;
}

/** Names the tab, and moves the focus after going somewhere: to the place that the address names, or to the page. */
function useTitleAndFocus(page: Route["page"], place: string, stands: string): void {
  const before = useRef({ place, stands });
  useEffect(() => {
    const open = page === "privacy" || page === "terms" || page === "shared" || stands === "in";
    document.title = `${open ? TITLES[page] : ""}ImageTo3D`;
    const moved = before.current.place !== place || before.current.stands === "first-step";
    before.current = { place, stands };
    const named = document.getElementById(location.hash.slice(1));
    if (named !== null && named.id !== "main") {
      named.focus();
    } else if (moved) {
      document.getElementById("main")?.focus();
    }
  }, [page, place, stands]);
}

function placeOf(route: Route): string {
  switch (route.page) {
    case "model":
      return route.id;
    case "compare":
      return route.ids.join();
    case "shared":
      return route.secret;
    default:
      return route.page;
  }
}
