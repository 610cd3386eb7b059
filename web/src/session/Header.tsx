import type { ReactNode } from "react";
import type { Me, Problem } from "../api/types";
import { countText, creditsText } from "../format";
import { Icon } from "../shell/Icon";
import { Link } from "../shell/Link";
import { Logo } from "../shell/Logo";
import { words } from "../words";
import { SignOut } from "./SignOut";

/** Where we are, who is here, what is left, and the way out. */
export function Header({ me, signOut }: { me: Me; signOut: () => Promise<Problem | null> }) {
  const { available, held } = me.credits;
  const who = me.name ?? me.email ?? words.shell.signedIn;
  return (
    <header className="bar">
      <Link to="/" className="bar-home"><Logo /></Link>
      <p className="bar-credits">
        <Link to="/credits" label={creditsText(available)}><strong className="bar-wide">{creditsText(available)}</strong><strong className="bar-narrow"><Icon name="coin" />{countText(available)}</strong></Link>
        {held > 0 && <span> · {words.shell.held(held)}</span>}
      </p>
      <Link to="/account" className="bar-who" label={`${who}, ${words.shell.account}`}>
        <Icon name="person" />
        <span className="bar-name">{who}</span>
      </Link>
      <SignOut signOut={signOut} />
    </header>
  );
}

/** The header of pages that stand alone: the way home, and at most one thing to do. */
export function PlainHeader({ children }: { children?: ReactNode }) {
  return <header className="bar"><Link to="/" className="bar-home"><Logo /></Link>{children}</header>;
}
