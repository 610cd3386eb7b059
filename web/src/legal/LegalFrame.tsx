import { useEffect, type ReactNode } from "react";
import type { Change } from "./history";
import { dateText } from "../format";
import { language } from "../words";
import { OPERATOR } from "./operator";
import { FRAME } from "./texts";
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
  const frame = FRAME[language];
  // The texts come after the page: only now is there the place that the address names.
  useEffect(() => { document.getElementById(location.hash.slice(1))?.focus(); }, []);
  return (
    <article className="legal">
      <h1>{title}</h1>
      <p className="note">{frame.updated} <time dateTime={version}>{dateText(version)}</time></p>
      <div className="beside">
        <nav aria-label={frame.contents}>
          <ul className="beside-contents">
            {[...contents, { id: "contact", title: frame.who }, { id: "history", title: frame.versions }].map(({ id, title }) => <li key={id}><a href={`#${id}`}>{title}</a></li>)}
          </ul>
        </nav>
        <div className="beside-parts">
          {children}
          <section className="legal-part">
            <h2 id="contact" tabIndex={-1}>{frame.who}</h2>
            {OPERATOR.filledIn
              ? <address>{OPERATOR.name}, {OPERATOR.address}<br /><a href={`mailto:${OPERATOR.email}`}>{OPERATOR.email}</a></address>
              : <p className="legal-missing" role="note">{frame.nobody}</p>}
          </section>
          <section className="legal-part">
            <h2 id="history" tabIndex={-1}>{frame.versions}</h2>
            <ul className="legal-list">
              {history.map(({ version, what }) => <li key={version}><time dateTime={version}>{dateText(version)}</time>: {what[language]}</li>)}
            </ul>
          </section>
        </div>
      </div>
    </article>
  );
}

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
