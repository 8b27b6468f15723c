/** How long a page waits for the hub before the kept shell is drawn: a hall's network often answers never. */
const PATIENCE_MS = 3000;

/** Takes every file of this version into its cache. */
export async function fill(name: string, paths: string[]): Promise<void> {
  const cache = await caches.open(name);
  await cache.addAll(paths);
}

/** Removes the caches of other versions. */
export async function drop(kept: string): Promise<void> {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== kept).map((name) => caches.delete(name)));
}

/** A file with its version in its name never changes: the cache is as good as the hub. */
export async function fromCache(name: string, request: Request): Promise<Response> {
  const cache = await caches.open(name);
  return (await cache.match(request)) ?? fetch(request);
}

/** The page for any route: from the hub while it answers in time, else the kept one. */
export async function shell(name: string, request: Request): Promise<Response> {
  const cache = await caches.open(name);
  const kept = await cache.match('/');
  try {
    const answer = await fetch(request, kept ? { signal: AbortSignal.timeout(PATIENCE_MS) } : {});
    return answer.ok || !kept ? answer : kept;
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
}
