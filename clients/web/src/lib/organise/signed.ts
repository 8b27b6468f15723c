import { call, type Call } from '$lib/state/api';
import { moderator } from '$lib/state/people';

/** One REST call with the account's token and tenant. */
export async function signed<T>(path: string, what: Pick<Call, 'method' | 'body' | 'version'> = {}): Promise<T> {
  const token = await moderator.token();
  const tenant = moderator.current?.tenant;
  return call<T>(path, { ...what, token: token ?? undefined, tenant });
}

const PAGE = 100;

/** Every line of a list, page by page. */
export async function all<T>(path: string): Promise<T[]> {
  const lines: T[] = [];
  const mark = path.includes('?') ? '&' : '?';
  for (let page = 1; ; page++) {
    const more = await signed<T[]>(`${path}${mark}per_page=${PAGE}&page=${page}`);
    lines.push(...more);
    if (more.length < PAGE) return lines;
  }
}
