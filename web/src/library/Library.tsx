import { useRef, useState } from "react";
import type { Generation } from "../api/types";
import { explain } from "../problems";
import { useShell } from "../shell/context";
import { Trouble } from "../shell/Trouble";
import { Card } from "./Card";
import { DeleteDialog } from "./DeleteDialog";
import { useLibrary } from "./useLibrary";

/** Everything this person has made. */
export function Library() {
  const { api, announce, refreshMe } = useShell();
  const { items, hasMore, loading, problem, more, replace, forget } = useLibrary(api);
  const [deleting, setDeleting] = useState<Generation | null>(null);
  const title = useRef<HTMLHeadingElement>(null);

  const deleted = (generation: Generation): void => {
    forget(generation.id);
    announce("The model was deleted.");
    refreshMe();
    // Its button is gone, so the focus moves to the place it was in.
    title.current?.focus();
  };
  return (
    <section className="library" aria-labelledby="library-title" aria-busy={loading}>
      <h2 id="library-title" ref={title} tabIndex={-1}>Your models</h2>
      {items?.length === 0 && <p className="library-empty">Nothing here yet. Your first model will stand here, and stay until you delete it.</p>}
      {items !== null && items.length > 0 && (
        <ul className="cards">
          {items.map((item) => <Card key={item.id} known={item} onChange={replace} onDelete={setDeleting} />)}
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
        <DeleteDialog generation={deleting} onClose={() => { setDeleting(null); }} onDeleted={() => { deleted(deleting); }} />
      )}
    </section>
  );
}
