/** Ends a test run with one plain line that counts what ran. */

import type { Reporter, TestModule } from 'vitest/node';

export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const count = (state: string) => tests.filter((test) => test.result().state === state).length;
    const unreadable = modules.filter((module) => module.errors().length > 0).length;
    console.log(
      `\n${count('passed')} passed, ${count('failed') + unreadable} failed, ${count('skipped')} skipped`,
    );
  }
}
