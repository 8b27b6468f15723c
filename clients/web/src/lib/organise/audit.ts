/** One thing that an entry of the audit log says besides, in short: it is for reading, not for programs. */
export interface Detail {
  name: string;
  words: string;
}

/** Each field that changed, from what to what; of all else what it is. */
export function detailsOf(details: Record<string, unknown>): Detail[] {
  return Object.entries(details).map(([name, value]) => ({ name, words: isChange(value) ? changed(value) : plain(value) }));
}

interface Change {
  before?: unknown;
  after?: unknown;
}

function isChange(value: unknown): value is Change {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const names = Object.keys(value);
  return names.length > 0 && names.every((name) => name === 'before' || name === 'after');
}

const changed = (change: Change): string =>
  'before' in change ? `${plain(change.before)} → ${plain(change.after)}` : plain(change.after);

function plain(value: unknown): string {
  if (value === null || value === undefined || value === '') return '–';
  return typeof value === 'string' ? value : JSON.stringify(value).replace(/[{}"]/g, '').replace(/,/g, ', ');
}
