import type { ReactNode } from "react";
import type { Explanation } from "../problems";
import { Icon } from "./Icon";

/** A problem on the page: what happened, what to do, and the buttons to do it with. */
export function Trouble({ explanation, children }: { explanation: Explanation; children?: ReactNode }) {
  return (
    <div className="trouble" role="alert">
      <Icon name="warning" />
      <div>
        <p className="trouble-title">{explanation.title}</p>
        <p>{explanation.advice}</p>
        {children !== undefined && <div className="actions">{children}</div>}
      </div>
    </div>
  );
}
