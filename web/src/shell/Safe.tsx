import { Component, type ReactNode } from "react";
import { explain, ownProblem } from "../problems";
import { words } from "../words";
import { Trouble } from "./Trouble";

interface Props {
  readonly children: ReactNode;
}

/** Keeps the header, the foot and the way to other pages where one page cannot be drawn, for example because a part of it does not load offline. */
export class Safe extends Component<Props, { readonly broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError(): { broken: boolean } {
    return { broken: true };
  }

  override render(): ReactNode {
    if (!this.state.broken) {
      return this.props.children;
    }
    return (
      <Trouble explanation={explain(ownProblem("client:page-unreadable"))}>
        <button type="button" className="button" onClick={() => { location.reload(); }}>{words.first.reload}</button>
      </Trouble>
    );
  }
}
