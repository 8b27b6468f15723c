// Fails when an attendee's first load is over its budget. It reads the build's own manifest: all that a phone fetches
// until the live page stands with any room in it, in the best compression that the hub serves.
import { readFileSync, statSync } from 'node:fs';

const BUDGET_BYTES = 150_000;
const KIT = new URL('../.svelte-kit/', import.meta.url);
const BUILD = new URL('../build/', import.meta.url);
const NODES = '.svelte-kit/generated/client-optimized/nodes';
const manifest = JSON.parse(readFileSync(new URL('output/client/.vite/manifest.json', KIT), 'utf8'));

/** Kit names its pages by number; this is its own list of which number is whose. */
function attendeeNodes() {
  const app = readFileSync(new URL('generated/client-optimized/app.js', KIT), 'utf8');
  return [...app.matchAll(/"\/\(attendee\)[^"]*": \[~?(\d+)/g)].map(([, number]) => `${NODES}/${number}.js`);
}

/** A room's face is fetched when it is first shown, the texts when the language is known. */
function lateOnes() {
  return Object.keys(manifest).filter((key) => /rooms\/\w+\/Play\.svelte$|i18n\/en\.json$/.test(key));
}

function gather(key, files, seen) {
  if (seen.has(key)) return;
  seen.add(key);
  const { file, css = [], imports = [] } = manifest[key];
  for (const name of [file, ...css]) files.add(name);
  for (const next of imports) gather(next, files, seen);
}

const entries = Object.keys(manifest).filter((key) => /client\/entry\.js$|client-optimized\/app\.js$/.test(key));
const roots = [...entries, `${NODES}/0.js`, ...attendeeNodes(), ...lateOnes()];
const files = new Set(['index.html']);
const seen = new Set();
for (const root of roots) gather(root, files, seen);

const sizes = [...files].map((file) => statSync(new URL(`${file}.br`, BUILD)).size);
const total = sizes.reduce((sum, size) => sum + size, 0);
console.log(`first load of an attendee: ${total} of at most ${BUDGET_BYTES} bytes, ${files.size} files`);
if (roots.length < 9 || total > BUDGET_BYTES) process.exit(1);
