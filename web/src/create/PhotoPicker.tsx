import type { ReactNode } from "react";
import { explain } from "../problems";
import { Icon } from "../shell/Icon";
import { Trouble } from "../shell/Trouble";
import { ACCEPT } from "../upload/checks";
import { words } from "../words";
import type { Batch } from "./batch";
import { Samples } from "./Samples";
import { useDrop } from "./useDrop";

interface Props {
  readonly refused: Batch["refused"];
  readonly checking: boolean;
  readonly onPick: (files: readonly File[]) => void;
}

/** The place to drop, paste, choose or take photos. The whole area is the label of one file field. */
export function PhotoPicker({ refused, checking, onPick }: Props) {
  const { over, drop } = useDrop(onPick);
  return (
    <div className="picker-frame">
      <label className={over ? "picker picker-over" : "picker"} {...drop}>
        <FileField onPick={onPick} describedBy="picker-limits" />
        <span className="picker-print" aria-hidden="true"><Icon name="photo" /></span>
        <span className="picker-words">
          <span className="picker-title">{checking ? words.create.looking : over ? words.create.letGo : words.create.drop}</span>
          <span className="picker-ways"><span className="button button-mark picker-choose">{words.create.choose}</span> <span>{words.create.paste}</span></span>
          <span id="picker-limits" className="picker-limits">{words.create.limits}</span>
        </span>
      </label>
      <div className="picker-more">
        <CameraField onPick={onPick} />
        <Samples onPick={onPick} />
      </div>
      <Refused refused={refused} />
    </div>
  );
}

/** Adds to photos that are chosen already. */
export function MorePhotos({ onPick }: Pick<Props, "onPick">) {
  return (
    <label className="strip-more">
      <FileField onPick={onPick} />
      <Icon name="plus" /><span>{words.create.more}</span>
    </label>
  );
}

/** Files that cannot be used, and why. */
export function Refused({ refused }: Pick<Props, "refused">) {
  return refused.map(({ name, problem }) => {
    const explanation = explain(problem);
    return <Trouble key={name} explanation={refused.length === 1 ? explanation : { ...explanation, title: words.create.refused(name) + explanation.title }} />;
  });
}

function FileField({ onPick, describedBy }: Pick<Props, "onPick"> & { describedBy?: string }) {
  return (
    <input
      type="file"
      className="unseen"
      accept={ACCEPT}
      multiple
      aria-describedby={describedBy}
      onChange={(event) => {
        onPick([...event.target.files ?? []]);
        event.target.value = "";
      }}
    />
  );
}

/** Opens the camera of a phone or tablet; other devices do not show it. */
function CameraField({ onPick }: Pick<Props, "onPick">): ReactNode {
  return (
    <label className="button button-on-mat picker-camera">
      <input
        type="file"
        className="unseen"
        accept="image/*"
        capture="environment"
        onChange={(event) => {
          onPick([...event.target.files ?? []]);
          event.target.value = "";
        }}
      />
      <Icon name="camera" />{words.create.camera}
    </label>
  );
}
