/** What following needs of a stream: the browser's `EventSource`, or a test's. */
export type Source = Pick<EventSource, "addEventListener" | "close" | "readyState">;

export interface Follow<T> {
  /** Opens the stream; without one, where there is none, it is asked at once. */
  readonly open: (() => Source) | null;
  readonly isOver: (value: T) => boolean;
  readonly onValue: (value: T) => void;
  /** Asks again and again instead; answers the function that stops it. */
  readonly ask: () => () => void;
}

/** The service tells the state as soon as a stream opens: if nothing has come by then, something on the way holds it back. */
export const FIRST_EVENT_S = 8;
/** Breaks without an event in between, after which a stream is given up. */
const BREAKS = 2;
/** `EventSource.CLOSED`: it will not try again, since the answer was no stream. */
const CLOSED = 2;

/**
 * Follows a stream to the end of what it tells. If it is refused, breaks twice or stays silent, asking takes over, which also
 * finds out why. Answers the function that stops it.
 */
export function follow<T>({ open, isOver, onValue, ask }: Follow<T>): () => void {
  if (open === null) {
    return ask();
  }
  const source = open();
  let breaks = 0;
  let stopAsking: (() => void) | null = null;

  const end = (): void => {
    clearTimeout(patience);
    source.close();
  };
  const giveUp = (): void => {
    end();
    stopAsking ??= ask();
  };
  const patience = setTimeout(giveUp, FIRST_EVENT_S * 1000);

  source.addEventListener("generation", (event) => {
    clearTimeout(patience);
    breaks = 0;
    const value = JSON.parse((event as MessageEvent<string>).data) as T;
    if (isOver(value)) {
      end();
    }
    onValue(value);
  });
  source.addEventListener("error", () => {
    breaks += 1;
    if (source.readyState === CLOSED || breaks >= BREAKS) {
      giveUp();
    }
  });
  return () => {
    end();
    stopAsking?.();
  };
}

/** The stream of one generation; none in a browser without streams. */
export function generationStream(id: string): (() => Source) | null {
  return "EventSource" in globalThis ? () => new EventSource(`/api/generations/${encodeURIComponent(id)}/events`) : null;
}
