/** Does things once, when somebody first asks for them. */

export function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** Makes a thing for each number that is asked for. */
export function keepEach<T extends { close(): Promise<unknown> }>(make: (number: number) => Promise<T>) {
  const kept = new Map<number, Promise<T>>();
  return {
    get: (number: number): Promise<T> => {
      const made = kept.get(number) ?? make(number);
      kept.set(number, made);
      return made;
    },
    closeAll: async (): Promise<void> => {
      for (const made of await Promise.allSettled(kept.values())) {
        if (made.status === 'fulfilled') await made.value.close();
      }
    },
  };
}
