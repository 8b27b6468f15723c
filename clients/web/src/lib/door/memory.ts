import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { Expected, Scan } from './verdict';

/** All that a door needs without a network. */
export interface Roll {
  conference: { id: string; title: string; time_zone: string };
  sessions: { id: string; title: string }[];
  /** The session whose door it is; the conference's own when null. */
  session: string | null;
  key: JsonWebKey;
  people: Expected[];
  read_at: string;
}

interface Kept extends DBSchema {
  rolls: { key: string; value: Roll };
  scans: { key: string; value: Scan; indexes: { conference: string } };
}

/** Scans that the hub has are kept for a look back; those that it does not have are all kept. */
const LOOK_BACK = 50;
let opened: Promise<IDBPDatabase<Kept>> | undefined;

function database(): Promise<IDBPDatabase<Kept>> {
  opened ??= openDB<Kept>('plenum-door', 1, {
    upgrade(db) {
      db.createObjectStore('rolls');
      db.createObjectStore('scans', { keyPath: 'id' }).createIndex('conference', 'conference');
    },
  });
  return opened;
}

const doorOf = (conference: string, session: string | null): string => `${conference}/${session ?? ''}`;

export async function rollOf(conference: string, session: string | null): Promise<Roll | undefined> {
  return (await database()).get('rolls', doorOf(conference, session));
}

export async function keepRoll(roll: Roll): Promise<void> {
  await (await database()).put('rolls', roll, doorOf(roll.conference.id, roll.session));
}

/** The scans of a conference at this device, the latest first. */
export async function scansOf(conference: string): Promise<Scan[]> {
  const found = await (await database()).getAllFromIndex('scans', 'conference', conference);
  return found.sort((one, other) => Date.parse(other.at) - Date.parse(one.at));
}

export async function keepScan(scan: Scan): Promise<void> {
  await (await database()).put('scans', scan);
}

/** Forgets what the hub has and nobody looks back at. */
export async function tidy(conference: string): Promise<void> {
  const db = await database();
  const told = (await scansOf(conference)).filter((scan) => scan.told);
  for (const scan of told.slice(LOOK_BACK)) await db.delete('scans', scan.id);
}
