/** Plenum in the browser and in Node: connect, join rooms, act, come back without loss. */
export { type ClientOptions, CONNECT_PATH, PlenumClient, socketUrl } from './client.ts';
export type { Codec } from './codec/codec.ts';
export { json } from './codec/json.ts';
export { CLIENT, HUB, isPassing } from './codes.ts';
export type { LinkState } from './link/link.ts';
export { IndexedDbOutbox } from './outbox/indexeddb.ts';
export { MemoryOutbox, type Outbox, type OutboxEntry } from './outbox/outbox.ts';
export type { Settled } from './outbox/queue.ts';
export { Refusal, SignedOut } from './refusal.ts';
export {
  get,
  joinByCode,
  type JoinedByCode,
  login,
  post,
  refresh,
  type RestOptions,
  type SessionRooms,
  type Tokens,
} from './rest.ts';
export type { RoomUpdate } from './rooms/follower.ts';
export type { RoomListener } from './rooms/rooms.ts';
export { realSurroundings, type Socket, type Surroundings } from './surroundings.ts';
export { uuid7 } from './uuid.ts';
export type { HelloOk, Place, Push } from './wire.ts';
