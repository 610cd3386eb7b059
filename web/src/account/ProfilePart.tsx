import { useState, type SubmitEvent } from "react";
import type { Problem } from "../api/types";
import { PROMISE } from "../legal/promise";
import { explain } from "../problems";
import { useShell } from "../shell/context";
import { Trouble } from "../shell/Trouble";
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
      announce(`Your name is now ${answer.value.name ?? "not set"}.`);
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
    <Part id="profile" title="Profile">
      <form className="account-name" onSubmit={save}>
        <label htmlFor="name">Name</label>
        <input id="name" type="text" autoComplete="name" maxLength={PROMISE.max_name} value={name} onChange={(event) => { setName(event.target.value); }} />
        <button type="submit" className="button button-main" aria-disabled={busy || same}>Save</button>
        <button type="button" className="button" aria-disabled={busy} onClick={() => void rename(null)}>Use the name from Google</button>
      </form>
      {problem !== null && <Trouble explanation={explain(problem)} />}
      <dl className="account-facts">
        <div><dt>E-mail</dt><dd>{me.email ?? "None"}</dd></div>
        <div><dt>Number</dt><dd><code>{me.user_id}</code></dd></div>
      </dl>
      <p className="note">Name and e-mail address come from Google when you sign in. A name that you write here stays. The address changes when you change it there and sign in again.</p>
    </Part>
  );
}
