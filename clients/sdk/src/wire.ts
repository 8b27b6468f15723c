/** The envelope: what a client and a hub say to each other. The page for people is docs/protocol.md. */

/** A place in a room's history. */
export interface Place {
  /** Which history; another one means: forget what you held. */
  epoch: string;
  /** The last fact of it that is held. */
  seq: number;
}

/** What a client sends. */
export interface Command {
  id: number;
  op: string;
  room?: string;
  key?: string;
  since?: Place;
  data?: object;
}

/** A command before it has its number. */
export type Request = Omit<Command, 'id'>;

/** A hub's no, with its stable code. */
export interface RefusalBody {
  code: string;
  message: string;
  /** When to try again; null for never. */
  retry_ms: number | null;
  details: Record<string, unknown>;
}

/** Something that happened in a room, or to the hub (then without a room). */
export interface Push {
  room?: string;
  /** The push covers the room's facts behind `prev` up to and with `seq`; without them it is applied at once. */
  prev?: number;
  seq?: number;
  ev: string;
  at_ms?: number;
  data: unknown;
}

/** What a hub sends. */
export type ServerMessage =
  | { re: number; ok: Record<string, unknown> }
  | { re: number | null; err: RefusalBody }
  | Push;

/** The `ok` of a hello. */
export interface HelloOk {
  participant: string;
  conference: string | null;
  roles: string[];
  server_ms: number;
  ping_s: number;
  session: string;
  token_ends_ms?: number;
  max_frame_bytes: number;
  /** 0 is no limit. */
  limits: { commands_per_s: number; commands_burst: number };
  herd_ms: number;
}

/** The `ok` of a join: all of the room, or what was missed. */
export interface JoinOk extends Place {
  room: string;
  state?: unknown;
  replay?: Push[];
}

/** A command with its fields in the order in which the wire has them. */
export function command(id: number, request: Request): Command {
  const { op, room, key, since, data } = request;
  return {
    id,
    op,
    ...(room !== undefined && { room }),
    ...(key !== undefined && { key }),
    ...(since !== undefined && { since: { epoch: since.epoch, seq: since.seq } }),
    ...(data !== undefined && { data }),
  };
}

/** The messages of a decoded frame; throws when it is not what a hub sends. */
export function serverMessages(frame: unknown): ServerMessage[] {
  const objects: unknown[] = Array.isArray(frame) ? frame : [frame];
  return objects.map(serverMessage);
}

function serverMessage(value: unknown): ServerMessage {
  if (isObject(value)) {
    if (isObject(value['err']) && typeof value['err']['code'] === 'string') return value as ServerMessage;
    if (typeof value['re'] === 'number' && isObject(value['ok'])) return value as ServerMessage;
    if (typeof value['ev'] === 'string' && 'data' in value) return value as unknown as Push;
  }
  throw new TypeError('neither a reply nor a push');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
