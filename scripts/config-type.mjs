// Writes the type of the settings in a configuration module, with the descriptions that the settings have everywhere.

/**
 * @param {{fieldList: readonly {path: string, type: string, description: string}[], sectionFacts: Record<string, {description: string}>}} settings
 * @returns {string} a module of TypeScript
 */
export function configType({ fieldList, sectionFacts }) {
  const sections = Object.keys(sectionFacts).toReversed();
  const names = sections.map((section) => [section, `${section[0].toUpperCase()}${section.slice(1)}Section`]);
  const blocks = names.map(([section, name]) =>
    interfaceText(name, sectionFacts[section].description, fieldsIn(fieldList, `${section}.`)),
  );
  const shared = [
    ...names.map(([section, name]) => property(section, name, sectionFacts[section].description)),
    ...fieldsIn(fieldList, ''),
  ];
  return [
    '/** The settings of a configuration module, such as `kat.config.ts`. Generated from `config-fields.ts`. */\n',
    ...blocks,
    interfaceText('SharedSettings', 'Settings at the top level, and of each environment.', shared),
    interfaceText(
      'EnvironmentSettings extends SharedSettings',
      'Settings of one environment. They override those at the top level.',
      [
        property(
          'protected',
          'boolean',
          'Whether commands ask for confirmation before they change the database.',
        ),
      ],
    ),
    interfaceText(
      'KatConfig extends SharedSettings',
      'What `kat.config.ts` exports. Kat expands no variables in these values.',
      [
        property(
          'environments',
          'Readonly<Record<string, EnvironmentSettings>>',
          'Chosen by --env or KAT_ENV.',
        ),
      ],
      'export ',
    ),
  ].join('\n');
}

function fieldsIn(fieldList, prefix) {
  return fieldList
    .filter(({ path }) => path.startsWith(prefix) && !path.slice(prefix.length).includes('.'))
    .map(({ path, type, description }) => property(path.slice(prefix.length), type, description));
}

function property(name, type, description) {
  return `  /** ${description} */\n  ${name}?: ${type} | undefined;`;
}

function interfaceText(name, description, properties, before = '') {
  return `/** ${description} */\n${before}interface ${name} {\n${properties.join('\n')}\n}\n`;
}
