import { useId } from "react";
import type { ModelOptions } from "../api/types";

interface Props {
  readonly options: ModelOptions;
  readonly onOptions: (options: ModelOptions) => void;
}

/** The sharpness that the texture may have, in pixels a side. */
const TEXTURES = [[512, "Light"], [1024, "Usual"], [2048, "Sharp"], [4096, "Finest"]] as const;

/** How finely the shape is drawn, in triangles. */
const DETAILS = [[2_000, "Low-poly"], [20_000, "Usual"], [100_000, "Fine"]] as const;

/** Settings that most people leave alone. */
export function OptionFields({ options, onOptions }: Props) {
  const id = useId();
  const set = (change: Partial<ModelOptions>): void => { onOptions({ ...options, ...change }); };
  return (
    <details className="options">
      <summary>Settings</summary>
      <Choice name={`${id}-texture`} legend="Texture" unit="px" choices={TEXTURES} chosen={options.texture_size} onChoice={(texture_size) => { set({ texture_size }); }} />
      <Choice name={`${id}-faces`} legend="Shape" unit="triangles" choices={DETAILS} chosen={options.faces} onChoice={(faces) => { set({ faces }); }} />
      <Slider id={`${id}-fill`} value={options.foreground_percent} min={50} max={100} step={5} onValue={(foreground_percent) => { set({ foreground_percent }); }}>
        The object fills <output htmlFor={`${id}-fill`}>{options.foreground_percent} %</output> of the frame
      </Slider>
      <Slider id={`${id}-height`} value={options.height_mm} min={20} max={300} step={10} onValue={(height_mm) => { set({ height_mm }); }}>
        Printed, it is <output htmlFor={`${id}-height`}>{options.height_mm} mm</output> high
      </Slider>
      <label className="tick">
        <input type="checkbox" checked={options.symmetry} onChange={(event) => { set({ symmetry: event.target.checked }); }} />
        Left and right are mirror images
      </label>
      <label className="tick">
        <input type="checkbox" checked={options.flat_base} onChange={(event) => { set({ flat_base: event.target.checked }); }} />
        Flat underside, to stand by itself
      </label>
    </details>
  );
}

interface ChoiceProps<Value extends number> {
  readonly name: string;
  readonly legend: string;
  readonly unit: string;
  readonly choices: readonly (readonly [Value, string])[];
  readonly chosen: number;
  readonly onChoice: (value: Value) => void;
}

function Choice<Value extends number>({ name, legend, unit, choices, chosen, onChoice }: ChoiceProps<Value>) {
  return (
    <fieldset>
      <legend>{legend}, in {unit}</legend>
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
