import { useLayoutEffect, useRef, type ReactNode } from "react";

interface Props {
  readonly title: string;
  /** The ids of the title and of the words under it begin with this. */
  readonly name: string;
  readonly onClose: () => void;
  /** A picture beside the words. */
  readonly picture?: ReactNode;
  readonly words: ReactNode;
  /** What comes under the words: fields, troubles, the buttons. */
  readonly children: ReactNode;
}

/**
 * A question in front of the page. Escape means no. Whoever moves the focus after a yes takes the dialog away first,
 * with `flushSync`: closing gives the focus back to the button that opened it.
 */
export function Dialog({ title, name, onClose, picture, words, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  // Before the browser paints and before React takes the dialog away: only a dialog that is closed while it is
  // still in the page gives the focus back to the button that opened it.
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => { element?.close(); };
  }, []);
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby={`${name}-title`} aria-describedby={`${name}-words`} onCancel={onClose}>
      <div className="dialog-body">
        {picture}
        <div>
          <h2 id={`${name}-title`}>{title}</h2>
          <div id={`${name}-words`}>{words}</div>
        </div>
      </div>
      {children}
    </dialog>
  );
}
