import { useLayoutEffect, useRef, useState } from "react";
import { words } from "../words";

/** The photo over the model, as far as the slider says. The model is seen from where the photo was taken. */
export function Comparison({ photo }: { photo: string }) {
  const [share, setShare] = useState(50);
  const frame = useRef<HTMLDivElement>(null);
  // The policy allows no style in the markup; properties set by script are fine.
  useLayoutEffect(() => { frame.current?.style.setProperty("--share", `${share}%`); }, [share]);
  return (
    <div ref={frame} className="comparison">
      <div className="comparison-photo"><img src={photo} alt={words.viewer.photo} /></div>
      <input type="range" min={0} max={100} value={share} aria-label={words.viewer.comparing} onChange={(event) => { setShare(event.target.valueAsNumber); }} />
    </div>
  );
}
