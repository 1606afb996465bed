/** Starts the page: reads its data, draws the picture, and joins the parts. */

import type { PageData, PageMark } from '../page-data.js';
import { drawPicture } from '../picture.js';
import { type Actions, createControls } from './controls.js';
import { describeMigration } from './details.js';
import { draw, element } from './elements.js';
import { relateMigrations } from './family.js';
import { highlight } from './highlight.js';
import { listenToKeys, type Moves } from './keys.js';
import { createSearch } from './search.js';
import { chooseRows } from './shown-rows.js';
import { createScrollView } from './view.js';

const data = JSON.parse(document.getElementById('data')?.textContent ?? '') as PageData;
const family = relateMigrations(data.migrations);
const find = createSearch(data.migrations);

const box = element('main', { attributes: { tabindex: '0', role: 'listbox', 'aria-label': 'Migrations' } });
const panel = element('aside', { attributes: { hidden: '', 'aria-label': 'Details' } });
const view = createScrollView(box);

const state = {
  selected: undefined as string | undefined,
  hidden: new Set<PageMark>(),
  isFamilyOnly: false,
  search: '',
};

let rows = chooseRows([], [], () => true);
let picture = drawPicture(rows, []);
let svg = draw(picture.shape);

/** Draws the chosen rows. */
function redraw(): void {
  const { selected, hidden, isFamilyOnly } = state;
  const relatives =
    isFamilyOnly && selected !== undefined
      ? new Set([selected, ...family.ancestors(selected), ...family.descendants(selected)])
      : undefined;
  rows = chooseRows(
    data.migrations,
    data.conflicts,
    ({ id, mark }) => !hidden.has(mark) && relatives?.has(id) !== false,
  );
  picture = drawPicture(rows, data.conflicts);
  svg = draw(picture.shape);
  view.show(picture, svg);
  mark();
}

function found(): ReadonlySet<string> | undefined {
  return state.search.trim() === '' ? undefined : find(state.search);
}

function mark(): void {
  const hits = found();
  highlight(svg, { rows, picture, family, selected: state.selected, found: hits });
  controls.counter.textContent = hits ? `${hits.size} found` : '';
  const index = rows.findIndex(({ id }) => id === state.selected);
  if (index < 0) box.removeAttribute('aria-activedescendant');
  else box.setAttribute('aria-activedescendant', `row-${index}`);
}

/** @param id undefined to select nothing. */
function select(id: string | undefined): void {
  state.selected = id;
  document.body.classList.toggle('open', id !== undefined);
  panel.hidden = id === undefined;
  const contents = id === undefined ? [] : describeMigration(id, { data, family, open: select, close });
  panel.replaceChildren(...contents);
  panel.scrollTop = 0;
  if (state.isFamilyOnly) redraw();
  else mark();
  const place = id === undefined ? undefined : picture.places.get(id);
  if (place) view.reveal(place);
  const hash = id === undefined ? '' : `#${encodeURIComponent(id)}`;
  history.replaceState(null, '', hash === '' ? location.pathname + location.search : hash);
}

function close(): void {
  select(undefined);
  box.focus();
}

const actions: Actions = {
  search: (text) => {
    state.search = text;
    mark();
  },
  nextFound: (step) => {
    const hits = found();
    const ids = rows.map(({ id }) => id).filter((id) => hits?.has(id));
    if (ids.length === 0) return;
    const at = state.selected === undefined ? -1 : ids.indexOf(state.selected);
    select(ids[(at < 0 ? (step > 0 ? 0 : ids.length - 1) : at + step + ids.length) % ids.length]);
  },
  toggleMark: (one) => {
    if (!state.hidden.delete(one)) state.hidden.add(one);
    redraw();
  },
  toggleFamilyOnly: () => {
    state.isFamilyOnly = !state.isFamilyOnly;
    controls.familyOnly.setAttribute('aria-pressed', String(state.isFamilyOnly));
    redraw();
    const place = picture.places.get(state.selected ?? '');
    if (place) view.reveal(place);
  },
  zoomIn: () => view.zoomBy(1.25),
  zoomOut: () => view.zoomBy(0.8),
  fit: view.fit,
  resetZoom: view.reset,
  print: () => window.print(),
};

const moves: Moves = {
  byRows: (step) => {
    const at = rows.findIndex(({ id }) => id === state.selected);
    const next = at < 0 ? (step > 0 ? 0 : rows.length - 1) : at + step;
    const row = rows[Math.min(rows.length - 1, Math.max(0, next))];
    if (row) select(row.id);
  },
  toParent: () => go(rows.find(({ id }) => id === state.selected)?.parents),
  toChild: () => go(rows.filter(({ parents }) => parents.includes(state.selected ?? '')).map(({ id }) => id)),
  toFirst: () => go(rows.slice(0, 1).map(({ id }) => id)),
  toLast: () => go(rows.slice(-1).map(({ id }) => id)),
  back: () => {
    if (state.search === '') return close();
    controls.search.value = '';
    actions.search('');
    box.focus();
  },
};

function go(ids: readonly string[] | undefined): void {
  if (ids?.[0] !== undefined) select(ids[0]);
}

const controls = createControls(data, actions);

box.addEventListener('click', ({ target }) => {
  if (view.hasDragged() || !(target instanceof Element)) return;
  const conflict = target.closest('.conflict')?.getAttribute('data-index');
  const row = target.closest('.row');
  const index = row === null ? -1 : [...(row.parentElement?.children ?? [])].indexOf(row);
  const id =
    conflict === null || conflict === undefined ? rows[index]?.id : data.conflicts[Number(conflict)]?.ids[1];
  if (id !== undefined) select(id);
});

function openHash(): void {
  const id = decodeURIComponent(location.hash.slice(1));
  if (family.has(id) && id !== state.selected) select(id);
}

window.addEventListener('hashchange', openHash);
// Paper has no zoom: letters that were too small for the screen would be missing.
window.addEventListener('beforeprint', view.reset);
document.body.append(controls.bar, box, panel, controls.help);
listenToKeys(controls, actions, moves);
redraw();
openHash();
