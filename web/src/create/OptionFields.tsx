import { useId } from "react";
import type { ModelOptions } from "../api/types";

interface Props {
  readonly options: ModelOptions;
  readonly onOptions: (options: ModelOptions) => void;
}

/** The sharpness that the texture may have, in pixels a side. */
const TEXTURES: readonly (readonly [number, string])[] = [[512, "Light"], [1024, "Usual"], [2048, "Sharp"]];

/** Two settings that most people leave alone. */
export function OptionFields({ options, onOptions }: Props) {
  const id = useId();
  return (
    <details className="options">
      <summary>Settings</summary>
      <fieldset>
        <legend>Texture</legend>
        <div className="segments">
          {TEXTURES.map(([size, name]) => (
            <label key={size}>
              <input
                type="radio"
                name={`${id}-texture`}
                checked={options.texture_size === size}
                onChange={() => { onOptions({ ...options, texture_size: size }); }}
              />
              <span>{name}<small>{size} px</small></span>
            </label>
          ))}
        </div>
      </fieldset>
      <label className="slider" htmlFor={`${id}-fill`}>
        <span>The object fills <output htmlFor={`${id}-fill`}>{options.foreground_percent} %</output> of the frame</span>
        <input
          id={`${id}-fill`}
          type="range"
          min={50}
          max={100}
          step={5}
          value={options.foreground_percent}
          onChange={(event) => { onOptions({ ...options, foreground_percent: event.target.valueAsNumber }); }}
        />
      </label>
    </details>
  );
}
