/** A SECURITY DEFINER function without a search path of its own runs what its caller puts in the way. */

import type { Node } from '@pgsql/types';
import { joinNames } from '../../syntax/identifiers.js';
import { nodeOf, nodesOf } from '../../syntax/node-of.js';
import { namePartsOf } from '../../syntax/object-names.js';
import type { Found, LintedWhole, Rule } from '../rule.js';

/** A function, and what one statement says of it. */
interface Said {
  name: string;
  isDefiner: boolean;
  hasPath: boolean;
  at: number;
}

export const definerSearchPath: Rule = {
  id: 'definer-search-path',
  severity: 'warning',
  topic: 'design',
  summary: 'a SECURITY DEFINER function without SET search_path',
  checkMigration: (whole) => {
    const said = readFunctions(whole);
    const safe = new Set(said.filter(({ hasPath }) => hasPath).map(({ name }) => name));
    return said.filter(({ name, isDefiner }) => isDefiner && !safe.has(name)).map(describe);
  },
};

function readFunctions({ ran }: LintedWhole): Said[] {
  return ran.flatMap((statement) => {
    const created = nodeOf(statement.node, 'CreateFunctionStmt');
    const altered = nodeOf(statement.node, 'AlterFunctionStmt');
    // Names of a body of the new style are looked up when the function is created.
    if (created?.sql_body || (!created && !altered)) return [];
    const name = joinNames(...namePartsOf(created?.funcname ?? altered?.func?.objname));
    const options = nodesOf(created?.options ?? altered?.actions, 'DefElem');
    const definer = options.find(
      ({ defname, arg }) => defname === 'security' && nodeOf(arg, 'Boolean')?.boolval,
    );
    const hasPath = options.some(({ defname, arg }) => defname === 'set' && setsPath(arg));
    return [{ name, isDefiner: definer !== undefined, hasPath, at: statement.indexOf(definer?.location) }];
  });
}

function setsPath(value: Node | undefined): boolean {
  return nodeOf(value, 'VariableSetStmt')?.name === 'search_path';
}

function describe({ name, at }: Said): Found {
  return {
    at,
    message: `${name} runs with the rights of its owner, but with the search path of its caller, who can make it use other functions and tables`,
    help: "Add SET search_path = '' to it, and name the schema of every object in its body. In any other path, pg_temp must come last.",
  };
}
