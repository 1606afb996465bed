/** Scrolls and zooms the picture. */

import type { Picture, Point } from '../picture.js';

export interface View {
  /** Shows another picture. */
  show(picture: Picture, svg: SVGElement): void;
  zoomBy(factor: number): void;
  /** Shows the whole picture, or as much of it as stays recognisable. */
  fit(): void;
  reset(): void;
  /** Scrolls as little as it takes to see a place. */
  reveal(place: Point): void;
  /** Whether the pointer has moved the picture since it was pressed, so that its release is no click. */
  hasDragged(): boolean;
}

const limits = { smallest: 0.05, fitted: 0.2, largest: 4 } as const;

/** Below this scale letters are not drawn. */
const readable = 0.45;

/** @param box scrolls. */
export function createScrollView(box: HTMLElement): View {
  let scale = 1;
  let shown: { picture: Picture; svg: SVGElement } | undefined;
  const resize = () => {
    if (!shown) return;
    shown.svg.setAttribute('width', String(shown.picture.width * scale));
    shown.svg.setAttribute('height', String(shown.picture.height * scale));
    box.classList.toggle('far', scale < readable);
  };
  const zoomTo = (wanted: number, { x, y }: Point) => {
    const next = Math.min(limits.largest, Math.max(limits.smallest, wanted));
    const [left, top] = [(box.scrollLeft + x) / scale, (box.scrollTop + y) / scale];
    scale = next;
    resize();
    box.scrollTo({ left: left * scale - x, top: top * scale - y, behavior: 'instant' });
  };
  const middle = () => ({ x: box.clientWidth / 2, y: box.clientHeight / 2 });
  zoomByWheel(box, (factor, pointer) => zoomTo(scale * factor, pointer));
  const hasDragged = scrollByDragging(box);
  return {
    show: (picture, svg) => {
      shown = { picture, svg };
      box.replaceChildren(svg);
      resize();
    },
    zoomBy: (factor) => zoomTo(scale * factor, middle()),
    fit: () => {
      const { width = 1, height = 1 } = shown?.picture ?? {};
      const whole = Math.min(1, box.clientWidth / width, box.clientHeight / height);
      zoomTo(Math.max(limits.fitted, whole), middle());
    },
    reset: () => zoomTo(1, middle()),
    reveal: (place) => reveal(box, { x: place.x * scale, y: place.y * scale }),
    hasDragged,
  };
}

/** Browsers tell a pinch on a touch pad as a wheel with the control key. */
function zoomByWheel(box: HTMLElement, zoom: (factor: number, pointer: Point) => void): void {
  box.addEventListener(
    'wheel',
    (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const { left, top } = box.getBoundingClientRect();
      zoom(Math.exp(-event.deltaY / 300), { x: event.clientX - left, y: event.clientY - top });
    },
    { passive: false },
  );
}

/** A finger scrolls already. */
function scrollByDragging(box: HTMLElement): () => boolean {
  let from: { x: number; y: number; left: number; top: number } | undefined;
  let dragged = false;
  box.addEventListener('pointerdown', ({ button, pointerType, clientX: x, clientY: y }) => {
    dragged = false;
    if (button === 0 && pointerType !== 'touch') from = { x, y, left: box.scrollLeft, top: box.scrollTop };
  });
  window.addEventListener('pointermove', ({ clientX, clientY }) => {
    if (!from) return;
    if (Math.abs(clientX - from.x) + Math.abs(clientY - from.y) > 4) dragged = true;
    if (dragged)
      box.scrollTo({
        left: from.left - clientX + from.x,
        top: from.top - clientY + from.y,
        behavior: 'instant',
      });
  });
  window.addEventListener('pointerup', () => {
    from = undefined;
  });
  return () => dragged;
}

const revealMargin = 60;

function reveal(box: HTMLElement, { x, y }: Point): void {
  const along = (at: number, start: number, size: number) => {
    if (at < start + revealMargin || at > start + size - revealMargin) return Math.max(0, at - size / 2);
    return start;
  };
  box.scrollTo({
    left: x < box.scrollLeft ? 0 : box.scrollLeft,
    top: along(y, box.scrollTop, box.clientHeight),
    behavior: 'instant',
  });
}
