import { useRef, useState } from "react";
import type { Generation } from "../api/types";
import { explain } from "../problems";
import { useShell } from "../shell/context";
import { Trouble } from "../shell/Trouble";
import { Card } from "./Card";
import { DeleteDialog } from "./DeleteDialog";
import { DeleteSeveral, modelsText } from "./DeleteSeveral";
import { useLibrary } from "./useLibrary";

/** Everything this person has made. */
export function Library() {
  const { api, announce, refreshMe } = useShell();
  const { items, hasMore, loading, problem, more, replace, forget } = useLibrary(api);
  const [deleting, setDeleting] = useState<Generation | null>(null);
  // The chosen ones while several are being chosen; `null` otherwise.
  const [chosen, setChosen] = useState<ReadonlySet<string> | null>(null);
  const [asking, setAsking] = useState(false);
  const title = useRef<HTMLHeadingElement>(null);
  const several = useRef<HTMLButtonElement>(null);

  const deleted = (ids: readonly string[]): void => {
    forget(ids);
    // What could not be deleted stays chosen, under the question that says why.
    const rest = [...chosen ?? []].filter((id) => !ids.includes(id));
    setChosen(rest.length === 0 ? null : new Set(rest));
    announce(ids.length === 1 ? "The model was deleted." : `${modelsText(ids.length)} were deleted.`);
    refreshMe();
    // Its button is gone, so the focus moves to the place it was in.
    if (rest.length === 0) {
      title.current?.focus();
    }
  };
  const choose = (id: string, on: boolean): void => {
    setChosen((before) => new Set([...before ?? []].filter((other) => other !== id).concat(on ? [id] : [])));
  };
  const toggle = (): void => {
    setChosen(chosen === null ? new Set() : null);
    announce(chosen === null ? "Choose the models to delete." : "Nothing is chosen.");
  };
  const filled = items !== null && items.length > 0;
  return (
    <section
      className="library"
      aria-labelledby="library-title"
      aria-busy={loading}
      onKeyDown={(event) => {
        if (event.key === "Escape" && chosen !== null && !asking) {
          toggle();
          several.current?.focus();
        }
      }}
    >
      <div className="library-head">
        <h2 id="library-title" ref={title} tabIndex={-1}>Your models</h2>
        {filled && (
          <div className="actions" role="group" aria-label="Several models">
            {chosen !== null && (
              <>
                <button type="button" className="tool" onClick={() => { setChosen(new Set(chosen.size === items.length ? [] : items.map(({ id }) => id))); }}>{chosen.size === items.length ? "Select none" : "Select all"}</button>
                <button type="button" className="tool button-danger" disabled={chosen.size === 0} onClick={() => { setAsking(true); }}>Delete {modelsText(chosen.size)}</button>
              </>
            )}
            <button type="button" ref={several} className="tool" onClick={toggle}>{chosen === null ? "Select several" : "Cancel"}</button>
          </div>
        )}
      </div>
      {items?.length === 0 && <p className="library-empty">Nothing here yet. Your first model will stand here, and stay until you delete it.</p>}
      {filled && (
        <ul className="cards">
          {items.map((item) => (
            <Card key={item.id} known={item} onChange={replace} onDelete={setDeleting} chosen={chosen?.has(item.id) ?? null} onChoose={choose} />
          ))}
        </ul>
      )}
      {items === null && loading && <ul className="cards" aria-hidden="true"><li className="card card-blank" /><li className="card card-blank" /><li className="card card-blank" /></ul>}
      {problem !== null && (
        <Trouble explanation={explain(problem)}>
          <button type="button" className="button" onClick={() => void more()}>Try again</button>
        </Trouble>
      )}
      {hasMore && problem === null && (
        <button type="button" className="button library-more" disabled={loading} onClick={() => void more()}>{loading ? "Loading…" : "Load more"}</button>
      )}
      {deleting !== null && (
        <DeleteDialog generation={deleting} onClose={() => { setDeleting(null); }} onDeleted={() => { deleted([deleting.id]); }} />
      )}
      {asking && chosen !== null && <DeleteSeveral ids={[...chosen]} onClose={() => { setAsking(false); }} onDeleted={deleted} />}
    </section>
  );
}
