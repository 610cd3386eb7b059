import { useEffect, useEffectEvent, useMemo, useRef, useState } from "react";
import type { Generation } from "../api/types";
import { countText } from "../format";
import { explain } from "../problems";
import { useShell } from "../shell/context";
import { Trouble } from "../shell/Trouble";
import { words } from "../words";
import { Card } from "./Card";
import { DeleteDialog } from "./DeleteDialog";
import { DeleteSeveral, modelsText } from "./DeleteSeveral";
import { found, type Wish } from "./find";
import { Finder } from "./Finder";
import { Several } from "./Several";
import { useLibrary } from "./useLibrary";
import { useShelves } from "./useShelves";

const EVERYTHING: Wish = { text: "", state: "all" };

/** Everything this person has made. */
export function Library() {
  const { api, announce, refreshMe } = useShell();
  const { items, hasMore, loading, problem, more, replace, forget } = useLibrary(api);
  const [wish, setWish] = useState(EVERYTHING);
  const [deleting, setDeleting] = useState<Generation | null>(null);
  // The chosen ones while several are being chosen; `null` otherwise.
  const [chosen, setChosen] = useState<ReadonlySet<string> | null>(null);
  const [asking, setAsking] = useState(false);
  const title = useRef<HTMLHeadingElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const shown = useMemo(() => found(items ?? [], wish), [items, wish]);
  const { from, to } = useShelves(list, shown.length);

  // The next page is read when its place comes near; a search reads on until it has seen all.
  const searching = wish !== EVERYTHING && hasMore;
  const near = to >= shown.length;
  const readOn = useEffectEvent(() => { more(); });
  useEffect(() => {
    if (hasMore && !loading && problem === null && (near || searching)) {
      readOn();
    }
  }, [hasMore, loading, problem, near, searching]);

  const deleted = (ids: readonly string[]): void => {
    forget(ids);
    // What could not be deleted stays chosen, under the question that says why.
    const rest = [...chosen ?? []].filter((id) => !ids.includes(id));
    setChosen(rest.length === 0 ? null : new Set(rest));
    announce(ids.length === 1 ? words.library.deletedOne : words.library.deletedSome(modelsText(ids.length)));
    refreshMe();
    // Its button is gone, so the focus moves to the place it was in.
    if (rest.length === 0) {
      title.current?.focus();
    }
  };
  const choose = (id: string, on: boolean): void => {
    setChosen((before) => new Set([...before ?? []].filter((other) => other !== id).concat(on ? [id] : [])));
  };
  const filled = items !== null && items.length > 0;
  return (
    <section className="library" aria-labelledby="library-title" aria-busy={loading}>
      <div className="library-head">
        <h2 id="library-title" ref={title} tabIndex={-1}>{words.library.title}</h2>
        {filled && <Finder wish={wish} onWish={setWish} />}
        {filled && (
          <Several
            shown={shown}
            chosen={chosen}
            asking={asking}
            onChosen={setChosen}
            onDelete={() => { setAsking(true); }}
          />
        )}
      </div>
      {filled && wish !== EVERYTHING && (
        <p className="library-found" role="status">
          {searching ? words.library.searching(countText(items.length)) : words.library.found(modelsText(shown.length))}
        </p>
      )}
      {items?.length === 0 && !loading && <div className="library-empty"><p><strong>{words.library.empty}</strong></p><p>{words.library.emptyHow}</p></div>}
      {filled && shown.length === 0 && !searching && (
        <div className="library-empty">
          <p><strong>{words.library.nothing}</strong></p>
          <p>{words.library.nothingHow} <button type="button" className="link-button" onClick={() => { setWish(EVERYTHING); }}>{words.library.showAll}</button></p>
        </div>
      )}
      {filled && (
        <ul className="cards" ref={list}>
          {shown.slice(from, to).map((item) => (
            <Card key={item.id} known={item} onChange={replace} onDelete={setDeleting} chosen={chosen?.has(item.id) ?? null} onChoose={choose} />
          ))}
        </ul>
      )}
      {items === null && loading && <ul className="cards cards-blank" aria-hidden="true"><li className="card card-blank" /><li className="card card-blank" /><li className="card card-blank" /></ul>}
      {problem !== null && (
        <Trouble explanation={explain(problem)}>
          <button type="button" className="button" onClick={more}>{words.shell.tryAgain}</button>
        </Trouble>
      )}
      {deleting !== null && (
        <DeleteDialog generation={deleting} onClose={() => { setDeleting(null); }} onDeleted={() => { deleted([deleting.id]); }} />
      )}
      {asking && chosen !== null && <DeleteSeveral ids={[...chosen]} onClose={() => { setAsking(false); }} onDeleted={deleted} />}
    </section>
  );
}
