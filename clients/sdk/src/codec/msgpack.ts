import { Decoder, Encoder } from '@msgpack/msgpack';
import type { Codec } from './codec.ts';

/** Deeper than this is refused, as the hub does. */
const DEPTH_MAX = 32;

/** Binary frames; import it from `@plenum/sdk/msgpack` and install `@msgpack/msgpack` beside the SDK. */
export function msgpack(): Codec {
  const encoder = new Encoder({ ignoreUndefined: true, maxDepth: DEPTH_MAX + 1 });
  const decoder = new Decoder();
  return {
    subprotocol: 'plenum.v1.msgpack',
    encode: (value) => encoder.encode(value),
    decode(frame) {
      if (typeof frame === 'string') throw new TypeError('a MessagePack socket carries binary frames');
      return decoder.decode(frame);
    },
  };
}
