/** Vitest runs this for each test file; the modules are those of all test files of a worker. */
import { afterAll } from 'vitest';
import { endFile } from './end-of-file.js';

afterAll(endFile);
