import { PGlite } from '@electric-sql/pglite';
import fc from 'fast-check';
import { writeFileSync } from 'node:fs';
import { test } from 'vitest';
import { findConflicts } from '../../../src/sql/conflicts/find-conflicts.js';
import { readEffects } from '../../../src/sql/effects/read-effects.js';
import { loadParser } from '../../../src/sql/parse.js';
import { beginning, migration, statement } from './random-statements.js';
import { readState } from './state-by-name.js';

const parser = await loadParser();
const start = { id: '0', effects: readEffects(parser, beginning), text: beginning };
const entry = (id: string, text: string) => ({ id, effects: readEffects(parser, text), text });

test('dev', async () => {
  const db = await PGlite.create();
  await db.exec(beginning);
  const one = async (sql: string) => {
    await db.exec('begin');
    try { await db.exec(sql); return true; } catch { return false; } finally { await db.exec('rollback'); }
  };
  const run = async (sqls: string[]) => {
    await db.exec('begin; alter sequence counter restart; alter sequence posts_id_seq restart with 2');
    try { for (const s of sqls) await db.exec(s); return await readState(db); }
    catch (e) { return `error`; } finally { await db.exec('rollback'); }
  };
  const count = Number(process.env.N ?? 500);
  const gen = process.env.SINGLE ? statement : migration;
  const sample = fc.sample(gen, { numRuns: count * 8, seed: Number(process.env.SEED ?? 1) });
  const good: string[] = [];
  for (const s of sample) { good.push(s); }
  const out: string[] = []; const falses: Record<string, string[]> = {};
  const stats = { pairs: 0, differ: 0, missed: 0, same: 0, falseError: 0, falseWarning: 0, falseInfo: 0, bothfail: 0 };
  const begin = Date.now();
  for (let i = 0; i + 1 < good.length && stats.pairs < count && Date.now() - begin < Number(process.env.MS ?? 400000); i += 2) {
    const [a, b] = [good[i] as string, good[i + 1] as string];
    const ab = await run([a, b]); const ba = await run([b, a]);
    if (ab === 'error' && ba === 'error') { stats.bothfail++; continue; }
    stats.pairs++;
    const { pairs } = findConflicts([start, entry('1', a), entry('2', b)], { isAncestor: (x: number) => x === 0 });
    const r = pairs[0]?.reasons[0];
    if (ab !== ba) {
      stats.differ++;
      if (!r) { stats.missed++; 
        const A=ab.split('\n'),B=ba.split('\n');
        out.push(`MISSED\n A: ${a}\n B: ${b}\n AB=${ab==='error'?'err':'ok'} BA=${ba==='error'?'err':'ok'} ${ab==='error'||ba==='error'?'':JSON.stringify([A.filter(x=>!B.includes(x)).slice(0,2),B.filter(x=>!A.includes(x)).slice(0,2)])}`); }
    } else {
      stats.same++;
      if (r) { const k = `false${r.severity[0]!.toUpperCase()}${r.severity.slice(1)}` as 'falseError'; stats[k]++; (falses[`${r.severity} ${r.code}`] ??= []).push(`  A: ${a} | B: ${b}\n     ${r.one.words} / ${r.other.words}`); }
    }
  }
  writeFileSync('/tmp/check-dev.txt', [JSON.stringify(stats), ...out, ...Object.entries(falses).sort().map(([k, v]) => `FALSE ${k} ${v.length}\n${v.slice(0, 12).join('\n')}`)].join('\n'));
  await db.close();
}, 600000);
