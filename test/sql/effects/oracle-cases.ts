/** Statements of every kind, with what must be there before: the catalog says what each of them really does. */

import { databaseCases } from './cases/database.js';
import { insideCases } from './cases/inside.js';
import { objectCases } from './cases/objects.js';
import { tableCases } from './cases/tables.js';

/** One statement or several. Everything that they do is compared with what is said of them. */
export const cases: readonly string[] = [...tableCases, ...objectCases, ...databaseCases, ...insideCases];
