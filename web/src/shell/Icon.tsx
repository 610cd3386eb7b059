/** Our own line drawings on a grid of 20. */
const PATHS = {
  arrow: "M12 4 6 10l6 6",
  camera: "M3 7h3l1.500-2.500h5L14 7h3v9H3zM10 14a2.750 2.750 0 1 0 0-5.500 2.750 2.750 0 0 0 0 5.500",
  check: "m4 10.500 4 4 8-9",
  compare: "M10 3v14M3 5.500h4.500v9H3zM12.500 5.500H17v9h-4.500z",
  crop: "M6 2.500V14h11.500M2.500 6H14v11.500",
  cross: "m5 5 10 10M15 5 5 15",
  cube: "m10 2.500 6.500 3.750v7.500L10 17.500l-6.500-3.750v-7.500zM3.500 6.250 10 10l6.500-3.750M10 10v7.500",
  cut: "M4.500 7a2 2 0 1 0 0-4 2 2 0 0 0 0 4m0 10a2 2 0 1 0 0-4 2 2 0 0 0 0 4M6 6.500 17 14M6 13.500 17 6",
  download: "M10 3v9m-4-3.500 4 4 4-4M4 16.500h12",
  full: "M3.500 7.500v-4h4M12.500 3.500h4v4M16.500 12.500v4h-4M7.500 16.500h-4v-4",
  pause: "M7 4.500v11M13 4.500v11",
  person: "M10 10a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7M3.500 17a6.500 5.500 0 0 1 13 0",
  photo: "M3 5h14v11H3zM3 13l4-3.500 3 2.500 3.500-3 3.500 3M7 8h.01",
  play: "M6 4.500v11l9-5.500z",
  plus: "M10 4v12M4 10h12",
  reset: "M4 5v4h4M4.500 9A6 6 0 1 1 5 13",
  search: "M9 14.500a5.500 5.500 0 1 0 0-11 5.500 5.500 0 0 0 0 11m4-1.500 3.500 3.500",
  share: "M5.500 12a2 2 0 1 0 0-4 2 2 0 0 0 0 4m9-4.500a2 2 0 1 0 0-4 2 2 0 0 0 0 4m0 9a2 2 0 1 0 0-4 2 2 0 0 0 0 4M7.250 9l5.500-2.750M7.250 11l5.500 2.750",
  trash: "M4 6h12M8 6V4h4v2M6 6l.7 10h6.600L14 6",
  warning: "M10 3 2.500 16.500h15zM10 8v4m0 2v.01",
} as const;

export function Icon({ name }: { name: keyof typeof PATHS }) {
  return <svg className="icon" viewBox="0 0 20 20" aria-hidden="true"><path d={PATHS[name]} /></svg>;
}
