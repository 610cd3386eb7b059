/** The mark: a flat print from which slices rise. */
export function Logo() {
  return (
    <span className="logo">
      <svg viewBox="0 0 32 32" aria-hidden="true">
        <rect className="logo-mat" width="32" height="32" rx="7" />
        <path className="logo-print" d="M16 15.500 27 21l-11 5.500L5 21z" />
        <path className="logo-slice" d="m16 10.500 8 4-8 4-8-4z" />
        <path className="logo-top" d="m16 5.500 5.500 2.750L16 11l-5.500-2.750z" />
      </svg>
      <span>ImageTo3D</span>
    </span>
  );
}
