import { flushSync } from "react-dom";
import { fileUrl } from "../api/calls";
import { isOver, type Generation } from "../api/types";
import { momentText } from "../format";
import { useShell } from "../shell/context";
import { Question } from "../shell/Question";
import { words } from "../words";

interface Props {
  readonly generation: Generation;
  readonly onClose: () => void;
  readonly onDeleted: () => void;
}

/** Asks before a model is deleted, since there is no way back. */
export function DeleteDialog({ generation, onClose, onDeleted }: Props) {
  const { api } = useShell();
  const over = isOver(generation);
  return (
    <Question
      name="delete"
      title={over ? words.deletion.title : words.deletion.titleRunning}
      picture={generation.status === "SUCCEEDED" && <img className="dialog-picture mat" src={fileUrl(generation.id, "preview.webp")} alt="" />}
      about={over ? words.deletion.gone(momentText(generation.created_at)) : words.deletion.stops}
      yes={words.deletion.delete}
      busyText={words.deletion.busy}
      act={() => api.remove(generation.id)}
      onClose={onClose}
      onDone={() => {
        flushSync(onClose);
        onDeleted();
      }}
    />
  );
}
