import { useRef } from "react";
import { fileUrl } from "../api/calls";
import type { Generation } from "../api/types";
import { momentText } from "../format";
import { modelPath } from "../route";
import { useGeneration } from "../generation/useGeneration";
import { explain } from "../problems";
import { useShell } from "../shell/context";
import { Icon } from "../shell/Icon";
import { Link } from "../shell/Link";
import { Trouble } from "../shell/Trouble";
import { words } from "../words";
import type { Turntable } from "./kinds";
import { ModelStage } from "./ModelStage";

/** Two models side by side; the one that is turned takes the other with it. */
export function ComparePage({ ids }: { ids: readonly [string, string] }) {
  const tables = useRef<[Turntable | null, Turntable | null]>([null, null]);
  const know = (side: 0 | 1, table: Turntable | null): void => {
    tables.current[side] = table;
    table?.onMove(() => {
      if (document.querySelector(`[data-side="${side}"]`)?.matches(":hover, :focus-within") ?? false) {
        tables.current[1 - side]?.follow(table.place());
      }
    });
  };
  return (
    <>
      <nav className="crumbs" aria-label={words.model.back}><Link to="/"><Icon name="arrow" />{words.model.back}</Link></nav>
      <h1 className="page-title">{words.compare.title}</h1>
      <p className="note">{words.compare.help}</p>
      <div className="pair">
        <Side id={ids[0]} side={0} title={words.compare.first} onTable={(table) => { know(0, table); }} />
        <Side id={ids[1]} side={1} title={words.compare.second} onTable={(table) => { know(1, table); }} />
      </div>
    </>
  );
}

interface SideProps {
  readonly id: string;
  readonly side: 0 | 1;
  readonly title: string;
  readonly onTable: (table: Turntable | null) => void;
}

function Side({ id, side, title, onTable }: SideProps) {
  const { api, announce } = useShell();
  const { generation, problem } = useGeneration(api, id, null, NOTHING);
  return (
    <section data-side={side} aria-label={title}>
      {generation?.status === "SUCCEEDED" && <ModelStage model={fileUrl(id, "model.glb")} preview={fileUrl(id, "preview.webp")} announce={announce} onTable={onTable} />}
      {generation !== null && generation.status !== "SUCCEEDED" && <p className="note">{words.compare.missing}</p>}
      {problem !== null && <Trouble explanation={explain(problem)} />}
      {generation !== null && <p><Link to={modelPath(id)}>{title}: {momentText(generation.created_at)}</Link> · {facts(generation)}</p>}
    </section>
  );
}

const NOTHING = (): void => undefined;

function facts({ options, model }: Generation): string {
  return `${model === null ? options.faces : model.faces} ${words.model.faces}, ${options.texture_size} px`;
}
