import { useContext, type MouseEvent, type ReactNode } from "react";
import { GoContext } from "./context";

/** A link inside the site: a real address, followed without loading the page again. */
export function Link({ to, className, label, children }: { to: string; className?: string; label?: string; children: ReactNode }) {
  const go = useContext(GoContext);
  const follow = (event: MouseEvent): void => {
    const elsewhere = event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
    if (!elsewhere) {
      event.preventDefault();
      go(to);
    }
  };
  return <a href={to} className={className} aria-label={label} onClick={follow}>{children}</a>;
}
