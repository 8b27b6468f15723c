import adapter from '@sveltejs/adapter-static';

/** @type {import('@sveltejs/kit').Config} */
export default {
  compilerOptions: { runes: true },
  kit: {
    adapter: adapter({ fallback: 'index.html', precompress: true }),
    // The one inline script (the bootstrap) is allowed by its hash; nothing is ever evaluated from text.
    csp: { mode: 'hash', directives: { 'script-src': ['self'], 'object-src': ['none'], 'base-uri': ['self'] } },
    serviceWorker: { register: true },
    typescript: {
      config: (config) => ({ ...config, include: [...config.include, '../*.ts', '../tests/**/*.ts'] }),
    },
  },
};
