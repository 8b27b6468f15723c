import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vitest/config';

/** Where `npm run dev` finds a running hub. */
const hub = process.env['PLENUM_HUB'] ?? 'http://127.0.0.1:8080';

/** What every face needs comes in one file: a hall's network is slow for each request, not for each kilobyte. */
function isGround(id: string): boolean {
  return /\/node_modules\/(svelte|idb|esm-env|clsx)\/|\/sdk\/src\/|\/src\/lib\/(design|state)\//.test(id) && !/Qr\.svelte|qrcode/.test(id);
}

export default defineConfig({
  plugins: [sveltekit()],
  server: {
    host: '127.0.0.1',
    proxy: { '/api': { target: hub, ws: true }, '/docs': hub },
  },
  build: {
    target: 'es2022',
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'ground', test: isGround }] } } },
  },
  // A machine that builds something else at the same time is slow, not wrong.
  test: { include: ['src/**/*.test.ts', 'tests/**/*.test.ts'], testTimeout: 120_000 },
});
