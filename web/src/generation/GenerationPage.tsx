import { useState } from "react";
import { isOver, type Generation } from "../api/types";
import { recentPhoto } from "../create/recentPhotos";
import { momentText } from "../format";
import { DeleteDialog } from "../library/DeleteDialog";
import { explain } from "../problems";
import { useShell } from "../shell/context";
import { Icon } from "../shell/Icon";
import { Link } from "../shell/Link";
import { Trouble } from "../shell/Trouble";
import { ModelStage } from "../viewer/ModelStage";
import { Facts } from "./Facts";
import { Failure } from "./Failure";
import { Making } from "./Making";
import { stageSentence } from "./stages";
import { useGeneration } from "./useGeneration";

/** One model: being made, finished or failed. */
export function GenerationPage({ id }: { id: string }) {
  const { api, announce, refreshMe, go } = useShell();
  const [deleting, setDeleting] = useState(false);
  const { generation, received, problem, retrying, again } = useGeneration(api, id, null, (now, before) => {
    if (before === null || before.stage !== now.stage || before.status !== now.status) {
      announce(stageSentence(now));
    }
    if (before !== null && isOver(now)) {
      refreshMe();
    }
  });

  const deleted = (): void => {
    announce("The model was deleted.");
    refreshMe();
    go("/");
  };
  return (
    <>
      <nav className="crumbs" aria-label="Way back"><Link to="/"><Icon name="arrow" />Your models</Link></nav>
      {problem !== null && (
        <div className="page-trouble">
          {generation !== null && retrying
            ? <p className="note" role="status">{explain(problem).title}. Trying again by itself…</p>
            : (
              <Trouble explanation={explain(problem)}>
                {explain(problem).next === "home"
                  ? <Link className="button" to="/">To your models</Link>
                  : <button type="button" className="button" onClick={again}>Try again</button>}
              </Trouble>
            )}
        </div>
      )}
      {generation === null && <h1 className="unseen">Model</h1>}
      {generation === null && problem === null && <p className="note">Loading…</p>}
      {generation !== null && (
        <article className="model" aria-labelledby="model-title">
          <Stage generation={generation} />
          <div className="model-side">
            <h1 id="model-title">{TITLES[generation.status]}</h1>
            <p className="model-when">Started {momentText(generation.created_at)}</p>
            {!isOver(generation) && <Making generation={generation} received={received} />}
            {generation.status === "SUCCEEDED" && <Facts generation={generation} />}
            {generation.status === "FAILED" && <Failure generation={generation} />}
            {generation.status === "CANCELLED" && <p>This model was cancelled before it was finished. You were not charged.</p>}
            <button type="button" className="button button-danger" onClick={() => { setDeleting(true); }}>
              <Icon name={isOver(generation) ? "trash" : "cross"} />
              {isOver(generation) ? "Delete" : "Cancel and delete"}
            </button>
          </div>
          {deleting && <DeleteDialog generation={generation} onClose={() => { setDeleting(false); }} onDeleted={deleted} />}
        </article>
      )}
    </>
  );
}

const TITLES: Record<Generation["status"], string> = {
  QUEUED: "Your model is being made",
  RUNNING: "Your model is being made",
  SUCCEEDED: "Your model",
  FAILED: "No model this time",
  CANCELLED: "Cancelled",
};

/** The big picture: the model, or the photo that it is made from. */
function Stage({ generation }: { generation: Generation }) {
  if (generation.status === "SUCCEEDED") {
    return <ModelStage generation={generation} />;
  }
  const photo = recentPhoto(generation.id);
  const atWork = !isOver(generation);
  return (
    <div className={atWork ? "stage mat stage-at-work" : "stage mat"}>
      {photo === null
        ? <span className="stage-blank" aria-hidden="true"><Icon name="photo" /></span>
        : <span className="print stage-print"><img src={photo} alt="Your photo" />{atWork && <span className="stage-scan" aria-hidden="true" />}</span>}
    </div>
  );
}
