import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vitest/config';

/** Where `npm run dev` finds a running hub. */
const hub = process.env['PLENUM_HUB'] ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [sveltekit()],
  server: {
    host: '127.0.0.1',
    proxy: { '/api': { target: hub, ws: true }, '/docs': hub },
  },
  build: { target: 'es2022' },
  test: { include: ['src/**/*.test.ts', 'tests/**/*.test.ts'] },
});
