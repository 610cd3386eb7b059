import { useState, type SubmitEvent } from "react";
import type { components } from "../api/schema";
import type { Problem, Scope } from "../api/types";
import { explain } from "../problems";
import { useShell } from "../shell/context";
import { Trouble } from "../shell/Trouble";
import { words } from "../words";
import { LASTS, SCOPES } from "./words";

export type MadeKey = components["schemas"]["MadeApiKey"];

/** A key without `delete` can lose nothing, and one that ends is one less to think of. */
const USUAL_SCOPES: readonly Scope[] = ["read", "create"];
const USUAL_DAYS = 90;
const LONGEST_NAME = 100;
/** Models a day: enough for a hobby, and a bound for a program that runs wild. */
const USUAL_CREATIONS = "100";
const MOST_CREATIONS = 4800;
/** Models at the same time: more wait in the program, not in the queue. */
const USUAL_CONCURRENT = "10";
const MOST_CONCURRENT = 50;

/** Makes a key: a name, what it may do, how long it lasts. */
export function NewKeyForm({ onMade }: { onMade: (key: MadeKey) => void }) {
  const { api } = useShell();
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState(USUAL_SCOPES);
  const [days, setDays] = useState<number | null>(USUAL_DAYS);
  const [test, setTest] = useState(false);
  const [creations, setCreations] = useState(USUAL_CREATIONS);
  const [concurrent, setConcurrent] = useState(USUAL_CONCURRENT);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const mayCreate = scopes.includes("create");
  const daily = mayCreate ? Number(creations) : Number(USUAL_CREATIONS);
  const atOnce = mayCreate ? Number(concurrent) : Number(USUAL_CONCURRENT);
  const ready = name.trim() !== "" && scopes.length > 0 && isBetween(daily, MOST_CREATIONS) && isBetween(atOnce, MOST_CONCURRENT);

  const make = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (busy || !ready) {
      return;
    }
    setBusy(true);
    const answer = await api.makeKey({ name: name.trim(), scopes: [...scopes], expires_in_days: days, daily_creations: daily, concurrent: atOnce, test });
    setBusy(false);
    setProblem(answer.ok ? null : answer.problem);
    if (answer.ok) {
      setName("");
      setScopes(USUAL_SCOPES);
      setDays(USUAL_DAYS);
      setCreations(USUAL_CREATIONS);
      setConcurrent(USUAL_CONCURRENT);
      setTest(false);
      onMade(answer.value);
    }
  };
  const toggle = (id: Scope, on: boolean): void => {
    setScopes((before) => (on ? [...before, id] : before.filter((other) => other !== id)));
  };
  return (
    <details className="more">
      <summary>{words.newkey.title}</summary>
      <form className="account-form key-form" onSubmit={(event) => void make(event)}>
        <label htmlFor="key-name">{words.newkey.name}</label>
        <input id="key-name" type="text" autoComplete="off" maxLength={LONGEST_NAME} required value={name} onChange={(event) => { setName(event.target.value); }} />
        <fieldset className="key-choices">
          <legend>{words.newkey.scopes}</legend>
          {SCOPES.map(({ id, title }) => (
            <label key={id} className="first-tick">
              <input type="checkbox" checked={scopes.includes(id)} onChange={(event) => { toggle(id, event.target.checked); }} />
              {title}
            </label>
          ))}
        </fieldset>
        <label className="first-tick">
          <input type="checkbox" checked={test} onChange={(event) => { setTest(event.target.checked); }} />
          {words.newkey.test}
        </label>
        {mayCreate && (
          <>
            <label htmlFor="key-creations">{words.newkey.daily(MOST_CREATIONS)}</label>
            <input id="key-creations" type="text" inputMode="numeric" autoComplete="off" value={creations} onChange={(event) => { setCreations(event.target.value); }} />
            <label htmlFor="key-concurrent">{words.newkey.atOnce(MOST_CONCURRENT)}</label>
            <input id="key-concurrent" type="text" inputMode="numeric" autoComplete="off" value={concurrent} onChange={(event) => { setConcurrent(event.target.value); }} />
          </>
        )}
        <fieldset className="key-choices">
          <legend>{words.newkey.lasts}</legend>
          {LASTS.map((one) => (
            <label key={one.title} className="first-tick">
              <input type="radio" name="key-lasts" checked={days === one.days} onChange={() => { setDays(one.days); }} />
              {one.title}
            </label>
          ))}
        </fieldset>
        {problem !== null && <Trouble explanation={explain(problem)} />}
        <div className="actions"><button type="submit" className="button" aria-disabled={busy || !ready}>{busy ? words.shell.moment : words.newkey.make}</button></div>
      </form>
    </details>
  );
}

function isBetween(number: number, most: number): boolean {
  return Number.isInteger(number) && number >= 1 && number <= most;
}
