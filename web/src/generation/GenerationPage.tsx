import { useState } from "react";
import { fileUrl } from "../api/calls";
import { isOver, type Generation } from "../api/types";
import { recentPhoto } from "../create/recentPhotos";
import { momentText } from "../format";
import { DeleteDialog } from "../library/DeleteDialog";
import { explain } from "../problems";
import { useShell } from "../shell/context";
import { SharePart } from "../share/SharePart";
import { Icon } from "../shell/Icon";
import { Link } from "../shell/Link";
import { Trouble } from "../shell/Trouble";
import { ModelStage } from "../viewer/ModelStage";
import { words } from "../words";
import { Facts } from "./Facts";
import { Failure } from "./Failure";
import { Label } from "./Label";
import { Making } from "./Making";
import { stageSentence } from "./stages";
import { useGeneration } from "./useGeneration";
import { useTabTitle } from "./useTabTitle";

/** One model: being made, finished or failed. */
export function GenerationPage({ id }: { id: string }) {
  const { api, announce, refreshMe, go } = useShell();
  const [deleting, setDeleting] = useState(false);
  // What was changed here is newer than what the follower knows.
  const [edited, setEdited] = useState<Generation | null>(null);
  const { generation: followed, received, problem, retrying, again } = useGeneration(api, id, null, (now, before) => {
    if (before === null || before.stage !== now.stage || before.status !== now.status) {
      announce(stageSentence(now));
    }
    if (before !== null && isOver(now)) {
      refreshMe();
    }
  });
  const generation = edited ?? followed;
  useTabTitle(generation);

  const deleted = (): void => {
    announce(words.model.deleted);
    refreshMe();
    go("/");
  };
  return (
    <>
      <nav className="crumbs" aria-label={words.model.back}><Link to="/"><Icon name="arrow" />{words.model.back}</Link></nav>
      {problem !== null && (
        <div className="page-trouble">
          {generation !== null && retrying
            ? <p className="note" role="status">{words.model.retrying(explain(problem).title)}</p>
            : (
              <Trouble explanation={explain(problem)}>
                {explain(problem).next === "home"
                  ? <Link className="button" to="/">{words.model.toModels}</Link>
                  : <button type="button" className="button" onClick={again}>{words.shell.tryAgain}</button>}
              </Trouble>
            )}
        </div>
      )}
      {generation === null && <h1 className="unseen">{words.library.model}</h1>}
      {generation === null && problem === null && <p className="note">{words.shell.loading}</p>}
      {generation !== null && (
        <article className="model" aria-labelledby="model-title">
          <Stage generation={generation} />
          <div className="model-side">
            <h1 id="model-title">{generation.title ?? TITLES[generation.status]}</h1>
            <p className="model-when">{words.model.started(momentText(generation.created_at))}</p>
            {!isOver(generation) && <Making generation={generation} received={received} />}
            {generation.tags.length > 0 && <ul className="tags" aria-label={words.library.tags}>{generation.tags.map((tag) => <li key={tag}><Link className="tag" to={`/?tag=${encodeURIComponent(tag)}`}>{tag}</Link></li>)}</ul>}
            {generation.status === "SUCCEEDED" && <Facts generation={generation} />}
            {generation.status === "SUCCEEDED" && <SharePart generation={generation} onChange={setEdited} />}
            {generation.status === "FAILED" && <Failure generation={generation} />}
            {generation.status === "CANCELLED" && <p>{words.model.notCharged}</p>}
            {isOver(generation) && <Label generation={generation} onChange={setEdited} />}
            <button type="button" className="button button-danger" onClick={() => { setDeleting(true); }}>
              <Icon name={isOver(generation) ? "trash" : "cross"} />
              {isOver(generation) ? words.model.delete : words.model.cancel}
            </button>
          </div>
          {deleting && <DeleteDialog generation={generation} onClose={() => { setDeleting(false); }} onDeleted={deleted} />}
        </article>
      )}
    </>
  );
}

const TITLES: Record<Generation["status"], string> = {
  QUEUED: words.model.making,
  RUNNING: words.model.making,
  SUCCEEDED: words.model.ready,
  FAILED: words.model.failed,
  CANCELLED: words.model.cancelled,
};

/** The big picture: the model, or the photo that it is made from. */
function Stage({ generation }: { generation: Generation }) {
  const { announce } = useShell();
  const { id } = generation;
  if (generation.status === "SUCCEEDED") {
    const photo = generation.test ? null : { url: fileUrl(id, "photo"), report: fileUrl(id, "report.json") };
    return <ModelStage model={fileUrl(id, "model.glb")} preview={fileUrl(id, "preview.webp")} photo={photo} announce={announce} />;
  }
  const photo = recentPhoto(id) ?? (generation.status === "CANCELLED" ? null : fileUrl(id, "photo"));
  const atWork = !isOver(generation);
  return (
    <div className={atWork ? "stage mat stage-at-work" : "stage mat"}>
      {photo === null
        ? <span className="stage-blank" aria-hidden="true"><Icon name="photo" /></span>
        : <span className="print stage-print"><img src={photo} alt={words.model.yourPhoto} />{atWork && <span className="stage-scan" aria-hidden="true" />}</span>}
    </div>
  );
}
