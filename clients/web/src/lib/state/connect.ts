import { Connection } from './connection.svelte';
import type { Identity } from './identity.svelte';
import { SocketLink } from './socket.link';

/** A live line for the person that `identity` holds; `scope` names what this device remembers for them. */
export function connect(identity: Identity<object>, scope: string): Connection {
  return new Connection((connection) => new SocketLink(identity, connection), scope);
}
