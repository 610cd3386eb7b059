import { words } from "../words";
import { silhouette, slices } from "./vase";

const FLAT = slices(300, 176, 0.8);
const SOLID = slices(338, 232, 1.12);
const FLAT_X = 128;
const SOLID_X = 392;
/** How far we look down on the slices: the ratio of an ellipse's axes. */
const TILT = 0.3;
const TICKS = Array.from({ length: 36 }, (_, step) => (step * Math.PI) / 18);

/** Our picture: a print on a cutting mat, and beside it the same vase standing up, slice by slice. */
export function HeroArt() {
  return (
    <svg className="hero-art" viewBox="14 64 512 336" role="img" aria-label={words.visitor.art}>
      <g className="hero-rays">
        {FLAT.filter((_, row) => row % 5 === 0).map(({ y, radius }, row) => {
          const target = SOLID[row * 5];
          return target && <path key={y} d={`M${FLAT_X + radius + 4} ${y}L${SOLID_X - target.radius - 6} ${target.y}`} />;
        })}
      </g>
      <g className="hero-print">
        <rect x="38" y="84" width="180" height="252" rx="3" />
        <rect className="hero-photo" x="50" y="96" width="156" height="216" />
        <rect className="hero-table" x="50" y="268" width="156" height="44" />
        <path className="hero-flat" d={silhouette(FLAT_X, FLAT)} />
        <path className="hero-flat-light" d={silhouette(FLAT_X - 12, FLAT.map(({ y, radius }) => ({ y, radius: radius * 0.52 })))} />
      </g>
      <g className="hero-turntable">
        <ellipse cx={SOLID_X} cy="346" rx="128" ry={128 * TILT} />
        {TICKS.map((angle) => (
          <path
            key={angle}
            d={`M${SOLID_X + Math.cos(angle) * 116} ${346 + Math.sin(angle) * 116 * TILT}L${SOLID_X + Math.cos(angle) * 124} ${346 + Math.sin(angle) * 124 * TILT}`}
          />
        ))}
      </g>
      <g className="hero-slices">
        {SOLID.map(({ y, radius }) => (
          <g key={y}>
            <ellipse className="hero-side" cx={SOLID_X} cy={y + 6} rx={radius} ry={radius * TILT} />
            <ellipse className="hero-top" cx={SOLID_X} cy={y} rx={radius} ry={radius * TILT} />
          </g>
        ))}
        <ellipse className="hero-mouth" cx={SOLID_X} cy={(SOLID.at(-1)?.y ?? 0) + 0.5} rx={26} ry={26 * TILT} />
      </g>
    </svg>
  );
}
