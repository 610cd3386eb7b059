import { useState, type SubmitEvent } from "react";
import type { Generation, Problem } from "../api/types";
import { explain } from "../problems";
import { useShell } from "../shell/context";
import { Trouble } from "../shell/Trouble";
import { words } from "../words";

/** The name and the tags that a person gives a model. */
export function Label({ generation, onChange }: { generation: Generation; onChange: (generation: Generation) => void }) {
  const { api, announce } = useShell();
  const [title, setTitle] = useState(generation.title ?? "");
  const [tags, setTags] = useState(generation.tags.join(", "));
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const save = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    const answer = await api.label(generation.id, { title: title.trim() === "" ? null : title.trim(), tags: tagsOf(tags) });
    setBusy(false);
    setProblem(answer.ok ? null : answer.problem);
    if (answer.ok) {
      announce(words.model.saved);
      onChange(answer.value);
    }
  };
  return (
    <details className="label">
      <summary>{words.model.rename}</summary>
      <form className="label-form" onSubmit={(event) => void save(event)}>
        <label>{words.model.name}<input type="text" maxLength={80} value={title} onChange={(event) => { setTitle(event.target.value); }} /></label>
        <label>{words.model.tags}<input type="text" maxLength={200} value={tags} onChange={(event) => { setTags(event.target.value); }} /></label>
        <button type="submit" className="button" disabled={busy}>{words.model.save}</button>
        {problem !== null && <Trouble explanation={explain(problem)} />}
      </form>
    </details>
  );
}

/** At most ten tags, each once, without the spaces around them. */
export function tagsOf(text: string): string[] {
  return [...new Set(text.split(",").map((tag) => tag.trim()).filter((tag) => tag !== ""))].slice(0, 10);
}
