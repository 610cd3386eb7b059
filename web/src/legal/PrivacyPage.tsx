import { Link } from "../shell/Link";
import { COOKIES, COOKIES_WORDS } from "./cookies";
import { PRIVACY_CHANGES } from "./history";
import { LegalFrame, LegalPart } from "./LegalFrame";
import { HELD_INTRO, IN_SHORT, LIMITS_INTRO, PARTS, PROCESSORS_INTRO } from "./privacyText";
import { basisText, limitText, PROMISE, VERSIONS } from "./promise";
import { RIGHTS } from "./rights";
import type { Part } from "./text";

const SHORT: Part = { id: "short", title: "In short", body: [IN_SHORT] };
const HELD: Part = { id: "held", title: "What we hold, why, and how long", body: HELD_INTRO };
const PROCESSORS: Part = { id: "processors", title: "Who helps us", body: [PROCESSORS_INTRO] };
const RIGHTS_PART: Part = { id: "rights", title: "Your rights", body: ["Whoever you are and wherever you live, you have all of these."] };
const COOKIES_PART: Part = { id: "cookies", title: "Cookies", body: COOKIES_WORDS };
const LIMITS: Part = { id: "limits", title: "Limits against misuse", body: [LIMITS_INTRO] };

/** The privacy policy, made from the table of what is held. */
export function PrivacyPage() {
  const contents = [SHORT, HELD, PROCESSORS, RIGHTS_PART, COOKIES_PART, LIMITS, ...PARTS];
  return (
    <LegalFrame title="Privacy policy" version={VERSIONS.privacy} history={PRIVACY_CHANGES} contents={contents}>
      <LegalPart part={SHORT} />
      <LegalPart part={HELD}>
        <ul className="legal-cards">
          {PROMISE.held.map((held) => (
            <li key={held.id}>
              <h3>{held.what}</h3>
              <dl>
                <div><dt>Why</dt><dd>{held.purpose}</dd></div>
                <div><dt>On what basis</dt><dd>{basisText(held.basis)}</dd></div>
                <div><dt>How long</dt><dd>{held.kept}</dd></div>
                <div><dt>When you delete your account</dt><dd>{held.on_deletion}</dd></div>
                <div><dt>In the copy you can download</dt><dd>{held.exported ? "Yes" : "No"}</dd></div>
              </dl>
            </li>
          ))}
        </ul>
      </LegalPart>
      <LegalPart part={PROCESSORS}>
        <ul className="legal-cards">
          {PROMISE.processors.map(({ name, does, gets, place }) => (
            <li key={name}>
              <h3>{name}</h3>
              <dl>
                <div><dt>What for</dt><dd>{does}</dd></div>
                <div><dt>What it gets</dt><dd>{gets}</dd></div>
                <div><dt>Where</dt><dd>{place}</dd></div>
              </dl>
            </li>
          ))}
        </ul>
      </LegalPart>
      <LegalPart part={RIGHTS_PART}>
        <ul className="legal-cards">
          {RIGHTS.map(({ name, law, how, link }) => (
            <li key={name}>
              <h3>{name} <small>{law}</small></h3>
              <p>{how}</p>
              {link !== null && <p><Link to={link.to}>{link.label}<span className="unseen"> ({name})</span></Link></p>}
            </li>
          ))}
        </ul>
      </LegalPart>
      <LegalPart part={COOKIES_PART}>
        <ul className="legal-cards">
          {COOKIES.map(({ name, purpose, lasts }) => (
            <li key={name}>
              <h3><code>{name}</code></h3>
              <dl>
                <div><dt>What for</dt><dd>{purpose}</dd></div>
                <div><dt>How long</dt><dd>{lasts}</dd></div>
              </dl>
            </li>
          ))}
        </ul>
      </LegalPart>
      <LegalPart part={LIMITS}>
        <ul className="legal-list">
          {PROMISE.limits.map((limit) => <li key={limit.what + limit.per}>{limitText(limit)}</li>)}
        </ul>
      </LegalPart>
      {PARTS.map((part) => <LegalPart key={part.id} part={part} />)}
    </LegalFrame>
  );
}
