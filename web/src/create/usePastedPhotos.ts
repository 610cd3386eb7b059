import { useEffect, useEffectEvent } from "react";

/** Takes pictures that are pasted anywhere on the page. Text pasted into a field is left alone. */
export function usePastedPhotos(onPaste: (files: readonly File[]) => void): void {
  const pasted = useEffectEvent((event: ClipboardEvent) => {
    const files = [...event.clipboardData?.files ?? []];
    if (files.length > 0) {
      event.preventDefault();
      onPaste(files);
    }
  });
  useEffect(() => {
    const listen = (event: ClipboardEvent): void => { pasted(event); };
    window.addEventListener("paste", listen);
    return () => { window.removeEventListener("paste", listen); };
  }, []);
}
