/** The `kat` command: reads the arguments, calls the command, prints, and sets the exit code. */

import { CommanderError } from 'commander';
import { isTracing } from '../engine/telemetry/is-tracing.js';
import { KatError } from '../errors.js';
import { printableJson } from '../outside-text.js';
import { present } from '../present.js';
import { version } from '../version.js';
import { asksForJson, normalizeArguments } from './arguments.js';
import { commandNames, loadCommands } from './commands.js';
import type { Context, GlobalOptions, Outcome } from './context.js';
import { exitCodeOf } from './exit-code.js';
import { errorDocument } from './output/documents/error-document.js';
import { formatError } from './output/error-text.js';
import { createStyle, type Style, terminalText, wantsColour } from './output/style.js';
import { isAllWritten, watchOutputs, writeTo } from './outputs.js';
import { buildProgram, camelCaseFlags, type Invocation } from './program.js';
import { createProgressLine, type ProgressLine } from './progress-line.js';
import { watchSignals } from './signals.js';
import {
  adviseOnSeparateValue,
  refuseTwoFormats,
  refuseUnknownHelp,
  runNamingHelp,
  usageError,
} from './usage-error.js';

async function main(argv: readonly string[]): Promise<number> {
  const interrupts = watchSignals((line) => writeTo(process.stderr, `${line}\n`));
  const flags = argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv;
  const isJson = asksForJson(flags);
  const isColoured = !flags.includes('--no-color');
  const progress = createProgressLine(process.stderr, { isOff: isJson });
  const place: { environment?: string } = {};
  try {
    refuseTwoFormats(flags);
    const invocation = await parse(argv);
    if (!('spec' in invocation)) {
      if (isJson) printDocument({ command: invocation.command, ok: true, ...invocation.document }, flags);
      else writeTo(process.stdout, invocation.text);
      return 0;
    }
    const global = { ...invocation.global, json: isJson };
    const context = createContext(global, { isColoured, progress, signal: interrupts.signal, place });
    const { document, exitCode = 0 } = await whileTraced(() => invoke(invocation, context));
    if (isJson) printDocument({ command: invocation.spec.name, ok: true, ...place, ...document }, flags);
    const signal = interrupts.received();
    // The command completed before the signal could stop it; the exit code still reports the signal.
    return exitCode === 0 && signal ? exitCodeOf('CANCELLED', signal) : exitCode;
  } catch (error) {
    const katError = await asKatError(error, argv);
    const exitCode = exitCodeOf(katError.code, interrupts.received());
    if (isJson) printDocument({ ok: false, ...place, ...errorDocument(katError, exitCode) }, flags);
    progress.clear();
    const style = styleFor(process.stderr, isColoured);
    const reader = { cwd: findFolder() ?? '/', style, isTerminal: process.stderr.isTTY };
    writeTo(process.stderr, terminalText(formatError(katError, reader)));
    return exitCode;
  } finally {
    progress.clear();
    interrupts.stop();
  }
}

async function whileTraced<T>(work: () => Promise<T>): Promise<T> {
  return isTracing() ? (await import('./traced.js')).traced(process.env, work) : work();
}

/** @throws KatError USAGE when it was deleted, maybe by a program that has switched branches. */
function currentFolder(): string {
  const folder = findFolder();
  if (folder !== undefined) return folder;
  throw new KatError('USAGE', 'the current folder was deleted', {
    help: 'Change to another folder, and run the command again.',
  });
}

function findFolder(): string | undefined {
  try {
    return process.cwd();
  } catch {
    return undefined;
  }
}

/** The parser's own output, such as help. */
interface Answer {
  command: string;
  text: string;
  document: Record<string, unknown>;
}

