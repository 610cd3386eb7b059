import { useState, type SubmitEvent } from "react";
import type { Problem } from "../api/types";
import { PROMISE } from "../legal/promise";
import { explain } from "../problems";
import { useShell } from "../shell/context";
import { Trouble } from "../shell/Trouble";
import { words } from "../words";
import { Part } from "./Part";

/** Who the person is here, and the correction of their name. */
export function ProfilePart() {
  const { api, me, know, announce } = useShell();
  const [name, setName] = useState(me.name ?? "");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);

  const rename = async (wish: string | null): Promise<void> => {
    if (busy) {
      return;
    }
    setBusy(true);
    const answer = await api.rename(wish);
    setBusy(false);
    setProblem(answer.ok ? null : answer.problem);
    if (answer.ok) {
      know(answer.value);
      setName(answer.value.name ?? "");
      announce(answer.value.name == null ? words.profile.unnamed : words.profile.named(answer.value.name));
    }
  };
  const same = name.trim() === (me.name ?? "") || name.trim() === "";
  // Not `disabled`: a button that is switched off loses the focus.
  const save = (event: SubmitEvent): void => {
    event.preventDefault();
    if (!same) {
      void rename(name.trim());
    }
  };
  return (
    <Part id="profile" title={words.account.profile}>
      <form className="account-name" onSubmit={save}>
        <label htmlFor="name">{words.profile.name}</label>
        <input id="name" type="text" autoComplete="name" maxLength={PROMISE.max_name} value={name} onChange={(event) => { setName(event.target.value); }} />
        <button type="submit" className="button button-main" aria-disabled={busy || same}>{words.profile.save}</button>
        <button type="button" className="button" aria-disabled={busy} onClick={() => void rename(null)}>{words.profile.fromGoogle}</button>
      </form>
      {problem !== null && <Trouble explanation={explain(problem)} />}
      <dl className="account-facts">
        <div><dt>{words.profile.email}</dt><dd>{me.email ?? words.profile.noEmail}</dd></div>
        <div><dt>{words.profile.number}</dt><dd><code>{me.user_id}</code></dd></div>
      </dl>
      <p className="note">{words.profile.note}</p>
    </Part>
  );
}
