import { openDB, type IDBPDatabase } from 'idb';

/** What the page remembers over a reload without a network: the last state of each room. */
interface Kept {
  at_ms: number;
  state: unknown;
}

const STORE = 'rooms';
const KEEP_MS = 2 * 24 * 60 * 60 * 1000;
const SETTLE_MS = 500;

let opened: Promise<IDBPDatabase> | undefined;
const settling = new Map<string, ReturnType<typeof setTimeout>>();

function database(): Promise<IDBPDatabase> {
  opened ??= openDB('plenum-memory', 1, { upgrade: (db) => void db.createObjectStore(STORE) });
  return opened;
}

/** The state that was held last, or null; private windows may refuse storage, which only costs this convenience. */
export async function recall(key: string): Promise<unknown> {
  try {
    const kept = (await (await database()).get(STORE, key)) as Kept | undefined;
    return kept && Date.now() - kept.at_ms < KEEP_MS ? kept.state : null;
  } catch {
    return null;
  }
}

/** Keeps a state once it has settled: a busy poll is not written twenty times a second. */
export function remember(key: string, state: unknown): void {
  clearTimeout(settling.get(key));
  settling.set(
    key,
    setTimeout(() => {
      settling.delete(key);
      void write(key, { at_ms: Date.now(), state });
    }, SETTLE_MS),
  );
}

async function write(key: string, kept: Kept): Promise<void> {
  try {
    await (await database()).put(STORE, kept, key);
  } catch {
    // Storage is full or refused: the page still works, it only forgets on reload.
  }
}
