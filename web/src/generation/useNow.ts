import { useEffect, useState } from "react";

/** The time in milliseconds, anew every second. */
export function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const clock = setInterval(() => { setNow(Date.now()); }, 1000);
    return () => { clearInterval(clock); };
  }, []);
  return now;
}
