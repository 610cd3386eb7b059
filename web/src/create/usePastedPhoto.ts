import { useEffect, useEffectEvent } from "react";

/** Takes a picture that is pasted anywhere on the page. Text pasted into a field is left alone. */
export function usePastedPhoto(onPaste: (file: File) => void): void {
  const pasted = useEffectEvent((event: ClipboardEvent) => {
    const file = event.clipboardData?.files[0];
    if (file !== undefined) {
      event.preventDefault();
      onPaste(file);
    }
  });
  useEffect(() => {
    const listen = (event: ClipboardEvent): void => { pasted(event); };
    window.addEventListener("paste", listen);
    return () => { window.removeEventListener("paste", listen); };
  }, []);
}
