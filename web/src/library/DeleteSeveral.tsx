import { useState } from "react";
import { flushSync } from "react-dom";
import type { Api } from "../api/calls";
import type { Problem } from "../api/types";
import { countText } from "../format";
import { explain } from "../problems";
import { useShell } from "../shell/context";
import { Dialog } from "../shell/Dialog";
import { Trouble } from "../shell/Trouble";
import { words } from "../words";

/** The most that one request may name. */
const MOST = 100;

/** `1 model`, `4 models`. */
export function modelsText(count: number): string {
  return words.library.models(count, countText(count));
}

/** Deletes them, a request for each hundred. Answers those that are gone, and what stopped the rest. */
export async function removeAll(api: Pick<Api, "removeSeveral">, ids: readonly string[]): Promise<{ gone: string[]; problem: Problem | null }> {
  const gone: string[] = [];
  for (let from = 0; from < ids.length; from += MOST) {
    const some = ids.slice(from, from + MOST);
    const answer = await api.removeSeveral(some);
    if (!answer.ok) {
      return { gone, problem: answer.problem };
    }
    // Those that were not there are gone too.
    gone.push(...some);
  }
  return { gone, problem: null };
}

interface Props {
  readonly ids: readonly string[];
  readonly onClose: () => void;
  /** Some or all of them are gone. */
  readonly onDeleted: (ids: readonly string[]) => void;
}

/** Asks once before deleting several models. */
export function DeleteSeveral({ ids, onClose, onDeleted }: Props) {
  const { api } = useShell();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const remove = async (): Promise<void> => {
    setBusy(true);
    const { gone, problem } = await removeAll(api, ids);
    setBusy(false);
    setProblem(problem);
    if (problem === null) {
      flushSync(onClose);
    }
    if (gone.length > 0) {
      onDeleted(gone);
    }
  };
  return (
    <Dialog
      name="several"
      title={words.deletion.several(modelsText(ids.length))}
      onClose={onClose}
      words={<p>{words.deletion.severalGone}</p>}
    >
      {problem !== null && <Trouble explanation={explain(problem)} />}
      <div className="actions actions-end">
        <button type="button" className="button" onClick={onClose}>{words.deletion.keepThem}</button>
        <button type="button" className="button button-danger-full" disabled={busy} onClick={() => void remove()}>{busy ? words.deletion.busy : words.deletion.delete}</button>
      </div>
    </Dialog>
  );
}
