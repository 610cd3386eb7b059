import { useEffect, useEffectEvent, useMemo, useRef, useState } from "react";
import type { Generation } from "../api/types";
import { countText } from "../format";
import { explain } from "../problems";
import { useShell } from "../shell/context";
import { Icon } from "../shell/Icon";
import { Trouble } from "../shell/Trouble";
import { words } from "../words";
import { Card } from "./Card";
import { DeleteDialog } from "./DeleteDialog";
import { DeleteSeveral, modelsText } from "./DeleteSeveral";
import { EVERYTHING, found, needsAll, tagsIn, type Wish } from "./find";
import { Finder, TagRow } from "./Finder";
import { Several } from "./Several";
import { useLibrary } from "./useLibrary";
import { useShelves } from "./useShelves";

/** Everything this person has made. */
export function Library() {
  const { api, announce, refreshMe } = useShell();
  const [wish, setWish] = useWish();
  const { items, hasMore, loading, problem, more, replace, forget } = useLibrary(api, wish.state);
  const [deleting, setDeleting] = useState<Generation | null>(null);
  // The chosen ones while several are being chosen; `null` otherwise.
  const [chosen, setChosen] = useState<ReadonlySet<string> | null>(null);
  const [asking, setAsking] = useState(false);
  const title = useRef<HTMLHeadingElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const shown = useMemo(() => found(items ?? [], wish), [items, wish]);
  const tags = useMemo(() => tagsIn(items ?? [], wish.tag), [items, wish.tag]);
  const filtering = needsAll(wish) || wish.state !== "all";
  // After the last one stands the place of the next.
  const places = shown.length + (filtering || chosen !== null ? 0 : 1);
  const { from, to } = useShelves(list, places);

  // The next page is read when its place comes near; a search reads on until it has seen all.
  const searching = needsAll(wish) && hasMore;
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
  const findable = filled || filtering;
  return (
    <section className="library" aria-labelledby="library-title" aria-busy={loading}>
      <div className="library-head">
        <h2 id="library-title" ref={title} tabIndex={-1}>{words.library.title}</h2>
        {findable && <Finder wish={wish} onWish={setWish} />}
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
      {tags.length > 0 && <TagRow tags={tags} wish={wish} onWish={setWish} />}
      {items !== null && filtering && (
        <p className="library-found" role="status">
          {searching ? words.library.searching(countText(items.length)) : words.library.found(modelsText(shown.length))}
        </p>
      )}
      {items?.length === 0 && !loading && !filtering && <div className="library-empty"><p><strong>{words.library.empty}</strong></p><p>{words.library.emptyHow}</p></div>}
      {filtering && items !== null && shown.length === 0 && !searching && !loading && (
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
          {places > shown.length && to >= places && <li className="card card-next"><button type="button" className="card-link" onClick={another}><Icon name="plus" />{words.library.another}</button></li>}
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

/** The way to the next model: back up to where photos are dropped. */
function another(): void {
  window.scrollTo({ top: 0 });
  document.querySelector<HTMLInputElement>(".create input[type=file]")?.focus();
}

/** What is wished, and a tag as a part of the address: a model's page leads here with one, and the back button finds it again. */
function useWish(): [Wish, (wish: Wish) => void] {
  const [wish, setWish] = useState<Wish>(() => ({ ...EVERYTHING, tag: new URLSearchParams(location.search).get("tag") }));
  const change = (now: Wish): void => {
    setWish(now);
    const address = new URL(location.href);
    if (now.tag === null) {
      address.searchParams.delete("tag");
    } else {
      address.searchParams.set("tag", now.tag);
    }
    history.replaceState(null, "", address);
  };
  return [wish, change];
}
