import { Link } from "../shell/Link";
import { language } from "../words";
import { PRIVACY_CHANGES } from "./history";
import { LegalFrame, LegalPart } from "./LegalFrame";
import { heldWords, PROMISE, VERSIONS } from "./promise";
import { FRAME, limitText, PRIVACY } from "./texts";

/** The privacy policy, made from the table of what is held. */
export default function PrivacyPage() {
  const { short, held, processors, rights, cookies, limits, rest, heads, bases, processorWords, rightList, cookieList } = PRIVACY[language];
  return (
    <LegalFrame title={FRAME[language].privacy} version={VERSIONS.privacy} history={PRIVACY_CHANGES} contents={[short, held, processors, rights, cookies, limits, ...rest]}>
      <LegalPart part={short} />
      <LegalPart part={held}>
        <ul className="legal-cards">
          {PROMISE.held.map((row) => {
            const { what, purpose, kept, on_deletion } = heldWords(row);
            return (
              <li key={row.id}>
                <h3>{what}</h3>
                <dl>
                  <div><dt>{heads.why}</dt><dd>{purpose}</dd></div>
                  <div><dt>{heads.basis}</dt><dd>{bases[row.basis]}</dd></div>
                  <div><dt>{heads.howLong}</dt><dd>{kept}</dd></div>
                  <div><dt>{heads.onDeletion}</dt><dd>{on_deletion}</dd></div>
                  <div><dt>{heads.inCopy}</dt><dd>{row.exported ? heads.yes : heads.no}</dd></div>
                </dl>
              </li>
            );
          })}
        </ul>
      </LegalPart>
      <LegalPart part={processors}>
        <ul className="legal-cards">
          {PROMISE.processors.map(({ name }) => (
            <li key={name}>
              <h3>{name}</h3>
              <dl>
                <div><dt>{heads.whatFor}</dt><dd>{processorWords[name]?.does}</dd></div>
                <div><dt>{heads.gets}</dt><dd>{processorWords[name]?.gets}</dd></div>
                <div><dt>{heads.where}</dt><dd>{processorWords[name]?.place}</dd></div>
              </dl>
            </li>
          ))}
        </ul>
      </LegalPart>
      <LegalPart part={rights}>
        <ul className="legal-cards">
          {rightList.map(({ name, law, how, link }) => (
            <li key={name}>
              <h3>{name} <small>{law}</small></h3>
              <p>{how}</p>
              {link !== null && <p><Link to={link.to}>{link.label}<span className="unseen"> ({name})</span></Link></p>}
            </li>
          ))}
        </ul>
      </LegalPart>
      <LegalPart part={cookies}>
        <ul className="legal-cards">
          {cookieList.map(({ name, purpose, lasts }) => (
            <li key={name}>
              <h3><code>{name}</code></h3>
              <dl>
                <div><dt>{heads.whatFor}</dt><dd>{purpose}</dd></div>
                <div><dt>{heads.howLong}</dt><dd>{lasts}</dd></div>
              </dl>
            </li>
          ))}
        </ul>
      </LegalPart>
      <LegalPart part={limits}>
        <ul className="legal-list">
          {PROMISE.limits.map((limit) => <li key={limit.what + limit.per}>{limitText(limit)}</li>)}
        </ul>
      </LegalPart>
      {rest.map((part) => <LegalPart key={part.id} part={part} />)}
    </LegalFrame>
  );
}
