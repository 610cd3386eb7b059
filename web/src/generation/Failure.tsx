import type { Generation } from "../api/types";
import { explainFailure } from "../problems";
import { Link } from "../shell/Link";
import { Trouble } from "../shell/Trouble";
import { words } from "../words";

/** Why there is no model, and the way to another try. */
export function Failure({ generation }: { generation: Generation }) {
  return (
    <Trouble explanation={explainFailure(generation.failure)}>
      <Link to="/" className="button button-main">{words.model.another}</Link>
    </Trouble>
  );
}
