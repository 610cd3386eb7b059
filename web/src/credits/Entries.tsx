import type { Entry } from "../api/types";
import { momentText, signedText } from "../format";
import { explain } from "../problems";
import { modelPath } from "../route";
import { useShell } from "../shell/context";
import { Link } from "../shell/Link";
import { Trouble } from "../shell/Trouble";
import { usePages } from "../shell/usePages";
import { words } from "../words";

const WORDS: Readonly<Record<Entry["kind"] | "expire", string>> = {
  free_grant: words.entries.free_grant,
  purchase: words.entries.purchase,
  hold: words.entries.hold,
  capture: words.entries.capture,
  release: words.entries.release,
  clawback: words.entries.clawback,
  give_back: words.entries.give_back,
  expire: words.entries.expire,
};

/** Every movement of the credits, newest first. */
export function Entries() {
  const { api } = useShell();
  const { items, hasMore, problem, more } = usePages<Entry>(api.entries);

  return (
    <section className="entries" aria-labelledby="entries-title" aria-busy={items === null}>
      <h2 id="entries-title">{words.entries.title}</h2>
      {items !== null && (
        <table>
          <thead><tr><th scope="col">{words.entries.when}</th><th scope="col">{words.entries.what}</th><th scope="col">{words.entries.credits}</th></tr></thead>
          <tbody>
            {items.map((entry) => (
              <tr key={entry.number}>
                <td><time dateTime={entry.at}>{momentText(entry.at)}</time></td>
                <td>{entry.generation_id === null ? WORDS[entry.kind] : <Link to={modelPath(entry.generation_id)}>{WORDS[entry.kind]}</Link>}</td>
                <td>{entry.kind === "capture" ? words.entries.spent : signedText(entry.available - entry.debt)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {problem !== null && (
        <Trouble explanation={explain(problem)}>
          <button type="button" className="button" onClick={more}>{words.shell.tryAgain}</button>
        </Trouble>
      )}
      {hasMore && problem === null && (
        <button type="button" className="button" onClick={more}>{words.credits.showMore}</button>
      )}
    </section>
  );
}
