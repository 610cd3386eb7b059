import { Fragment, type ReactNode } from "react";

type Made = (text: string) => ReactNode;

/** A sentence of the message files with `<name>…</name>` in it: `parts` says what each name becomes, wherever a language puts it. */
export function Rich({ text, parts }: { text: string; parts: Readonly<Record<string, Made>> }) {
  // Split at the groups: plain text, name, what is within, plain text, …
  const pieces = text.split(/<([a-z]+)>(.*?)<\/\1>/);
  return <>{pieces.map((piece, place) => {
    if (place % 3 === 0) {
      return piece;
    }
    return place % 3 === 1 && <Fragment key={place}>{parts[piece]?.(pieces[place + 1] ?? "")}</Fragment>;
  })}</>;
}

/** What is important in a sentence. */
export function strong(text: string): ReactNode {
  return <strong>{text}</strong>;
}
