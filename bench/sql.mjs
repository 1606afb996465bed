// What understanding SQL costs: effects, dependencies and lint in megabytes a second, whether they grow in proportion, and
// `kat lint` as a whole.
//
//   node bench/sql.mjs [--megabytes 1,2,5,10] [--migrations 400] [--runs 3]

import { importSources } from '../scripts/import-sources.mjs';
import {
  formatCount,
  formatMegabytes,
  formatRatio,
  formatSeconds,
  median,
  openTable,
  printHeading,
} from './support/figures.mjs';
import { writeConfig, writeProject } from './support/folder.mjs';
import { makeHistory } from './support/history.mjs';
import { readOptions } from './support/options.mjs';
import { peakMemoryOfKat, runKat, runProgram } from './support/processes.mjs';

const { megabytes, migrations, runs } = readOptions({ megabytes: [1, 2, 5, 10], migrations: 400, runs: 3 });

const { loadParser, parseStatements, readEffects, inferDependencies, createLinter, rules } =
  await importSources(
    'src/sql/syntax/parse.ts',
    'src/sql/effects/read-effects.ts',
    'src/sql/dependencies/infer.ts',
    'src/sql/lint/linter.ts',
    'src/sql/lint/rules.ts',
  );
const parser = await loadParser();

const works = [
  { title: 'parse alone', run: (history) => history.map(({ up }) => parseStatements(parser, up)) },
  { title: 'effects', run: (history) => history.map(({ up }) => readEffects(parser, up)) },
  { title: 'effects and dependencies', run: infer },
  { title: 'lint', run: lint },
];

function infer(history) {
  const entries = history.map(({ id, up }) => ({ id, effects: readEffects(parser, up) }));
  inferDependencies(entries, { isConservative: true });
}

function lint(history) {
  const linter = createLinter(parser, { rules, severities: new Map(), oldestServer: 14 });
  for (const { id, up, down } of history) {
    linter.lint({
      id,
      up,
      down,
      isTransactional: true,
      lockTimeoutMs: 5000,
      isNewWith: (creator) => creator === id,
    });
  }
}

printHeading('Throughput');
const row = openTable([
  'work                    ',
  'text',
  'migrations',
  'median',
  'MB/s',
  'of parsing',
  'growth',
]);
const costBefore = new Map();
for (const size of megabytes) {
  const history = makeHistory(size * 1e6);
  let parsing;
  for (const { title, run } of works) {
    const seconds = median(Array.from({ length: runs }, () => timed(() => run(history))));
    parsing ??= seconds;
    const each = seconds / size;
    const before = costBefore.get(title);
    costBefore.set(title, each);
    row([
      title,
      `${size} MB`,
      formatCount(history.length),
      formatSeconds(seconds),
      (size / seconds).toFixed(2),
      formatRatio(seconds / parsing),
      before === undefined ? '' : formatRatio(each / before),
    ]);
  }
}

printHeading('Commands');
const chain = makeHistory(migrations * 3000)
  .slice(0, migrations)
  .map((migration, index, all) => ({
    ...migration,
    parents: index === 0 ? [] : [all[index - 1].timestamp],
  }));
const project = writeProject(chain);
try {
  writeConfig(project.folder, 'postgres://nobody@127.0.0.1:1/none');
  const line = openTable(['command     ', 'migrations', 'median', 'of `node -e 0`', 'peak memory']);
  for (const args of [['lint'], ['deps']]) {
    const [seconds, idle] = [[], []];
    for (let run = 0; run < runs; run += 1) {
      idle.push((await runProgram(process.execPath, ['-e', '0'])).seconds);
      seconds.push((await runKat(args, { cwd: project.folder, codes: [0, 3] })).seconds);
    }
    line([
      `kat ${args.join(' ')}`,
      formatCount(migrations),
      formatSeconds(median(seconds)),
      (median(seconds) / median(idle)).toFixed(1),
      formatMegabytes(await peakMemoryOfKat(args, { cwd: project.folder, codes: [0, 3] })),
    ]);
  }
} finally {
  project.remove();
}

function timed(work) {
  const startedAt = performance.now();
  work();
  return (performance.now() - startedAt) / 1000;
}
