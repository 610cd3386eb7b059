import type { Activity } from "../api/types";
import { momentText } from "../format";
import { explain } from "../problems";
import { useShell } from "../shell/context";
import { Trouble } from "../shell/Trouble";
import { usePages } from "../shell/usePages";
import { words } from "../words";
import { Part } from "./Part";
import { deedText, deviceText } from "./words";

/** What happened to the account, so that misuse is noticed. */
export function ActivityPart() {
  const { api } = useShell();
  const { items, hasMore, problem, more } = usePages<Activity>(api.activity);
  return (
    <Part id="activity" title={words.account.activity} busy={items === null && problem === null}>
      <p>{words.activity.lead}</p>
      {items !== null && items.length > 0 && (
        <table className="lines">
          <thead><tr><th scope="col">{words.account.when}</th><th scope="col">{words.account.what}</th><th scope="col">{words.activity.from}</th></tr></thead>
          <tbody>
            {items.map((line, index) => (
              <tr key={index}>
                <td><time dateTime={line.at}>{momentText(line.at)}</time></td>
                <td>{deedText(line.deed)}</td>
                <td>{line.address === "" ? words.activity.us : <>{deviceText(line)}, <span className="address">{line.address}</span></>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {items?.length === 0 && <p className="note">{words.activity.nothing}</p>}
      {problem !== null && <Trouble explanation={explain(problem)}><button type="button" className="button" onClick={more}>{words.shell.tryAgain}</button></Trouble>}
      {hasMore && problem === null && <div className="actions"><button type="button" className="button" onClick={more}>{words.credits.showMore}<span className="unseen">{words.activity.moreWhat}</span></button></div>}
    </Part>
  );
}
