import { useEffect, useEffectEvent, useState } from "react";
import type { ModelOptions } from "../api/types";
import { useShell } from "../shell/context";
import { words } from "../words";
import { useBatch } from "./useBatch";
import { Chosen } from "./Chosen";
import { takeAgain, waitingAgain } from "./again";
import { PhotoPicker } from "./PhotoPicker";
import { USUAL } from "./usual";
import { usePastedPhotos } from "./usePastedPhotos";

interface Props {
  /** All that were sent have been ordered; one alone is followed on its own page. */
  readonly onMade: (ids: readonly string[]) => void;
}

/** From photos to orders: choose, see what is used, send. */
export function CreatePanel({ onMade }: Props) {
  const { announce } = useShell();
  const { batch, tell, pick, make, callOff } = useBatch();
  const [options, setOptions] = useState<ModelOptions>(() => waitingAgain()?.options ?? USUAL);
  usePastedPhotos(pick);

  // A photo that is made again with other settings is brought here by its model's page.
  const begin = useEffectEvent(() => {
    const again = takeAgain();
    if (again !== null) {
      pick([again.file]);
    }
  });
  useEffect(() => { begin(); }, []);

  const send = async (): Promise<void> => {
    const several = batch.entries.length > 1;
    const made = await make(options);
    if (made.length > 0) {
      announce(several ? words.create.allArrived(made.length) : words.create.arrived);
      onMade(several ? [] : made);
    }
  };
  const empty = batch.entries.length === 0;
  return (
    <section className="create mat" aria-labelledby="create-title">
      <h1 id="create-title" className={empty ? "create-title" : "unseen"}>{words.create.title}</h1>
      {empty
        ? <PhotoPicker refused={batch.refused} checking={batch.checking > 0} onPick={pick} />
        : <Chosen batch={batch} tell={tell} options={options} onOptions={setOptions} onPick={pick} onMake={() => void send()} onCallOff={callOff} />}
    </section>
  );
}
