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

/** What can be done with the view, in one row under the model. */
export function StageTools({ view, onView, onReset, onFull, comparing, onCompare }: Props) {
  return (
    <div className="stage-tools" role="toolbar" aria-label={words.viewer.tools}>
      {!comparing && (
        <button type="button" className="tool" onClick={() => { onView({ ...view, turning: !view.turning }); }}>
          <Icon name={view.turning ? "pause" : "play"} /><span>{view.turning ? words.viewer.stop : words.viewer.turn}</span>
        </button>
      )}
      <button type="button" className="tool" onClick={onReset}><Icon name="reset" /><span>{words.viewer.reset}</span></button>
      <Choice label={words.viewer.look} all={LOOKS} chosen={view.look} onChoice={(look) => { onView({ ...view, look }); }} />
      <Choice label={words.viewer.light} all={LIGHTS} chosen={view.light} onChoice={(light) => { onView({ ...view, light }); }} />
      <Choice label={words.viewer.back} all={BACKS} chosen={view.back} onChoice={(back) => { onView({ ...view, back }); }} />
      {onCompare !== null && (
        <button type="button" className="tool" aria-pressed={comparing} onClick={onCompare}>
          <Icon name="compare" /><span>{comparing ? words.viewer.compareEnd : words.viewer.compare}</span>
        </button>
      )}
      <button type="button" className="tool stage-full" onClick={onFull}><Icon name="full" /><span className="unseen">{words.viewer.full}</span></button>
    </div>
  );
}

interface ChoiceProps<Value extends Look | Light | Back> {
  readonly label: string;
  readonly all: readonly Value[];
  readonly chosen: Value;
  readonly onChoice: (value: Value) => void;
}

function Choice<Value extends Look | Light | Back>({ label, all, chosen, onChoice }: ChoiceProps<Value>) {
  return (
    <select
      className="tool"
      aria-label={label}
      value={chosen}
      onChange={(event) => {
        const value = all.find((one) => one === event.target.value);
        if (value !== undefined) {
          onChoice(value);
        }
      }}
    >
      {all.map((value) => <option key={value} value={value}>{label}: {words.viewer[value]}</option>)}
    </select>
  );
}
