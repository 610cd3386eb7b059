import { useEffect, useState } from "react";
import { Logo } from "../shell/Logo";
import { Call } from "./Call";
import { Text } from "./Text";
import { operations, troubles, type Document } from "./document";

/** Every call of the API, to read and to try. */
export function ReferencePage() {
  const [document, setDocument] = useState<Document | null>(null);
  const [failed, setFailed] = useState(false);
  const [key, setKey] = useState("");
  useEffect(() => {
    const read = async (): Promise<void> => {
      const answer = await fetch("/openapi.json");
      setDocument(await answer.json() as Document);
    };
    read().catch(() => { setFailed(true); });
  }, []);
  const all = document === null ? [] : operations(document);
  return (
    <>
      <a className="skip" href="#main">Skip to content</a>
      <header className="bar"><a className="bar-home" href="/"><Logo /></a><a className="reference-link" href="/openapi.json">openapi.json</a><a className="reference-link" href="/llms.txt">llms.txt</a></header>
      <main id="main" className="page reference" tabIndex={-1} aria-busy={document === null && !failed}>
        <h1>API reference</h1>
        <p className="reference-lead">
          Send a key of your account with every call: <code>Authorization: Bearer i3d_live_…</code>. A key made for tests
          (<code>i3d_test_…</code>) goes the same way and costs nothing.
        </p>
        {failed && <p role="alert">The description could not be loaded. Load the page again.</p>}
        <label className="reference-key">
          Key for trying calls here
          <input type="password" autoComplete="off" spellCheck={false} placeholder="i3d_test_…" value={key} onChange={(event) => { setKey(event.target.value); }} />
          <small>It stays on this page. Without one, calls are made as whoever is signed in, and cost what they cost.</small>
        </label>
        {document !== null && (
          <>
            <h2>For programs</h2>
            {all.filter((one) => one.scope !== null).map((one) => <Call key={one.id} document={document} operation={one} secret={key} />)}
            <h2>For the site itself</h2>
            <p className="note">These take no key: they are here so that nothing is hidden.</p>
            {all.filter((one) => one.scope === null).map((one) => <Call key={one.id} document={document} operation={one} secret={key} />)}
            <h2 id="problems">Problems</h2>
            <p className="note">Every answer that is not what was asked for is <code>application/problem+json</code> with one of these types.</p>
            <dl className="reference-problems">
              {troubles(all).map((one) => (
                <div key={one.type} id={one.type.slice(1)}>
                  <dt><code>{one.status} {one.type}</code></dt>
                  <dd><strong>{one.title}.</strong> <Text>{one.remedy}</Text></dd>
                </div>
              ))}
            </dl>
          </>
        )}
      </main>
    </>
  );
}
