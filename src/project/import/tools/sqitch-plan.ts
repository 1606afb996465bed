/** Reads a sqitch.plan: changes with what they require, and tags between them. */

import { locateInSource, type SourceFolder, type SourceText } from '../source.js';

export interface SqitchChange {
  /** Unique: a change that was reworked is there several times, the later ones as `name@2`, `name@3`. */
  key: string;
  name: string;
  /** Fourteen digits. */
  plannedAt: string;
  /** As written, without brackets: `a`, `!b`, `other:c`, `d@tag`, `@tag`. */
  dependencies: readonly Dependency[];
  note: string;
  /** Of the tags behind it, before the next change. */
  tags: string[];
  /** UTF-16 index into the plan. */
  index: number;
}

interface Dependency {
  text: string;
  index: number;
}

export interface SqitchPlan {
  project: string;
  changes: readonly SqitchChange[];
}

const changeLine =
  /^([ \t]*\+?[ \t]*)([^\s@#%+-][^\s@#[\]]*)[ \t]*(?:\[([^\]]*)\])?[ \t]+(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)Z?[ \t]+(.*)$/;
const tagLine = /^[ \t]*@(\S+)/;
const pragma = /^[ \t]*%[ \t]*([\w-]+)[ \t]*(?:=[ \t]*(.*?))?[ \t]*$/;

/** Lines that are none of these are problems. */
export function parsePlan(folder: SourceFolder, source: SourceText): SqitchPlan {
  const changes: SqitchChange[] = [];
  let project = '';
  let index = 0;
  for (const line of source.text.split('\n')) {
    const text = line.replace(/\r$/, '');
    const [, name, value = ''] = pragma.exec(text) ?? [];
    const tag = tagLine.exec(text)?.[1];
    const change = readChange(text, index, changes);
    if (name === 'project') project = value;
    else if (tag) changes.at(-1)?.tags.push(tag);
    else if (change) changes.push(change);
    else if (name === undefined && !/^\s*(?:#.*)?$/.test(text)) refuseLine(folder, source, index);
    index += line.length + 1;
  }
  if (project === '') {
    folder.problems.push({
      message: 'the plan does not name its project',
      location: locateInSource(source),
      help: 'Write the line `%project=<name>`, as `sqitch init` does: the registry knows changes by it.',
    });
  }
  return { project, changes };
}

function readChange(text: string, index: number, earlier: readonly SqitchChange[]): SqitchChange | undefined {
  const match = changeLine.exec(text);
  if (!match) return undefined;
  const [, before = '', name = '', brackets, year, month, day, hour, minute, second, rest = ''] = match;
  const instance = earlier.filter((change) => change.name === name).length + 1;
  const listAt = index + (brackets === undefined ? 0 : text.indexOf('[', before.length + name.length) + 1);
  return {
    key: instance === 1 ? name : `${name}@${instance}`,
    name,
    plannedAt: [year, month, day, hour, minute, second].join(''),
    dependencies: [...(brackets ?? '').matchAll(/[^\s,]+/g)].map((word) => ({
      text: word[0],
      index: listAt + word.index,
    })),
    note: readNote(rest),
    tags: [],
    index: index + before.length,
  };
}

/** The text after the planner's address. */
function readNote(rest: string): string {
  const note = /(?:^|\s)#[ \t]*(.*)$/.exec(rest)?.[1] ?? '';
  return note.replaceAll('\\n', ' ').replaceAll('\\\\', '\\').trim();
}

function refuseLine(folder: SourceFolder, source: SourceText, index: number): void {
  folder.problems.push({
    message: 'Kat cannot parse this line of the plan',
    location: locateInSource(source, index),
    help: 'A change is written as `name [requirements] date planner <address> # note`.',
  });
}
