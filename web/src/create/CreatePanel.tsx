import { useEffect, useEffectEvent, useRef } from "react";
import { useShell } from "../shell/context";
import { words } from "../words";
import { Chosen } from "./Chosen";
import { takeAgain } from "./again";
import { useHands } from "./BatchContext";
import { PhotoPicker } from "./PhotoPicker";
import { useNoStrayDrops } from "./useDrop";
import { usePastedPhotos } from "./usePastedPhotos";

interface Props {
  /** All that were sent have been ordered; one alone is followed on its own page. */
  readonly onMade: (ids: readonly string[]) => void;
}

/** From photos to orders: choose, see what is used, send. */
export function CreatePanel({ onMade }: Props) {
  const { announce } = useShell();
  const hands = useHands();
  const { batch, setOptions, tell, pick, make } = hands;
  const here = useRef(true);
  usePastedPhotos(pick);
  useNoStrayDrops();

  const begin = useEffectEvent(() => {
    here.current = true;
    tell({ type: "came" });
    // A photo that is made again with other settings is brought here by its model's page.
    const again = takeAgain();
    if (again !== null) {
      setOptions(again.options);
      tell({ type: "selected", key: null });
      pick([again.file]);
    }
  });
  useEffect(() => {
    begin();
    return () => { here.current = false; };
  }, []);

  const send = async (): Promise<void> => {
    const several = batch.entries.length > 1;
    const made = await make();
    if (made.length > 0) {
      announce(several ? words.create.allArrived(made.length) : words.create.arrived);
      // Whoever looks at another page by now stays there.
      onMade(several || !here.current ? [] : made);
    }
  };
  const empty = batch.entries.length === 0;
  return (
    <section className="create mat" aria-labelledby="create-title">
      <h1 id="create-title" className={empty ? "create-title" : "unseen"}>{words.create.title}</h1>
      {empty
        ? <PhotoPicker refused={batch.refused} checking={batch.checking > 0} onPick={pick} />
        : <Chosen hands={hands} onMake={() => void send()} />}
    </section>
  );
}
