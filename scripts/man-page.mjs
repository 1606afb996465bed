/** Makes the manual page of the command, for `man kat`. */

/**
 * @param {{commandGroups: any, loadCommands: (names: string[]) => Promise<any>, globalOptions: any, exitCodeMeanings: any, version: string}} sources what the program says of itself
 * @returns {Promise<string>} in the language of man(7)
 */
export async function manPage({ commandGroups, loadCommands, globalOptions, exitCodeMeanings, version }) {
  const sections = [
    `.TH KAT 1 "" "kat-migrate ${version}" "User Commands"`,
    '.SH NAME',
    'kat \\- migrate database schemas as a graph instead of a numbered list',
    '.SH SYNOPSIS',
    '.B kat',
    '.I command',
    '.RI [ options ]',
    '.SH OPTIONS',
    ...globalOptions.flatMap(describeOption),
    ...(await Promise.all(commandGroups.map((group) => describeGroup(group, loadCommands)))).flat(),
    '.SH EXIT STATUS',
    ...exitCodeMeanings.flatMap(([code, meaning]) => ['.TP', `.B ${code}`, line(meaning)]),
    '.SH FILES',
    '.TP',
    '.I kat.conf.yaml',
    line('the configuration, in the current folder or above it in the same git repository'),
    '.SH SEE ALSO',
    line('The pages in docs of the package describe each command with examples.'),
  ];
  return `${sections.join('\n')}\n`;
}

async function describeGroup({ heading, commands }, loadCommands) {
  const loaded = await loadCommands(commands.map(({ name }) => name));
  return [`.SH COMMANDS: ${roff(heading).toUpperCase()}`, ...loaded.flatMap(describeCommand)];
}

function describeCommand({ name, summary, description, arguments: operands = [], options, examples }) {
  return [
    `.SS kat ${[name, ...operands.map((operand) => operand.name)].map(roff).join(' ')}`,
    line(`${summary}.`),
    '.PP',
    line(description),
    ...options.flatMap(describeOption),
    ...examples.flatMap(({ command, explanation }) => ['.TP', `.B ${roff(command)}`, line(explanation)]),
  ];
}

function describeOption({ flags, description, env }) {
  return ['.TP', `.B ${roff(flags)}`, line(env ? `${description} (env: ${env})` : description)];
}

/** A line that begins with a dot or an apostrophe would be a command of man. */
function line(text) {
  return roff(text).replace(/^(?=[.'])/, '\\&');
}

function roff(text) {
  return text.replaceAll('\\', '\\e').replaceAll('-', '\\-').replaceAll(/\s+/g, ' ');
}
