/** A sentence of the document: what stands between backticks there is code here. */
export function Text({ children }: { children: string }) {
  return <>{children.split("`").map((part, place) => (place % 2 === 1 ? <code key={place}>{part}</code> : part))}</>;
}
