import { useRef, useState, type SubmitEvent } from "react";
import type { Generation, Problem } from "../api/types";
import { explain } from "../problems";
import { useShell } from "../shell/context";
import { Icon } from "../shell/Icon";
import { Trouble } from "../shell/Trouble";
import { words } from "../words";

/** The name and the tags that a person gives a model. */
export function Label({ generation, onChange }: { generation: Generation; onChange: (generation: Generation) => void }) {
  const { api, announce } = useShell();
  const [title, setTitle] = useState(generation.title ?? "");
  const [tags, setTags] = useState(generation.tags);
  // What is written and no chip yet; saving takes it too.
  const [more, setMore] = useState("");
  const all = tagsOf([...tags, more].join(","));
  const add = (): void => {
    setTags(all);
    setMore("");
  };
  const field = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const save = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    const answer = await api.label(generation.id, { title: title.trim() === "" ? null : title.trim(), tags: all });
    setBusy(false);
    setProblem(answer.ok ? null : answer.problem);
    if (answer.ok) {
      announce(words.model.saved);
      add();
      onChange(answer.value);
    }
  };
  return (
    <details className="label">
      <summary>{words.model.rename}</summary>
      <form className="label-form" onSubmit={(event) => void save(event)}>
        <label>{words.model.name}<input type="text" maxLength={80} value={title} onChange={(event) => { setTitle(event.target.value); }} /></label>
        <label>
          {words.model.tags}
          <input ref={field} type="text" maxLength={200} value={more} onChange={(event) => { setMore(event.target.value); }} onKeyDown={(event) => { if (event.key === "Enter" && more.trim() !== "") { event.preventDefault(); add(); } }} />
        </label>
        {tags.length > 0 && (
          <ul className="tags">
            {tags.map((tag) => (
              <li key={tag}>
                <button type="button" className="tag" aria-label={words.model.tagOff(tag)} onClick={() => { setTags(tags.filter((other) => other !== tag)); field.current?.focus(); }}>{tag}<Icon name="cross" /></button>
              </li>
            ))}
          </ul>
        )}
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
