/** How messages become WebSocket frames and back; fixed for a socket when it opens. */
export interface Codec {
  /** The name offered in `Sec-WebSocket-Protocol`. */
  readonly subprotocol: string;
  /** One message, or an array of them, as the content of one frame. */
  encode(value: unknown): string | Uint8Array<ArrayBuffer>;
  /** The content of a frame; throws when it is none of this codec. */
  decode(frame: string | ArrayBuffer): unknown;
}

/** How many bytes a frame's content takes on the wire. */
export function frameBytes(frame: string | Uint8Array): number {
  return typeof frame === 'string' ? new TextEncoder().encode(frame).length : frame.byteLength;
}
