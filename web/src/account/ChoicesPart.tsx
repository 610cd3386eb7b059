import { useState } from "react";
import type { Choices, Consent, Problem } from "../api/types";
import { momentText } from "../format";
import { explain } from "../problems";
import { useShell } from "../shell/context";
import { Link } from "../shell/Link";
import { Rich } from "../shell/Rich";
import { Trouble } from "../shell/Trouble";
import { useRead } from "../shell/useRead";
import { words } from "../words";
import { Part } from "./Part";
import { changes, CHOICES, consentText } from "./words";

/** What may be done beyond the service itself: off until switched on, and off again with one click. */
export function ChoicesPart() {
  const { api, announce, refreshMe } = useShell();
  const { value, problem, know, again } = useRead(api.privacy);
  const [wish, setWish] = useState<Choices | null>(null);
  const [refused, setRefused] = useState<Problem | null>(null);
  const shown = wish ?? value?.choices ?? null;

  const choose = async (before: Choices, id: keyof Choices, on: boolean): Promise<void> => {
    if (wish !== null) {
      return;
    }
    const wanted = { ...before, [id]: on };
    setWish(wanted);
    const answer = await api.choose(wanted);
    setWish(null);
    setRefused(answer.ok ? null : answer.problem);
    if (answer.ok) {
      know(answer.value);
      announce(changes(before, answer.value.choices).join(" "));
      refreshMe();
    }
  };
  return (
    <Part id="choices" title={words.account.choices} busy={value === null && problem === null}>
      <p><Rich text={words.choices.lead} parts={{ privacy: (text) => <Link to="/privacy">{text}</Link> }} /></p>
      {value?.global_privacy_control === true && (
        <p className="account-note" role="note">{words.choices.globalControl}</p>
      )}
      {shown !== null && (
        <ul className="choices">
          {CHOICES.map(({ id, title, means }) => (
            <li key={id}>
              <label className="choice">
                <input
                  type="checkbox"
                  role="switch"
                  className="choice-input"
                  checked={shown[id]}
                  aria-disabled={wish !== null}
                  aria-describedby={`${id}-means`}
                  onChange={(event) => void choose(shown, id, event.target.checked)}
                />
                <span className="choice-title">{title}</span>
              </label>
              <p id={`${id}-means`} className="note">{means}</p>
            </li>
          ))}
        </ul>
      )}
      {refused !== null && <Trouble explanation={explain(refused)} />}
      {problem !== null && <Trouble explanation={explain(problem)}><button type="button" className="button" onClick={again}>{words.shell.tryAgain}</button></Trouble>}
      {value !== null && <History consents={value.consents} />}
    </Part>
  );
}

/** Everything that was agreed to, chosen and withdrawn. */
function History({ consents }: { consents: readonly Consent[] }) {
  return (
    <details className="more">
      <summary>{words.choices.history}</summary>
      <table className="lines">
        <thead><tr><th scope="col">{words.account.when}</th><th scope="col">{words.account.what}</th><th scope="col">{words.choices.textOf}</th></tr></thead>
        <tbody>
          {consents.map((consent) => (
            <tr key={consent.at + consent.purpose}>
              <td><time dateTime={consent.at}>{momentText(consent.at)}</time></td>
              <td>{consentText(consent)}</td>
              <td>{consent.version}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
