/** The version of Kat, as published; `package.json` says the same. */
export const version = '0.1.0';

/** Written by scripts/build.mjs in the place of this name. */
declare const KAT_BUILD: string | undefined;

/** Differs between any two builds of different sources; undefined for sources that are run without a build. */
export const build: string | undefined = typeof KAT_BUILD === 'string' ? KAT_BUILD : undefined;
