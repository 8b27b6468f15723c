import type { Outbox, OutboxEntry } from './outbox.ts';

const STORE = 'actions';

/** Kept in the browser. The name must be the participant's own: `plenum-outbox-<participant>`. */
export class IndexedDbOutbox implements Outbox {
  private readonly name: string;
  private opened: Promise<IDBDatabase> | undefined;

  constructor(name: string) {
    this.name = name;
  }

  /** Keys are UUIDv7, so their order is the order of the actions. */
  async all(): Promise<OutboxEntry[]> {
    return this.within('readonly', (store) => store.getAll() as IDBRequest<OutboxEntry[]>);
  }

  async put(entry: OutboxEntry): Promise<void> {
    await this.within('readwrite', (store) => store.put(entry));
  }

  async delete(key: string): Promise<void> {
    await this.within('readwrite', (store) => store.delete(key));
  }

  private async within<T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
    const database = await (this.opened ??= this.open());
    const transaction = database.transaction(STORE, mode);
    const request = act(transaction.objectStore(STORE));
    return new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve(request.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  }

  private open(): Promise<IDBDatabase> {
    const request = indexedDB.open(this.name, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: 'key' });
    return new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  }
}
