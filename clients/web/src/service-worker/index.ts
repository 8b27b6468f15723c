/// <reference types="@sveltejs/kit" />
/// <reference no-default-lib="true"/>
/// <reference lib="esnext" />
/// <reference lib="webworker" />
import { build, files, version } from '$service-worker';
import { drop, fill, fromCache, shell } from './cache';

const worker = globalThis as unknown as ServiceWorkerGlobalScope;
const CACHE = `plenum-${version}`;
const HUB = ['/api/', '/docs', '/livez', '/readyz', '/metrics'];
const ASSETS: ReadonlySet<string> = new Set([...build, ...files]);

worker.addEventListener('install', (event) => event.waitUntil(fill(CACHE, [...ASSETS, '/'])));

// Only once no page of the older version is open: its late chunks are still in the older cache.
worker.addEventListener('activate', (event) => event.waitUntil(drop(CACHE)));

worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== worker.location.origin) return;
  if (request.mode === 'navigate' && !ofHub(url.pathname)) event.respondWith(shell(CACHE, request));
  else if (ASSETS.has(url.pathname)) event.respondWith(fromCache(CACHE, request));
});

/** Pages and data that the hub itself answers. */
function ofHub(path: string): boolean {
  return HUB.some((start) => path.startsWith(start));
}
