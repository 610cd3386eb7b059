import type { ReactNode } from "react";

/** One part of the account page, with a name that links can lead to. */
export function Part({ id, title, busy, children }: { id: string; title: string; busy?: boolean; children: ReactNode }) {
  return (
    <section className="account-part" aria-labelledby={id} aria-busy={busy}>
      <h2 id={id} tabIndex={-1}>{title}</h2>
      {children}
    </section>
  );
}
