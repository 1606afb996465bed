// Preloaded into the command: kills it just before the call of `node:fs` that KAT_KILL_AT names, such as `renameSync 2`.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const [name, number] = process.env.KAT_KILL_AT.split(' ');
const original = fs[name];
let calls = 0;
fs[name] = (...args) => {
  if (args.some((argument) => String(argument).includes('.kat-change'))) calls += 1;
  if (calls === Number(number)) process.kill(process.pid, 'SIGKILL');
  return original(...args);
};
syncBuiltinESMExports();
