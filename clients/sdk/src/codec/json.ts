import type { Codec } from './codec.ts';

/** Text frames: what every browser reads without another byte of code. */
export const json: Codec = {
  subprotocol: 'plenum.v1.json',
  encode: (value) => JSON.stringify(value),
  decode(frame) {
    if (typeof frame !== 'string') throw new TypeError('a JSON socket carries text frames');
    return JSON.parse(frame) as unknown;
  },
};
