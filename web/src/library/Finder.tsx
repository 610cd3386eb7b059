import { Icon } from "../shell/Icon";
import { words } from "../words";
import { STATES, type Wish } from "./find";

interface Props {
  readonly wish: Wish;
  readonly onWish: (wish: Wish) => void;
}

/** A word to look for, and which states to show. */
export function Finder({ wish, onWish }: Props) {
  return (
    <div className="finder" role="search" aria-label={words.library.title}>
      <label className="finder-text">
        <Icon name="search" />
        <span className="unseen">{words.library.search}</span>
        <input type="search" value={wish.text} placeholder={words.library.searchHint} onChange={(event) => { onWish({ ...wish, text: event.target.value }); }} />
      </label>
      <select
        className="tool"
        aria-label={words.library.filter}
        value={wish.state}
        onChange={(event) => { onWish({ ...wish, state: STATES.find((state) => state === event.target.value) ?? "all" }); }}
      >
        {STATES.map((state) => <option key={state} value={state}>{words.library[state]}</option>)}
      </select>
    </div>
  );
}

/** Tags to press: one at a time, and again for all. */
export function TagRow({ tags, wish, onWish }: Props & { readonly tags: readonly string[] }) {
  return (
    <ul className="tags" aria-label={words.library.tags}>
      {tags.map((tag) => (
        <li key={tag}>
          <button type="button" className="tag" aria-pressed={tag === wish.tag} onClick={() => { onWish({ ...wish, tag: tag === wish.tag ? null : tag }); }}>
            {tag}{tag === wish.tag && <Icon name="cross" />}
          </button>
        </li>
      ))}
    </ul>
  );
}
