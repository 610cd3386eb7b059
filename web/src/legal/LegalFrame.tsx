import type { ReactNode } from "react";
import type { Change } from "./history";
import { OPERATOR } from "./operator";
import type { Part } from "./text";

interface Props {
  readonly title: string;
  readonly version: string;
  readonly history: readonly Change[];
  readonly contents: readonly Pick<Part, "id" | "title">[];
  readonly children: ReactNode;
}

/** A long text: its date, what is in it, and how it changed. */
export function LegalFrame({ title, version, history, contents, children }: Props) {
  return (
    <article className="legal">
      <h1>{title}</h1>
      <p className="note">Last updated <time dateTime={version}>{version}</time></p>
      <nav aria-label="On this page">
        <ul className="legal-contents">
          {[...contents, ...ENDS].map(({ id, title }) => <li key={id}><a href={`#${id}`}>{title}</a></li>)}
        </ul>
      </nav>
      {children}
      <section className="legal-part">
        <h2 id="contact" tabIndex={-1}>Who we are</h2>
        {!OPERATOR.filledIn && (
          <p className="legal-missing" role="note">
            Whoever runs this copy of ImageTo3D has not written down their name yet. It belongs into web/src/legal/operator.ts, before anybody else uses it.
          </p>
        )}
        <address>
          {OPERATOR.name}, {OPERATOR.address}<br />
          {OPERATOR.filledIn ? <a href={`mailto:${OPERATOR.email}`}>{OPERATOR.email}</a> : OPERATOR.email}
        </address>
      </section>
      <section className="legal-part">
        <h2 id="history" tabIndex={-1}>Versions</h2>
        <ul className="legal-list">
          {history.map(({ version, what }) => <li key={version}><time dateTime={version}>{version}</time>: {what}</li>)}
        </ul>
      </section>
    </article>
  );
}

const ENDS = [{ id: "contact", title: "Who we are" }, { id: "history", title: "Versions" }] as const;

/** One part of the text with its paragraphs and lists. */
export function LegalPart({ part: { id, title, body }, children }: { part: Part; children?: ReactNode }) {
  return (
    <section className="legal-part">
      <h2 id={id} tabIndex={-1}>{title}</h2>
      {body.map((block, index) => (
        typeof block === "string"
          ? <p key={index}>{block}</p>
          : <ul key={index} className="legal-list">{block.map((line) => <li key={line}>{line}</li>)}</ul>
      ))}
      {children}
    </section>
  );
}