/** @returns what is to be done, or what to answer: help, version. */
async function parse(argv: readonly string[]): Promise<Invocation | Answer> {
  refuseUnknownHelp(argv);
  let invocation: Invocation | undefined;
  let text = '';
  const specs = await loadCommands(namedCommands(argv));
  const program = buildProgram(argv, specs, {
    onInvocation: (found) => {
      invocation = found;
    },
    onAnswer: (part) => {
      text += part;
    },
  });
  try {
    await program.parseAsync(normalizeArguments(argv, camelCaseFlags(specs)), { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return answer(error.code, argv, text);
    throw error;
  }
  return invocation ?? answer('commander.help', argv, text);
}

/** @returns all words that may be the command: values of flags may stand before it. */
function namedCommands(argv: readonly string[]) {
  const [first] = commandNames.filter((name) => name === argv[0]);
  return first === undefined ? commandNames.filter((name) => argv.includes(name)) : [first];
}

function answer(code: string, argv: readonly string[], text: string): Answer {
  if (code === 'commander.version') return { command: 'version', text, document: { version } };
  const topic = argv.find((argument) => commandNames.some((name) => name === argument));
  return { command: 'help', text, document: { ...present({ topic }), text } };
}

function invoke({ spec, options, operands }: Invocation, context: Context): Promise<Outcome> {
  return runNamingHelp(spec, () => spec.run(context, options, operands));
}

function styleFor(stream: NodeJS.WriteStream, allowed: boolean): Style {
  return createStyle({ isColoured: wantsColour(stream, process.env, { allowed }) });
}

interface Surroundings {
  isColoured: boolean;
  progress: ProgressLine;
  signal: AbortSignal;
  /** Receives the environment that the command works on. */
  place: { environment?: string };
}

function createContext(
  global: GlobalOptions,
  { isColoured, progress, signal, place }: Surroundings,
): Context {
  const write = (stream: typeof process.stdout | typeof process.stderr, text: string) => {
    progress.clear();
    writeTo(stream, text);
  };
  const isSilent = global.json || global.quiet;
  let announced = '';
  const takeAnnounced = () => {
    const text = announced;
    announced = '';
    return text;
  };
  return {
    cwd: currentFolder(),
    env: process.env,
    global,
    style: styleFor(process.stdout, isColoured && !global.json),
    signal,
    write: (text) => {
      if (!isSilent) write(process.stdout, terminalText(takeAnnounced() + text));
    },
    advise: (text) => {
      if (!isSilent && process.stdout.isTTY) writeTo(process.stdout, terminalText(text));
    },
    announce: (line) => {
      if (process.stdout.isTTY) announced = `${line}\n`;
    },
    writeExact: (text) => {
      if (!global.json) write(process.stdout, text);
    },
    writeEvent: (event) => writeTo(process.stdout, `${printableJson(JSON.stringify(event))}\n`),
    runCommand,
    warn: (line) => write(process.stderr, terminalText(`${line}\n`)),
    nameEnvironment: (name) => {
      place.environment = name;
      if (!isSilent) write(process.stderr, terminalText(`Environment: ${name}\n`));
    },
    showsProgress: progress.isShown && !isSilent,
    showProgress: isSilent ? () => undefined : progress.show,
    clearProgress: progress.clear,
  };
}

async function runCommand(argv: readonly string[], context: Context): Promise<Outcome> {
  try {
    const invocation = await parse(argv);
    if (!('spec' in invocation)) throw new KatError('USAGE', 'this asks for help and for no command');
    return await invocation.spec.run(context, invocation.options, invocation.operands);
  } catch (error) {
    throw await asKatError(error, argv);
  }
}

/** Among lines of `--events`, a document is a line, too. */
function printDocument(document: object, flags: readonly string[]): void {
  const indent = flags.includes('--events') ? 0 : 2;
  writeTo(process.stdout, `${printableJson(JSON.stringify(document, null, indent))}\n`);
}

async function asKatError(error: unknown, argv: readonly string[]): Promise<KatError> {
  if (error instanceof KatError) return adviseOnSeparateValue(error, argv);
  if (error instanceof CommanderError) return adviseOnSeparateValue(await usageError(error, argv), argv);
  const message = error instanceof Error ? error.message : String(error);
  return new KatError('STATE_UNKNOWN', `unexpected: ${message}`, {
    help: 'This is a defect of Kat; please report it with the command that you ran. Check `kat status` before you continue.',
    cause: error,
  });
}

/** Whether something that was loaded before the command, such as a profiler, still has to do its work at the end. */
function isWatched(): boolean {
  return process.listenerCount('beforeExit') > 0;
}

watchOutputs();
// Not awaited at the top: the command is bundled as CommonJS, which Node starts sooner.
void main(process.argv.slice(2)).then((exitCode) => {
  process.exitCode = exitCode;
  // What could not be written is told in the turn after the writing. Node.js would take 2 ms to find out that nothing is left to do.
  setImmediate(() => {
    if (isAllWritten() && !isWatched()) process.exit();
  });
});
