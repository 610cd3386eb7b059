import { useState } from "react";
import type { Generation, Problem } from "../api/types";
import { explain } from "../problems";
import { useShell } from "../shell/context";
import { Icon } from "../shell/Icon";
import { Trouble } from "../shell/Trouble";
import { words } from "../words";
import { CopyLine } from "./CopyLine";
import { sharePage, snippet } from "./addresses";

/** Lets everybody with a secret link see the model, until the owner ends it. */
export function SharePart({ generation, onChange }: { generation: Generation; onChange: (generation: Generation) => void }) {
  const { api, announce } = useShell();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const { id, shared } = generation;

  const set = async (on: boolean): Promise<void> => {
    setBusy(true);
    const answer = on ? await api.share(id) : await api.endShare(id);
    setBusy(false);
    setProblem(answer.ok ? null : answer.problem);
    if (answer.ok) {
      announce(on ? words.share.begun : words.share.ended);
      onChange(answer.value);
    }
  };
  return (
    <details className="share">
      <summary><Icon name="share" />{words.share.title}</summary>
      <p className="note-small">{words.share.what}</p>
      {shared === null
        ? <button type="button" className="button" disabled={busy} onClick={() => void set(true)}>{words.share.begin}</button>
        : (
          <>
            <CopyLine label={words.share.link} text={sharePage(shared, location.origin)} />
            <CopyLine label={words.share.embed} text={snippet(shared, location.origin)} />
            <button type="button" className="button button-danger" disabled={busy} onClick={() => void set(false)}>{words.share.end}</button>
          </>
        )}
      {problem !== null && <Trouble explanation={explain(problem)} />}
    </details>
  );
}
