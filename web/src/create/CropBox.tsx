import { useLayoutEffect, useRef, type KeyboardEvent, type PointerEvent } from "react";
import type { Box } from "../cutout/frame";
import { words } from "../words";
import type { Photo } from "./flow";

interface Props {
  readonly photo: Photo;
  /** In shares of the photo. */
  readonly box: Box;
  readonly onBox: (box: Box) => void;
}

/** How far an arrow key moves a corner, and the least side of a box, in shares of the photo. */
const STEP = 0.02;
const LEAST = 0.05;

/** Draws the part to use with the pointer, or moves its corners by keyboard. */
export function CropBox({ photo, box, onBox }: Props) {
  const area = useRef<HTMLDivElement>(null);
  const from = useRef<{ x: number; y: number } | null>(null);

  // The policy allows no style in the markup; properties set by script are fine.
  useLayoutEffect(() => {
    for (const side of ["left", "top", "width", "height"] as const) {
      area.current?.style.setProperty(`--${side}`, `${box[side] * 100}%`);
    }
  }, [box]);

  const place = (event: PointerEvent): { x: number; y: number } => {
    const { left, top, width, height } = area.current?.getBoundingClientRect() ?? new DOMRect(0, 0, 1, 1);
    return { x: within((event.clientX - left) / width), y: within((event.clientY - top) / height) };
  };
  const drag = (event: PointerEvent): void => {
    if (from.current !== null) {
      onBox(between(from.current, place(event)));
    }
  };
  return (
    <div
      ref={area}
      className="crop"
      role="group"
      aria-label={words.cut.cropping}
      onPointerDown={(event) => {
        from.current = place(event);
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={drag}
      onPointerUp={(event) => { drag(event); from.current = null; }}
    >
      <img src={photo.url} alt={words.create.photo(photo.name)} width={photo.width} height={photo.height} draggable={false} />
      <div className="crop-box">
        <Corner name={words.cut.topLeft} className="crop-start" onMove={(x, y) => { onBox(moved(box, x, y, 0, 0)); }} />
        <Corner name={words.cut.bottomRight} className="crop-end" onMove={(x, y) => { onBox(moved(box, 0, 0, x, y)); }} />
      </div>
    </div>
  );
}

const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP],
};

function Corner({ name, className, onMove }: { name: string; className: string; onMove: (x: number, y: number) => void }) {
  const key = (event: KeyboardEvent): void => {
    const move = ARROWS[event.key];
    if (move !== undefined) {
      event.preventDefault();
      onMove(...move);
    }
  };
  return <button type="button" className={`crop-corner ${className}`} aria-label={name} onKeyDown={key} />;
}

function within(share: number): number {
  return Math.min(1, Math.max(0, share));
}

/** The box between two points, never smaller than the least. */
export function between(one: { x: number; y: number }, two: { x: number; y: number }): Box {
  const [left, right] = one.x < two.x ? [one.x, two.x] : [two.x, one.x];
  const [top, bottom] = one.y < two.y ? [one.y, two.y] : [two.y, one.y];
  const [width, height] = [Math.max(LEAST, right - left), Math.max(LEAST, bottom - top)];
  return { left: Math.min(left, 1 - width), top: Math.min(top, 1 - height), width, height };
}

/** The box after its corners moved by these shares. */
export function moved(box: Box, startX: number, startY: number, endX: number, endY: number): Box {
  const start = { x: within(box.left + startX), y: within(box.top + startY) };
  const end = { x: within(box.left + box.width + endX), y: within(box.top + box.height + endY) };
  return between({ x: Math.min(start.x, end.x - LEAST), y: Math.min(start.y, end.y - LEAST) }, end);
}
