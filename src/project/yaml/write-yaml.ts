/** Writes text into YAML so that no character can break its line. */

/** Words and paths, and ids with a letter that makes a number of them in no version of YAML. */
const plain = /^(?:[A-Za-z_][\w./-]*|\d+_(?=.*[a-df-z])[\w.-]+)$/i;
const notText = /^(?:null|true|false|yes|no|on|off|y|n)$/i;
/** Characters that JSON leaves as they are and YAML readers may stumble on. */
const uncommon = /[\x7f-\x9f\u2028\u2029\ufeff\ufffd-\uffff]/g;

/** The address that editors load a schema from; `name` is such as `kat.conf`. */
export function schemaComment(name: 'kat.conf' | 'metadata'): string {
  return `# yaml-language-server: $schema=https://unpkg.com/kat-migrate@0/schemas/${name}.schema.json`;
}

/** `text` as a YAML value on one line: plain where every YAML reader takes it for text, else in double quotes. */
export function formatYamlText(text: string): string {
  if (plain.test(text) && !notText.test(text)) return text;
  return JSON.stringify(text).replace(uncommon, escapeCharacter);
}

/** `text` as it may stand in a comment: without line ends and other controls. */
export function formatYamlComment(text: string): string {
  return text.replace(/\p{Cc}/gu, '?').replace(uncommon, '?');
}

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
