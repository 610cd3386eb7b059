import { useState } from "react";
import { OFFLINE } from "../api/client";
import type { Problem } from "../api/types";
import { explain } from "../problems";
import { Trouble } from "../shell/Trouble";
import { words } from "../words";

/** Pictures of ours and of nobody; where they come from stands in public/samples/README.md. */
const SAMPLES = [
  ["coffee", words.create.sampleCup],
  ["rocket", words.create.sampleRocket],
  ["mushroom", words.create.sampleMushroom],
] as const;

/** Photos to try with. */
export function Samples({ onPick }: { onPick: (files: readonly File[]) => void }) {
  const [problem, setProblem] = useState<Problem | null>(null);
  const take = async (name: string): Promise<void> => {
    try {
      const answer = await fetch(`/samples/${name}.webp`);
      setProblem(null);
      onPick([new File([await answer.blob()], `${name}.webp`, { type: "image/webp" })]);
    } catch {
      setProblem(OFFLINE);
    }
  };
  return (
    <div className="samples" role="group" aria-labelledby="samples-title">
      <p id="samples-title">{words.create.samples}</p>
      <ul>
        {SAMPLES.map(([name, title]) => (
          <li key={name}>
            <button type="button" className="sample" onClick={() => void take(name)}><img src={`/samples/${name}.webp`} alt={title} width={96} height={96} /></button>
          </li>
        ))}
      </ul>
      {problem !== null && <Trouble explanation={explain(problem)} />}
    </div>
  );
}
