import { signInUrl } from "../api/calls";
import type { Farewell } from "../shell/context";
import { Foot } from "../shell/Foot";
import { Logo } from "../shell/Logo";
import { words } from "../words";
import { HeroArt } from "./HeroArt";

/** The name of the identity provider on the button; a stage with another provider sets its own at build time. */
const SIGN_IN = (import.meta.env["VITE_SIGN_IN_LABEL"] as string | undefined) ?? words.visitor.provider;

const FAREWELLS: Readonly<Record<Farewell, string>> = {
  ended: words.visitor.ended,
  everywhere: words.visitor.everywhere,
  "under-age": words.visitor.underAge,
};

/** The page of a visitor. `farewell`: they were signed in on this page a moment ago. */
export function SignedOut({ farewell }: { farewell: Farewell | null }) {
  // The API comes back here when the provider said no.
  const failed = new URLSearchParams(location.search).get("sign_in") === "failed";
  return (
    <div className="out">
      <header className="out-bar"><Logo /></header>
      <main id="main" className="out-mat mat" tabIndex={-1}>
        <div className="out-words">
          <h1>{words.visitor.title}<br />{words.visitor.titleRest}</h1>
          <p className="out-lead">{words.visitor.lead}</p>
          {farewell !== null && <p className="out-ended" role="alert">{FAREWELLS[farewell]}</p>}
          {failed && farewell === null && <p className="out-ended" role="alert">{words.visitor.failed}</p>}
          <a className="button button-mark button-large" href={signInUrl(location.pathname + location.hash)}>{SIGN_IN}</a>
          <p className="out-small">{words.visitor.free}</p>
        </div>
        <HeroArt />
      </main>
      <section className="out-facts" aria-label={words.visitor.facts}>
        <div><h2>{words.visitor.photoTitle}</h2><p>{words.visitor.photo}</p></div>
        <div><h2>{words.visitor.modelTitle}</h2><p>{words.visitor.model}</p></div>
        <div><h2>{words.visitor.payTitle}</h2><p>{words.visitor.pay}</p></div>
      </section>
      <Foot />
    </div>
  );
}
