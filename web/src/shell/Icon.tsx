/** Our own line drawings on a grid of 20. */
const PATHS = {
  arrow: "M12 4 6 10l6 6",
  check: "m4 10.500 4 4 8-9",
  cross: "m5 5 10 10M15 5 5 15",
  download: "M10 3v9m-4-3.500 4 4 4-4M4 16.500h12",
  pause: "M7 4.500v11M13 4.500v11",
  person: "M10 10a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7M3.500 17a6.500 5.500 0 0 1 13 0",
  photo: "M3 5h14v11H3zM3 13l4-3.500 3 2.500 3.500-3 3.500 3M7 8h.01",
  play: "M6 4.500v11l9-5.500z",
  reset: "M4 5v4h4M4.500 9A6 6 0 1 1 5 13",
  trash: "M4 6h12M8 6V4h4v2M6 6l.7 10h6.600L14 6",
  warning: "M10 3 2.500 16.500h15zM10 8v4m0 2v.01",
} as const;

export function Icon({ name }: { name: keyof typeof PATHS }) {
  return <svg className="icon" viewBox="0 0 20 20" aria-hidden="true"><path d={PATHS[name]} /></svg>;
}
