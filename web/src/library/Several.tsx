import { useEffect, useEffectEvent, useRef, useState } from "react";
import { OFFLINE } from "../api/client";
import type { Generation, Problem } from "../api/types";
import { explain } from "../problems";
import { comparePath } from "../route";
import { useShell } from "../shell/context";
import { Trouble } from "../shell/Trouble";
import { words } from "../words";
import { modelsText } from "./DeleteSeveral";
import { pack, save } from "./pack";

interface Props {
  readonly shown: readonly Generation[];
  readonly chosen: ReadonlySet<string> | null;
  /** The question before deleting is open. */
  readonly asking: boolean;
  readonly onChosen: (chosen: ReadonlySet<string> | null) => void;
  readonly onDelete: () => void;
}

/** What can be done with several models at once. */
export function Several({ shown, chosen, asking, onChosen, onDelete }: Props) {
  const { announce, go } = useShell();
  const [packing, setPacking] = useState<string | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const button = useRef<HTMLButtonElement>(null);
  const ready = shown.filter(({ id, status }) => status === "SUCCEEDED" && (chosen?.has(id) ?? false));

  const toggle = (): void => {
    setProblem(null);
    onChosen(chosen === null ? new Set() : null);
    announce(chosen === null ? words.library.chooseSome : words.library.noneChosen);
  };
  const escape = useEffectEvent((event: KeyboardEvent) => {
    if (event.key === "Escape" && chosen !== null && !asking) {
      toggle();
      button.current?.focus();
    }
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => { escape(event); };
    window.addEventListener("keydown", listen);
    return () => { window.removeEventListener("keydown", listen); };
  }, []);

  const download = async (): Promise<void> => {
    setProblem(null);
    try {
      setPacking(words.library.packing(0, ready.length));
      const zip = await pack(ready, (done) => { setPacking(words.library.packing(done, ready.length)); });
      save(zip, "imageto3d.zip");
      announce(words.library.packed);
    } catch {
      setProblem(OFFLINE);
    }
    setPacking(null);
  };
  const all = chosen?.size === shown.length;
  const two = ready.length === 2 && chosen?.size === 2 ? comparePath(ready[0]?.id ?? "", ready[1]?.id ?? "") : null;
  return (
    <div className="several" role="group" aria-label={words.library.several}>
      {chosen !== null && (
        <>
          <button type="button" className="tool" onClick={() => { onChosen(new Set(all ? [] : shown.map(({ id }) => id))); }}>{all ? words.library.selectNone : words.library.selectAll}</button>
          <button type="button" className="tool" disabled={two === null} onClick={() => { if (two !== null) { go(two); } }}>{words.library.compare}</button>
          <button type="button" className="tool" disabled={ready.length === 0 || packing !== null} onClick={() => void download()}>{packing ?? words.library.download}</button>
          <button type="button" className="tool button-danger" disabled={chosen.size === 0} onClick={onDelete}>{words.library.deleteSeveral(modelsText(chosen.size))}</button>
        </>
      )}
      <button type="button" ref={button} className="tool" onClick={toggle}>{chosen === null ? words.library.selectSeveral : words.library.cancel}</button>
      {problem !== null && <Trouble explanation={explain(problem)} />}
    </div>
  );
}
