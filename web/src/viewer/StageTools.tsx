import { Icon } from "../shell/Icon";
import { words } from "../words";
import { BACKS, LIGHTS, LOOKS, type Back, type Light, type Look } from "./kinds";

/** How the model is shown. */
export interface View {
  readonly look: Look;
  readonly light: Light;
  readonly back: Back;
  readonly turning: boolean;
}

export const USUAL_VIEW: View = { look: "colours", light: "studio", back: "mat", turning: true };

interface Props {
  readonly view: View;
  readonly onView: (view: View) => void;
  readonly onReset: () => void;
  readonly onFull: () => void;
  readonly comparing: boolean;
  /** `null` where there is no photo to compare with. */
  readonly onCompare: (() => void) | null;
}

/** What can be done with the view: one row under the model, or two where it is narrow. */
export function StageTools({ view, onView, onReset, onFull, comparing, onCompare }: Props) {
  return (
    <div className="stage-foot">
      <div className="stage-tools" role="toolbar" aria-label={words.viewer.tools}>
        <div className="stage-choices">
          <Choice label={words.viewer.look} all={LOOKS} chosen={view.look} onChoice={(look) => { onView({ ...view, look }); }} />
          <Choice label={words.viewer.light} all={LIGHTS} chosen={view.light} onChoice={(light) => { onView({ ...view, light }); }} />
          <Choice label={words.viewer.back} all={BACKS} chosen={view.back} onChoice={(back) => { onView({ ...view, back }); }} />
        </div>
        {!comparing && <Tool icon={view.turning ? "pause" : "play"} text={view.turning ? words.viewer.stop : words.viewer.turn} onClick={() => { onView({ ...view, turning: !view.turning }); }} />}
        <Tool icon="reset" text={words.viewer.reset} onClick={onReset} />
        {onCompare !== null && (
          <button type="button" className="tool stage-compare" title={comparing ? words.viewer.compareEnd : words.viewer.compare} aria-pressed={comparing} onClick={onCompare}>
            <Icon name="compare" /><span>{comparing ? words.viewer.compareEnd : words.viewer.compare}</span>
          </button>
        )}
        <button type="button" className="tool stage-full" title={words.viewer.full} onClick={onFull}><Icon name="full" /><span className="unseen">{words.viewer.full}</span></button>
      </div>
    </div>
  );
}

/** A button whose words are seen where there is room, and always heard. */
function Tool({ icon, text, onClick }: { icon: "pause" | "play" | "reset"; text: string; onClick: () => void }) {
  return <button type="button" className="tool" title={text} onClick={onClick}><Icon name={icon} /><span>{text}</span></button>;
}

interface ChoiceProps<Value extends Look | Light | Back> {
  readonly label: string;
  readonly all: readonly Value[];
  readonly chosen: Value;
  readonly onChoice: (value: Value) => void;
}

/** Closed, it shows the value and, small over it, what it is about, which also stands over the open list. */
function Choice<Value extends Look | Light | Back>({ label, all, chosen, onChoice }: ChoiceProps<Value>) {
  return (
    <div className="stage-choice">
      <span className="stage-choice-label" aria-hidden="true">{label}</span>
      <select
        className="tool"
        aria-label={label}
        title={label}
        value={chosen}
        onChange={(event) => {
          const value = all.find((one) => one === event.target.value);
          if (value !== undefined) {
            onChoice(value);
          }
        }}
      >
        <optgroup label={label}>{all.map((value) => <option key={value} value={value}>{words.viewer[value]}</option>)}</optgroup>
      </select>
    </div>
  );
}
