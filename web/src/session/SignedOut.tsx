import { signInUrl } from "../api/calls";
import type { Farewell } from "../shell/context";
import { Foot } from "../shell/Foot";
import { Logo } from "../shell/Logo";
import { HeroArt } from "./HeroArt";

/** The name of the identity provider on the button; a stage with another provider sets its own at build time. */
const SIGN_IN = (import.meta.env["VITE_SIGN_IN_LABEL"] as string | undefined) ?? "Sign in with Google";

const FAREWELLS: Readonly<Record<Farewell, string>> = {
  ended: "You have been signed out. Sign in again to come back to this page.",
  everywhere: "You are signed out everywhere.",
  "under-age": "Your account is being deleted, and nothing of you is kept. You are welcome when you are 16.",
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
          <h1>One photo in.<br />A solid out.</h1>
          <p className="out-lead">ImageTo3D turns one photo of an object into a textured 3D model that you can turn, download and keep.</p>
          {farewell !== null && <p className="out-ended" role="alert">{FAREWELLS[farewell]}</p>}
          {failed && farewell === null && <p className="out-ended" role="alert">Signing in did not work, or was cancelled. Nothing happened; try again.</p>}
          <a className="button button-mark button-large" href={signInUrl(location.pathname + location.hash)}>{SIGN_IN}</a>
        </div>
        <HeroArt />
      </main>
      <section className="out-facts" aria-label="Good to know">
        <div><h2>A photo you have</h2><p>One object, clear of its background. JPEG, PNG or WebP, up to 10 MB.</p></div>
        <div><h2>A model you can use</h2><p>A GLB file with its texture, the right way up. Blender, game engines and most viewers open it.</p></div>
        <div><h2>Pay for results</h2><p>If a model fails, its credit comes back. Delete one, and its files are gone too.</p></div>
      </section>
      <Foot />
    </div>
  );
}
