import { Icon } from "../shell/Icon";
import { words } from "../words";
import { keyOf, type Batch, type BatchEvent, type Entry } from "./batch";
import { MorePhotos } from "./PhotoPicker";

interface Props {
  readonly batch: Batch;
  readonly tell: (event: BatchEvent) => void;
  readonly onPick: (files: readonly File[]) => void;
}

const STATES: Readonly<Record<Entry["flow"]["step"], string>> = {
  chosen: words.create.waits,
  sending: words.create.sends,
  failed: words.create.failed,
  made: words.create.made,
};

/** All chosen photos in a row, each with its state; a click puts one on the bench. */
export function Strip({ batch, tell, onPick }: Props) {
  const several = batch.entries.length > 1;
  return (
    <ul className="strip" aria-label={words.create.strip}>
      {several && batch.entries.map((entry) => {
        const key = keyOf(entry);
        return (
          <li key={key} className={`strip-${entry.flow.step}`}>
            <button type="button" className="strip-photo" aria-pressed={batch.selected === key} onClick={() => { tell({ type: "selected", key }); }}>
              <img src={entry.photo.url} alt={entry.photo.name} />
              <span>{STATES[entry.flow.step]}</span>
            </button>
            {entry.flow.step !== "sending" && (
              <button type="button" className="strip-remove" onClick={() => { tell({ type: "removed", key }); }}>
                <Icon name="cross" /><span className="unseen">{words.create.remove(entry.photo.name)}</span>
              </button>
            )}
          </li>
        );
      })}
      <li><MorePhotos onPick={onPick} /></li>
    </ul>
  );
}
