/** Marks the selected migration, its relatives and what a search has found in the picture. */

import { edgePath, type Picture, type PictureRow } from '../picture.js';
import { shape } from '../shape.js';
import { draw } from './elements.js';
import type { Family } from './family.js';

interface Highlight {
  /** The drawn rows. */
  rows: readonly PictureRow[];
  picture: Picture;
  family: Family;
  selected: string | undefined;
  /** Undefined without a search. */
  found: ReadonlySet<string> | undefined;
}

/** @param svg the drawn picture. */
export function highlight(svg: SVGElement, { rows, picture, family, selected, found }: Highlight): void {
  const ancestors = selected === undefined ? new Set<string>() : family.ancestors(selected);
  const descendants = selected === undefined ? new Set<string>() : family.descendants(selected);
  const isNear = (id: string) => id === selected || ancestors.has(id) || descendants.has(id);
  svg.classList.toggle('focused', selected !== undefined || found !== undefined);
  for (const [index, { id }] of rows.entries()) {
    const row = svg.querySelector('#rows')?.children[index] as SVGElement;
    row.classList.toggle('selected', id === selected);
    row.classList.toggle('ancestor', ancestors.has(id));
    row.classList.toggle('descendant', descendants.has(id));
    row.classList.toggle('dim', !(found ? found.has(id) : selected === undefined || isNear(id)));
    row.setAttribute('aria-selected', String(id === selected));
  }
  const isOn = (parent: string, child: string) =>
    (ancestors.has(parent) && (child === selected || ancestors.has(child))) ||
    (descendants.has(child) && (parent === selected || descendants.has(parent)));
  for (const [index, { parent, child }] of picture.edges.entries()) {
    svg.querySelector('#edges')?.children[index]?.classList.toggle('on', isOn(parent, child));
  }
  svg.querySelector('#marked')?.replaceChildren(...ownEdges(rows, picture, selected));
}

/** All edges of the selected migration, also those for which the picture has no lane. */
function ownEdges(
  rows: readonly PictureRow[],
  { places }: Picture,
  selected: string | undefined,
): SVGElement[] {
  const pairs = rows.flatMap(({ id, parents }) =>
    parents.filter((parent) => id === selected || parent === selected).map((parent) => [parent, id] as const),
  );
  return pairs.flatMap(([parent, child]) => {
    const [from, to] = [places.get(parent), places.get(child)];
    return from && to ? [draw(shape('path', { class: 'edge own', d: edgePath(from, to) }))] : [];
  });
}
