/** What the keys do. */

import type { Actions, Controls } from './controls.js';

export interface Moves {
  /** To the row so many rows below the selected one; without a selection, from the top. */
  byRows(step: number): void;
  toParent(): void;
  toChild(): void;
  toFirst(): void;
  toLast(): void;
  /** Closes what is open. */
  back(): void;
}

export function listenToKeys(controls: Controls, actions: Actions, moves: Moves): void {
  const commands: Readonly<Record<string, () => void>> = {
    ArrowDown: () => moves.byRows(1),
    j: () => moves.byRows(1),
    ArrowUp: () => moves.byRows(-1),
    k: () => moves.byRows(-1),
    ArrowLeft: moves.toParent,
    ArrowRight: moves.toChild,
    Home: moves.toFirst,
    End: moves.toLast,
    '/': () => controls.search.select(),
    n: () => actions.nextFound(1),
    N: () => actions.nextFound(-1),
    '+': actions.zoomIn,
    '-': actions.zoomOut,
    '0': actions.resetZoom,
    f: actions.fit,
    o: actions.toggleFamilyOnly,
    t: () => controls.theme.click(),
    '?': () => controls.help.showModal(),
    Escape: moves.back,
  };
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || controls.help.open) return;
    const isTyping = event.target === controls.search;
    const command = isTyping && event.key !== 'Escape' ? undefined : commands[event.key];
    if (!command) return;
    event.preventDefault();
    command();
  });
}
