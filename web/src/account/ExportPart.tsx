import { useEffect, useEffectEvent, useState } from "react";
import type { Export, Problem } from "../api/types";
import { momentText, sizeText } from "../format";
import { browserPage, poll } from "../generation/poll";
import { PROMISE } from "../legal/promise";
import { explain } from "../problems";
import { useShell } from "../shell/context";
import { Icon } from "../shell/Icon";
import { Rich, strong } from "../shell/Rich";
import { Trouble } from "../shell/Trouble";
import { useRead } from "../shell/useRead";
import { words } from "../words";
import { Part } from "./Part";

/** While a copy is made, it is asked for this often unless the service says otherwise. */
const USUAL_WAIT_S = 3;

/** A copy of everything that is held: asked for, waited for, downloaded. */
export function ExportPart() {
  const { api, announce } = useShell();
  const { value, problem, know, again } = useRead(api.exports);
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<Problem | null>(null);
  const making = value?.items.some(({ state }) => state === "making") ?? false;

  const take = (one: Export): void => {
    const others = value?.items.filter(({ id }) => id !== one.id) ?? [];
    know({ items: [one, ...others] });
  };
  const ask = async (): Promise<void> => {
    if (busy || making) {
      return;
    }
    setBusy(true);
    const answer = await api.askForExport();
    setBusy(false);
    setRefused(answer.ok ? null : answer.problem);
    if (answer.ok) {
      take(answer.value);
      announce(words.export.begun);
    } else if (answer.problem.type === "/problems/export-running") {
      again();
    }
  };
  return (
    <Part id="export" title={words.account.export} busy={value === null && problem === null}>
      <p>{words.export.lead(PROMISE.export_days)}</p>
      {value !== null && value.items.length > 0 && (
        <ul className="exports">
          {value.items.map((one) => (
            <li key={one.id} className="export">
              {one.state === "making" ? <Making one={one} onNews={(news) => {
                take(news);
                if (news.state === "ready") {
                  announce(words.export.done);
                }
              }} /> : <Ready one={one} />}
            </li>
          ))}
        </ul>
      )}
      {refused !== null && <Trouble explanation={explain(refused)} />}
      {problem !== null && <Trouble explanation={explain(problem)}><button type="button" className="button" onClick={again}>{words.shell.tryAgain}</button></Trouble>}
      <div className="actions"><button type="button" className="button" aria-disabled={busy || making} onClick={() => void ask()}>{making ? words.export.busy : words.export.ask}</button></div>
    </Part>
  );
}

/** An export on its way, asked about until it is there. */
function Making({ one, onNews }: { one: Export; onNews: (one: Export) => void }) {
  const { api } = useShell();
  const [trouble, setTrouble] = useState<Problem | null>(null);
  const news = useEffectEvent(onNews);
  useEffect(() => poll<Export>({
    ask: (_etag, signal) => api.export(one.id, signal),
    isOver: ({ state }) => state === "ready",
    onValue: (value) => { setTrouble(null); news(value); },
    onProblem: setTrouble,
    page: browserPage,
    usualWaitS: USUAL_WAIT_S,
  }), [api, one.id]);
  return (
    <>
      <p><Rich text={words.export.making(momentText(one.asked_at))} parts={{ strong }} /></p>
      <progress className="export-progress" aria-label={words.export.progress} />
      {trouble !== null && <p className="note" role="status">{words.model.retrying(explain(trouble).title)}</p>}
    </>
  );
}

/** An export that can be downloaded. */
function Ready({ one }: { one: Export }) {
  const ends = one.ends_at;
  const asked = momentText(one.asked_at);
  return (
    <>
      <p>
        {ends === null
          ? <Rich text={words.export.ready(asked)} parts={{ strong }} />
          : <Rich text={words.export.readyUntil(momentText(ends), asked)} parts={{ strong, time: (moment) => <time dateTime={ends}>{moment}</time> }} />}
      </p>
      <ul className="actions">
        {one.files.map(({ name, url, bytes }) => (
          <li key={name}><a className="button button-main" href={url} download={name}><Icon name="download" />{name}<small>{sizeText(bytes)}</small></a></li>
        ))}
      </ul>
    </>
  );
}
