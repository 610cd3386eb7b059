import { useEffect, useState } from "react";
import { request } from "../api/client";
import { sharedFileUrl, sharedUrl } from "../api/calls";
import type { Problem, Shared } from "../api/types";
import { countText, sizeText } from "../format";
import { explain } from "../problems";
import { Icon } from "../shell/Icon";
import { Link } from "../shell/Link";
import { Trouble } from "../shell/Trouble";
import { ModelStage } from "../viewer/ModelStage";
import { words } from "../words";

/** A model that its owner shares: for everybody who has the link, without signing in. */
export function SharedPage({ secret }: { secret: string }) {
  const [shared, setShared] = useState<Shared | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [sentence, announce] = useState("");
  useEffect(() => {
    const stop = new AbortController();
    void (async () => {
      const answer = await request<Shared>(sharedUrl(secret), { signal: stop.signal });
      if (!stop.signal.aborted) {
        setShared(answer.ok ? answer.value : null);
        setProblem(answer.ok ? null : answer.problem);
      }
    })();
    return () => { stop.abort(); };
  }, [secret]);
  if (problem !== null) {
    const explanation = explain(problem);
    return <><h1 className="unseen">{words.library.model}</h1><Trouble explanation={problem.status === 404 ? { ...explanation, advice: words.share.gone } : explanation} /></>;
  }
  if (shared === null) {
    return <><h1 className="unseen">{words.library.model}</h1><p className="note">{words.shell.loading}</p></>;
  }
  const { model } = shared;
  return (
    <article className="model" aria-labelledby="model-title">
      <ModelStage model={sharedFileUrl(secret, "model.glb")} preview={sharedFileUrl(secret, "preview.webp")} announce={announce} />
      <div className="model-side">
        <h1 id="model-title">{shared.title ?? words.library.model}</h1>
        <p className="model-when">{words.share.by}</p>
        <div className="actions">
          <a className="button button-large button-main" href={sharedFileUrl(secret, "model.glb")} download>
            <Icon name="download" />{words.model.download}{model !== null && <small>{sizeText(model.bytes)}</small>}
          </a>
          <Link to="/" className="button">{words.share.own}</Link>
        </div>
        {model !== null && (
          <dl className="facts">
            <div><dt>{words.model.faces}</dt><dd>{countText(model.faces)}</dd></div>
            <div><dt>{words.model.texture}</dt><dd>{model.texture_size} × {model.texture_size}</dd></div>
          </dl>
        )}
      </div>
      <p className="unseen" role="status">{sentence}</p>
    </article>
  );
}
