/** Everything that the SDK asks of the world, so that a test can be the world. */
export interface Surroundings {
  /** Milliseconds since 1970 by this machine's clock. */
  now(): number;
  /** From 0 to below 1. */
  random(): number;
  /** So many random bytes. */
  bytes(count: number): Uint8Array;
  /** Calls once after so long; the result cancels it. */
  after(delayMs: number, call: () => void): () => void;
  /** Opens a WebSocket. */
  open(url: string, subprotocol: string): Socket;
  /** Tells what is known of the network; the result stops it. */
  onNetwork(heard: (word: NetworkWord) => void): () => void;
}

/** `maybe-back`: the machine says so, or the page is looked at again. `maybe-gone`: the machine says that it has none. */
export type NetworkWord = 'maybe-back' | 'maybe-gone';

/** What is used of a WebSocket. */
export interface Socket {
  binaryType: string;
  onopen: (() => void) | null;
  onmessage: ((event: { data: string | ArrayBuffer }) => void) | null;
  onclose: ((event: { code: number }) => void) | null;
  send(data: string | Uint8Array<ArrayBuffer>): void;
  close(code?: number): void;
}

/** The real world: a browser, or Node with a WebSocket constructor (global from Node 22, else given here). */
export function realSurroundings(WebSocketClass?: new (url: string, subprotocol: string) => unknown): Surroundings {
  return {
    now: () => Date.now(),
    random: () => Math.random(),
    bytes: (count) => globalThis.crypto.getRandomValues(new Uint8Array(count)),
    after(delayMs, call) {
      const timer = setTimeout(call, delayMs);
      return () => clearTimeout(timer);
    },
    open: (url, subprotocol) => new (WebSocketClass ?? globalThis.WebSocket)(url, subprotocol) as Socket,
    onNetwork: listenToNetwork,
  };
}

function listenToNetwork(heard: (word: NetworkWord) => void): () => void {
  if (typeof globalThis.addEventListener !== 'function') return () => {};
  const page = typeof document === 'undefined' ? undefined : document;
  const back = () => heard('maybe-back');
  const gone = () => heard('maybe-gone');
  const seen = () => page?.visibilityState === 'visible' && back();
  globalThis.addEventListener('online', back);
  globalThis.addEventListener('offline', gone);
  page?.addEventListener('visibilitychange', seen);
  return () => {
    globalThis.removeEventListener('online', back);
    globalThis.removeEventListener('offline', gone);
    page?.removeEventListener('visibilitychange', seen);
  };
}
