import { useEffect, useState } from "react";

/** Milliseconds since an instant, once a second. */
export function useElapsed(since: string): number {
  const start = Date.parse(since);
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const clock = setInterval(() => { setNow(Date.now()); }, 1000);
    return () => { clearInterval(clock); };
  }, []);
  return now - start;
}
