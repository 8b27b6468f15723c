/** Plenum in the browser and in Node: connect, join rooms, act, come back without loss. */
export const PROTOCOL = 'plenum.v1';
