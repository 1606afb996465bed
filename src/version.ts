/** The version of Kat, as published; `package.json` says the same. */
export const version = '0.1.0';
