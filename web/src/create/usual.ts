import type { ModelOptions } from "../api/types";

/** What the API takes when nobody chooses. */
export const USUAL: ModelOptions = { foreground_percent: 85, faces: 20_000, texture_size: 1024, symmetry: false, flat_base: false, height_mm: 100 };

/** Credits that a model costs. */
export const PRICE = 1;
