import type { Activity } from "../api/types";
import { momentText } from "../format";
import { explain } from "../problems";
import { useShell } from "../shell/context";
import { Trouble } from "../shell/Trouble";
import { usePages } from "../shell/usePages";
import { Part } from "./Part";
import { deedText, deviceText } from "./words";

/** What happened to the account, so that misuse is noticed. */
export function ActivityPart() {
  const { api } = useShell();
  const { items, hasMore, problem, more } = usePages<Activity>(api.activity);
  return (
    <Part id="activity" title="Activity" busy={items === null && problem === null}>
      <p>What happened to your account in the last 90 days. If something was not you: end all sessions above, and write to us.</p>
      {items !== null && items.length > 0 && (
        <table className="lines">
          <thead><tr><th scope="col">When</th><th scope="col">What</th><th scope="col">From where</th></tr></thead>
          <tbody>
            {items.map((line, index) => (
              <tr key={index}>
                <td><time dateTime={line.at}>{momentText(line.at)}</time></td>
                <td>{deedText(line.deed)}</td>
                <td>{line.address === "" ? "Us" : <>{deviceText(line)}, <span className="address">{line.address}</span></>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {items?.length === 0 && <p className="note">Nothing yet.</p>}
      {problem !== null && <Trouble explanation={explain(problem)}><button type="button" className="button" onClick={more}>Try again</button></Trouble>}
      {hasMore && problem === null && <div className="actions"><button type="button" className="button" onClick={more}>Show more<span className="unseen"> activity</span></button></div>}
    </Part>
  );
}
