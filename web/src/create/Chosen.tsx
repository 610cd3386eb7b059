import { useEffect, useRef } from "react";
import { signInUrl } from "../api/calls";
import { creditsText, sizeText } from "../format";
import { explain } from "../problems";
import { modelPath } from "../route";
import { useShell } from "../shell/context";
import { Link } from "../shell/Link";
import { Trouble } from "../shell/Trouble";
import { words } from "../words";
import { keyOf, waiting, type Batch, type Entry } from "./batch";
import { Bench } from "./Bench";
import { OptionFields } from "./OptionFields";
import { Refused } from "./PhotoPicker";
import { SendProgress } from "./SendProgress";
import { Strip } from "./Strip";
import type { Hands } from "./useBatch";
import { useDrop } from "./useDrop";
import { PRICE } from "./usual";

interface Props {
  readonly hands: Hands;
  readonly onMake: () => void;
}

/** The chosen photos: the selected one on the bench, all of them in the strip, and what to do with them. */
export function Chosen({ hands, onMake }: Props) {
  const { batch, tell, options, setOptions, pick, callOff, clear } = hands;
  // More photos; something else that is let go here changes nothing.
  const { drop } = useDrop((files) => { if (files.length > 0) { pick(files); } });
  const selected = batch.entries.find((entry) => keyOf(entry) === batch.selected) ?? batch.entries[0];
  if (selected === undefined) {
    return null;
  }
  const { photo, flow } = selected;
  return (
    <div className="chosen" {...drop}>
      <Bench
        key={photo.idempotencyKey}
        entry={selected}
        percent={options.foreground_percent}
        locked={flow.step === "sending" || flow.step === "made"}
        onEdit={(edit) => { tell({ type: "edited", key: photo.idempotencyKey, edit }); }}
        onPrepared={(prepared) => { tell({ type: "prepared", key: photo.idempotencyKey, prepared }); }}
      />
      <div className="chosen-panel">
        <div>
          <p className="chosen-name">{photo.name}</p>
          <p className="chosen-facts">{photo.width} × {photo.height} px · {sizeText(photo.file.size)}</p>
        </div>
        {flow.step === "chosen" && <OptionFields options={options} onOptions={setOptions} />}
        {flow.step === "sending" && <SendProgress phase={flow.phase} share={flow.share} bytes={(selected.prepared?.file ?? photo.file).size} onCallOff={callOff} />}
        {flow.step === "failed" && <Failed flow={flow} onMake={onMake} onClear={clear} />}
        {flow.step === "made" && <p><Link to={modelPath(flow.id)} className="button button-mark">{words.create.see}</Link></p>}
        {flow.step !== "sending" && flow.step !== "failed" && <Order batch={batch} onMake={onMake} onClear={clear} />}
      </div>
      <Strip batch={batch} tell={tell} onPick={pick} />
      <div className="chosen-refused"><Refused refused={batch.refused} /></div>
    </div>
  );
}

/** The price, said before the click, and the button. */
function Order({ batch, onMake, onClear }: Pick<Props, "onMake"> & { batch: Batch; onClear: () => void }) {
  const { me } = useShell();
  const makeButton = useRef<HTMLButtonElement>(null);
  useEffect(() => { makeButton.current?.focus(); }, []);
  const count = waiting(batch).length;
  const price = count * PRICE;
  const have = creditsText(me.credits.available);
  return (
    <div className="order">
      <div className="actions">
        {count > 0 && (
          <button ref={makeButton} type="button" className="button button-mark button-large" onClick={onMake}>
            {count === 1 ? words.create.make : words.create.makeSeveral(count)}
          </button>
        )}
        <button type="button" className="button button-on-mat" onClick={onClear}>{words.create.another}</button>
      </div>
      {count > 0 && (
        <p className="order-price">
          <strong>{words.create.price(creditsText(price))}</strong>{" "}
          {price > me.credits.available ? <>{words.create.tooFew(have)} <Link to="/credits">{words.create.getCredits}</Link></> : words.create.left(have)}
        </p>
      )}
    </div>
  );
}

function Failed({ flow, onMake, onClear }: Pick<Props, "onMake"> & { onClear: () => void; flow: Extract<Entry["flow"], { step: "failed" }> }) {
  const explanation = explain(flow.problem);
  return (
    <Trouble explanation={explanation}>
      {explanation.next === "retry" && <button type="button" className="button button-mark" onClick={onMake}>{words.shell.tryAgain}</button>}
      {explanation.next === "sign-in" && <a className="button button-mark" href={signInUrl("/")}>{words.create.signInAgain}</a>}
      {explanation.next === "credits" && <Link to="/credits" className="button button-mark">{words.create.getCredits}</Link>}
      <button type="button" className="button button-on-mat" onClick={onClear}>{words.create.another}</button>
    </Trouble>
  );
}
