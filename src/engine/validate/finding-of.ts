/** Converts the problems of other modules into findings. */

import type { Problem, SourceLocation } from '../../errors.js';
import type { Finding } from '../../findings.js';
import { present } from '../../present.js';
import { type FindingCode, findingKinds } from './codes.js';

/** A finding with the severity of its kind. */
export function finding(code: FindingCode, facts: Omit<Finding, 'code' | 'severity'>): Finding {
  return { code, severity: findingKinds[code].severity, ...facts };
}

/** @param fallback where the problem is, if it does not say so itself. */
export function findingOf(problem: Problem, fallback?: SourceLocation): Finding {
  const { code = 'bad-file', message, help, migration } = problem;
  const location = problem.location ?? fallback;
  return finding(code, {
    message,
    ...present({ help }),
    ...(location ? { location } : {}),
    ...present({ migration }),
  });
}
