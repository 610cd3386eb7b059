import { Link } from "./Link";

/** Under every page, also the visitor's. */
export function Foot() {
  return (
    <footer className="foot">
      <p>Only the cookies that signing in needs. No trackers, nothing from third parties.</p>
      <p className="foot-links"><Link to="/privacy">Privacy policy</Link> <Link to="/terms">Terms</Link></p>
    </footer>
  );
}
