/** Shows all about one migration. */

import { readableDuration } from '../../graph/readable-duration.js';
import { visible } from '../../outside-text.js';
import type {
  PageConflict,
  PageData,
  PageEffect,
  PageFinding,
  PageHistoryEntry,
  PageMigration,
  PagePlace,
} from '../page-data.js';
import { button, element } from './elements.js';
import type { Family } from './family.js';
import { lineId, showSql } from './sql-view.js';

interface DetailsSetting {
  data: PageData;
  family: Family;
  /** Shows another migration. */
  open(id: string): void;
  close(): void;
}

/** The contents of the panel. */
export function describeMigration(id: string, setting: DetailsSetting): HTMLElement[] {
  const { family, data, open } = setting;
  const migration = family.get(id);
  const conflicts = data.conflicts.filter(({ ids }) => ids.includes(id));
  return [
    heading(migration, setting),
    facts([...migration.facts, ...relativeCounts(id, family)]),
    links('Parents', migration.parents, setting),
    links('Children', family.children(id), setting),
    list('Conflicts', conflicts, (conflict) => showConflict(conflict, id, open)),
    list('Effects', migration.effects, showEffect),
    ...(migration.up ? [showSql('up', migration.up)] : []),
    list('Findings', migration.findings, showFinding),
    ...(migration.down ? [showSql('down', migration.down)] : []),
    ...(data.isOffline ? [] : [list('History', migration.history, showEntry)]),
  ].filter((part) => part !== undefined);
}

function heading({ id, name, description }: PageMigration, { close }: DetailsSetting): HTMLElement {
  return element(
    'header',
    {},
    element('h2', { attributes: { tabindex: '-1' } }, name),
    button('✕', 'Close (Escape)', close),
    element('code', {}, id),
    ...(description === undefined ? [] : [element('p', {}, description)]),
  );
}

function relativeCounts(id: string, family: Family): [string, string][] {
  return [
    ['Ancestors', String(family.ancestors(id).size)],
    ['Descendants', String(family.descendants(id).size)],
  ];
}

function facts(all: PageMigration['facts']): HTMLElement {
  const rows = all.flatMap(([label, value]) => [element('dt', {}, label), element('dd', {}, value)]);
  return element('dl', {}, ...rows);
}

function list<T>(
  title: string,
  items: readonly T[],
  show: (item: T) => HTMLElement,
): HTMLElement | undefined {
  if (items.length === 0) return undefined;
  return element(
    'section',
    { class: title.toLowerCase() },
    element('h3', {}, `${title} (${items.length})`),
    element('ul', {}, ...items.map(show)),
  );
}

function links(
  title: string,
  ids: readonly string[],
  { family, open }: DetailsSetting,
): HTMLElement | undefined {
  return list(title, ids, (id) => element('li', {}, family.has(id) ? link(id, open) : id));
}

function link(id: string, open: (id: string) => void): HTMLElement {
  return element(
    'a',
    { attributes: { href: `#${encodeURIComponent(id)}` }, onClick: follow(() => open(id)) },
    id,
  );
}

function follow(go: () => void): (event: Event) => void {
  return (event) => {
    event.preventDefault();
    go();
  };
}

function showConflict(
  { ids, severity, reasons }: PageConflict,
  id: string,
  open: (id: string) => void,
): HTMLElement {
  const [own, theirs] = ids[0] === id ? ([0, 1] as const) : ([1, 0] as const);
  const rows = reasons.map(({ messages, lines }) =>
    element(
      'li',
      {},
      lineLink(`this ${messages[own]}`, { file: 'up', line: lines[own] }),
      ` · the other ${messages[theirs]} (line ${lines[theirs]})`,
    ),
  );
  return element('li', { class: severity }, 'with ', link(ids[theirs], open), element('ul', {}, ...rows));
}

function showFinding({ severity, code, message, help, place }: PageFinding): HTMLElement {
  return element(
    'li',
    { class: severity },
    element('b', {}, severity),
    ' ',
    place ? lineLink(message, place) : message,
    ' ',
    element('code', {}, code),
    ...(help === undefined ? [] : [element('p', { class: 'note' }, help)]),
  );
}

function showEffect({ text, line, isConditional }: PageEffect): HTMLElement {
  return element('li', {}, lineLink(text, { file: 'up', line }), isConditional ? ' (conditional)' : '');
}

function showEntry({ at, what, durationMs, client, error }: PageHistoryEntry): HTMLElement {
  const took = durationMs === undefined ? [] : [` in ${readableDuration(durationMs)}`];
  return element(
    'li',
    {},
    element('time', { attributes: { datetime: at } }, at.replace('T', ' ').replace(/\..*Z?$/, ' UTC')),
    ` ${what}`,
    ...took,
    ` by ${client}`,
    ...(error === undefined ? [] : [element('pre', {}, visible(error))]),
  );
}

/** Leads to a line of the SQL below. */
function lineLink(text: string, place: PagePlace): HTMLElement {
  const show = () => {
    const line = document.getElementById(lineId(place));
    for (const other of document.querySelectorAll('.sql li.shown')) other.classList.remove('shown');
    line?.classList.add('shown');
    line?.scrollIntoView({ block: 'center' });
  };
  return element(
    'a',
    { attributes: { href: `#${lineId(place)}` }, onClick: follow(show) },
    text,
    ` (${place.file}.sql:${place.line})`,
  );
}
