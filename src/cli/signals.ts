/** Ctrl-C and SIGTERM: the first cancels in good order, the second ends the process at once. */

export interface Interrupts {
  readonly signal: AbortSignal;
  /** Which signal ended the run, if one did. */
  received(): NodeJS.Signals | undefined;
  stop(): void;
}

const exitCodes = { SIGINT: 130, SIGTERM: 143 } as const;

/** @param explain receives a line about the effect of the first signal. */
export function watchSignals(explain: (line: string) => void): Interrupts {
  const controller = new AbortController();
  let received: keyof typeof exitCodes | undefined;
  const onSignal = (name: NodeJS.Signals) => {
    const signal = name as keyof typeof exitCodes;
    if (received) process.exit(exitCodes[signal]);
    received = signal;
    explain(`${signal}: cancelling; a second signal stops Kat at once`);
    controller.abort();
  };
  const names = Object.keys(exitCodes) as NodeJS.Signals[];
  for (const name of names) process.on(name, onSignal);
  return {
    signal: controller.signal,
    received: () => received,
    stop: () => {
      for (const name of names) process.off(name, onSignal);
    },
  };
}
