import { useEffect, useState, type DragEvent } from "react";

/** What makes an element a place to drop files on. */
export function useDrop(onPick: (files: readonly File[]) => void) {
  const [over, setOver] = useState(false);
  const drop = {
    onDragOver: (event: DragEvent) => { event.preventDefault(); setOver(true); },
    onDragLeave: () => { setOver(false); },
    onDrop: (event: DragEvent) => {
      event.preventDefault();
      setOver(false);
      onPick([...event.dataTransfer.files]);
    },
  };
  return { over, drop };
}

/** A drop that misses its place must not make the browser leave the page for the file. */
export function useNoStrayDrops(): void {
  useEffect(() => {
    const stay = (event: Event): void => { event.preventDefault(); };
    window.addEventListener("dragover", stay);
    window.addEventListener("drop", stay);
    return () => {
      window.removeEventListener("dragover", stay);
      window.removeEventListener("drop", stay);
    };
  }, []);
}
