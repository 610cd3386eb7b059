import type { Generation } from "../api/types";
import { elapsedText } from "../format";
import { Icon } from "../shell/Icon";
import { progressOf } from "./stages";
import { useElapsed } from "./useElapsed";

/** The stages as a list, the one of now with its sentence, and the time that has passed. */
export function Making({ generation }: { generation: Generation }) {
  const elapsed = useElapsed(generation.created_at);
  return (
    <div className="making">
      <ol className="stages">
        {progressOf(generation.stage).map(({ stage, state }) => (
          <li key={stage.id} className={`stages-${state}`} aria-current={state === "now" ? "step" : undefined}>
            <span className="stages-dot">{state === "past" && <Icon name="check" />}</span>
            <span>
              <strong>{stage.title}</strong>
              {state === "past" && <span className="unseen"> (done)</span>}
              {state === "now" && <span className="stages-detail">{stage.detail}</span>}
            </span>
          </li>
        ))}
      </ol>
      <p className="making-time"><span className="digits">{elapsedText(elapsed)}</span> so far. You may leave: it goes on without you.</p>
    </div>
  );
}
