import { useId } from "react";
import type { ModelOptions } from "../api/types";
import { words } from "../words";
import { USUAL } from "./usual";

interface Props {
  readonly options: ModelOptions;
  readonly onOptions: (options: ModelOptions) => void;
}

/** The sharpness that the texture may have, in pixels a side. */
const TEXTURES = [[512, words.options.light], [1024, words.options.usual], [2048, words.options.sharp], [4096, words.options.finest]] as const;

/** How finely the shape is drawn, in triangles. */
const DETAILS = [[2_000, words.options.lowPoly], [20_000, words.options.usual], [100_000, words.options.fine]] as const;

/** Settings that most people leave alone. */
export function OptionFields({ options, onOptions }: Props) {
  const id = useId();
  const set = (change: Partial<ModelOptions>): void => { onOptions({ ...options, ...change }); };
  return (
    <details className="options">
      <summary>{words.options.title}</summary>
      <Choice name={`${id}-texture`} legend={words.options.texture} choices={TEXTURES} chosen={options.texture_size} onChoice={(texture_size) => { set({ texture_size }); }} />
      <Choice name={`${id}-faces`} legend={words.options.shape} choices={DETAILS} chosen={options.faces} onChoice={(faces) => { set({ faces }); }} />
      <Slider id={`${id}-fill`} value={options.foreground_percent} min={50} max={100} step={5} onValue={(foreground_percent) => { set({ foreground_percent }); }}>
        {words.options.fills(options.foreground_percent)}
      </Slider>
      <Slider id={`${id}-height`} value={options.height_mm} min={20} max={300} step={10} onValue={(height_mm) => { set({ height_mm }); }}>
        {words.options.height(options.height_mm)}
      </Slider>
      <label className="tick">
        <input type="checkbox" checked={options.symmetry} onChange={(event) => { set({ symmetry: event.target.checked }); }} />
        {words.options.symmetry}
      </label>
      <label className="tick">
        <input type="checkbox" checked={options.flat_base} onChange={(event) => { set({ flat_base: event.target.checked }); }} />
        {words.options.flatBase}
      </label>
      <button type="button" className="link-button" onClick={() => { onOptions(USUAL); }}>{words.options.reset}</button>
    </details>
  );
}

interface ChoiceProps<Value extends number> {
  readonly name: string;
  readonly legend: string;
  readonly choices: readonly (readonly [Value, string])[];
  readonly chosen: number;
  readonly onChoice: (value: Value) => void;
}

function Choice<Value extends number>({ name, legend, choices, chosen, onChoice }: ChoiceProps<Value>) {
  return (
    <fieldset>
      <legend>{legend}</legend>
      <div className="segments">
        {choices.map(([value, title]) => (
          <label key={value}>
            <input type="radio" name={name} checked={chosen === value} onChange={() => { onChoice(value); }} />
            <span>{title}<small>{value}</small></span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

interface SliderProps {
  readonly id: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly onValue: (value: number) => void;
  readonly children: React.ReactNode;
}

function Slider({ id, value, min, max, step, onValue, children }: SliderProps) {
  return (
    <label className="slider" htmlFor={id}>
      <span>{children}</span>
      <input id={id} type="range" min={min} max={max} step={step} value={value} onChange={(event) => { onValue(event.target.valueAsNumber); }} />
    </label>
  );
}
