import type { Entry } from "../api/types";
import { momentText, signedText } from "../format";
import { explain } from "../problems";
import { modelPath } from "../route";
import { useShell } from "../shell/context";
import { Link } from "../shell/Link";
import { Trouble } from "../shell/Trouble";
import { usePages } from "../shell/usePages";

const WORDS: Readonly<Record<Entry["kind"] | "expire", string>> = {
  free_grant: "Welcome credits",
  purchase: "Purchase",
  hold: "Held for a model",
  capture: "Model made",
  release: "Given back: no model",
  clawback: "Refunded or disputed purchase",
  give_back: "Given back: dispute won",
  expire: "Account deleted",
};

/** Every movement of the credits, newest first. */
export function Entries() {
  const { api } = useShell();
  const { items, hasMore, problem, more } = usePages<Entry>(api.entries);

  return (
    <section className="entries" aria-labelledby="entries-title" aria-busy={items === null}>
      <h2 id="entries-title">What happened to your credits</h2>
      {items !== null && (
        <table>
          <thead><tr><th scope="col">When</th><th scope="col">What for</th><th scope="col">Credits</th></tr></thead>
          <tbody>
            {items.map((entry) => (
              <tr key={entry.number}>
                <td><time dateTime={entry.at}>{momentText(entry.at)}</time></td>
                <td>{entry.generation_id === null ? WORDS[entry.kind] : <Link to={modelPath(entry.generation_id)}>{WORDS[entry.kind]}</Link>}</td>
                <td>{entry.kind === "capture" ? "held → spent" : signedText(entry.available - entry.debt)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {problem !== null && (
        <Trouble explanation={explain(problem)}>
          <button type="button" className="button" onClick={more}>Try again</button>
        </Trouble>
      )}
      {hasMore && problem === null && (
        <button type="button" className="button" onClick={more}>Show more</button>
      )}
    </section>
  );
}
