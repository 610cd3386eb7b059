import type { Generation } from "../api/types";
import { elapsedText } from "../format";
import { Icon } from "../shell/Icon";
import { words } from "../words";
import { forecastOf } from "./forecast";
import { progressOf } from "./stages";
import { TellMe } from "./TellMe";
import { useNow } from "./useNow";

interface Props {
  readonly generation: Generation;
  /** When the service told of it. */
  readonly received: number;
}

/** The stages as a list, the one of now with its sentence, how far it is, and the time that has passed and is left. */
export function Making({ generation, received }: Props) {
  const now = useNow();
  const { progress, sentence } = forecastOf(generation, now - received);
  return (
    <div className="making">
      <ol className="stages">
        {progressOf(generation.stage).map(({ stage, state }) => (
          <li key={stage.id} className={`stages-${state}`} aria-current={state === "now" ? "step" : undefined}>
            <span className="stages-dot">{state === "past" && <Icon name="check" />}</span>
            <span>
              <strong>{stage.title}</strong>
              {state === "past" && <span className="unseen"> ({words.stages.done})</span>}
              {state === "now" && <span className="stages-detail">{stage.detail}</span>}
            </span>
          </li>
        ))}
      </ol>
      <div className="making-bar">
        <progress aria-label={words.stages.progress} max={100} {...(progress === null ? {} : { value: progress })} />
        <p>{sentence}</p>
      </div>
      <p className="making-time"><span className="digits">{elapsedText(now - Date.parse(generation.created_at))}</span> {words.stages.soFar}</p>
      <TellMe />
    </div>
  );
}
