import { language, words } from "../words";
import { LANGUAGES, type Language } from "../words/languages";
import { Link } from "./Link";

/** Under every page, also the visitor's. */
export function Foot() {
  const others = (Object.keys(LANGUAGES) as Language[]).filter((other) => other !== language);
  return (
    <footer className="foot">
      <p>{words.shell.noTrackers}</p>
      <p className="foot-links">
        <Link to="/privacy">{words.shell.privacy}</Link> <Link to="/terms">{words.shell.terms}</Link>{" "}
        {others.map((other) => <a key={other} href={`?lang=${other}`} lang={other} hrefLang={other}>{LANGUAGES[other]}</a>)}
      </p>
    </footer>
  );
}
