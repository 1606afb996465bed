/** The page's bar: search, states, zoom, help. */

import type { PageData, PageMark, PageMigration } from '../page-data.js';
import { button, element } from './elements.js';
import { switchThemes } from './theme.js';

/** What the controls do. */
export interface Actions {
  search(text: string): void;
  nextFound(step: 1 | -1): void;
  toggleMark(mark: PageMark): void;
  toggleFamilyOnly(): void;
  zoomIn(): void;
  zoomOut(): void;
  fit(): void;
  resetZoom(): void;
  print(): void;
}

export interface Controls {
  bar: HTMLElement;
  search: HTMLInputElement;
  help: HTMLDialogElement;
  theme: HTMLButtonElement;
  familyOnly: HTMLButtonElement;
  /** Says how many a search has found. */
  counter: HTMLElement;
}

export function createControls({ title, origin, migrations }: PageData, actions: Actions): Controls {
  const search = element('input', {
    attributes: { type: 'search', placeholder: 'Search names, SQL, effects  /', 'aria-label': 'Search' },
  });
  search.addEventListener('input', () => actions.search(search.value));
  search.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') actions.nextFound(event.shiftKey ? -1 : 1);
  });
  const counter = element('output', { class: 'note' });
  const help = createHelp(origin);
  const theme = button('', '', () => {});
  switchThemes(theme);
  const familyOnly = button(
    'Related only',
    'Show only the selected migration and its relatives (o)',
    actions.toggleFamilyOnly,
  );
  familyOnly.setAttribute('aria-pressed', 'false');
  const bar = element(
    'header',
    { class: 'bar' },
    element('h1', {}, title),
    search,
    counter,
    stateFilters(migrations, actions),
    element(
      'span',
      { class: 'tools' },
      familyOnly,
      button('−', 'Zoom out (-)', actions.zoomOut),
      button('100 %', 'Original size (0)', actions.resetZoom),
      button('+', 'Zoom in (+)', actions.zoomIn),
      button('Fit', 'Show the whole graph (f)', actions.fit),
      button('Print', 'Print the page', actions.print),
      theme,
      button('?', 'Show the keys (?)', () => help.showModal()),
    ),
  );
  return { bar, search, help, theme, familyOnly, counter };
}

const marks: readonly PageMark[] = ['applied', 'changed', 'missing', 'running', 'pending', 'unknown'];

function stateFilters(migrations: readonly PageMigration[], { toggleMark }: Actions): HTMLElement {
  const boxes = marks.flatMap((mark) => {
    const count = migrations.filter((migration) => migration.mark === mark).length;
    if (count === 0) return [];
    const box = element('input', { attributes: { type: 'checkbox', checked: '', name: mark } });
    box.addEventListener('change', () => toggleMark(mark));
    return [
      element(
        'label',
        { class: `filter ${mark}` },
        box,
        `${count} ${mark === 'unknown' ? 'migrations' : mark}`,
      ),
    ];
  });
  return element(
    'span',
    { class: 'filters', attributes: { role: 'group', 'aria-label': 'States' } },
    ...boxes,
  );
}

const keys: readonly (readonly [string, string])[] = [
  ['↑ ↓', 'previous and next migration'],
  ['← →', 'first parent and first child'],
  ['Home End', 'first and last migration'],
  ['/', 'search'],
  ['n N', 'next and previous hit'],
  ['+ - 0 f', 'zoom in, zoom out, original size, whole graph'],
  ['o', 'only relatives of the selected migration'],
  ['t', 'colours'],
  ['Escape', 'close what is open'],
];

function createHelp(origin: string): HTMLDialogElement {
  const rows = keys.flatMap(([key, meaning]) => [
    element('dt', {}, element('kbd', {}, key)),
    element('dd', {}, meaning),
  ]);
  const close = button('Close', 'Close (Escape)', () => dialog.close());
  const dialog = element(
    'dialog',
    {},
    element('h2', {}, 'Keys'),
    element('dl', {}, ...rows),
    element(
      'p',
      {},
      'Drag to move, Ctrl and the wheel to zoom. Dashed red lines are conflicts: pairs whose order matters although no edge sets it.',
    ),
    element('p', { class: 'note' }, origin),
    close,
  );
  return dialog;
}
