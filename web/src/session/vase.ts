/** The geometry of our picture: one vase, once as a flat outline and once as a stack of slices. */
export interface Slice {
  readonly y: number;
  readonly radius: number;
}

/** The vase's outline from its foot (0) to its lip (1), as radii at equal steps. */
const OUTLINE = [30, 27, 30, 40, 51, 60, 66, 69, 69, 66, 60, 52, 43, 34, 27, 23, 21, 21, 23, 28, 33] as const;

/** The slices from foot to lip, `height` apart in all, with the foot at `bottom`. */
export function slices(bottom: number, height: number, scale: number): Slice[] {
  return OUTLINE.map((radius, step) => ({ y: bottom - (height * step) / (OUTLINE.length - 1), radius: radius * scale }));
}

/** The flat outline of the same vase as an SVG path around `x`. */
export function silhouette(x: number, rows: readonly Slice[]): string {
  const right = rows.map(({ y, radius }) => `${(x + radius).toFixed(1)} ${y.toFixed(1)}`);
  const left = rows.map(({ y, radius }) => `${(x - radius).toFixed(1)} ${y.toFixed(1)}`).reverse();
  return `M${[...right, ...left].join("L")}Z`;
}
