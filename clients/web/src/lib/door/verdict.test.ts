import { describe, expect, it } from 'vitest';
import { fromHub, isKept, judge, refused, search, type Expected, type Told } from './verdict';

const noor: Expected = { id: '1', name: 'Noor Haddad', status: 'confirmed', in_at: null };

describe('a door without a network', () => {
  it('lets in who has a place, and says when somebody is in already', () => {
    expect(judge(noor)).toMatchObject({ kind: 'welcome', name: 'Noor Haddad' });
    expect(judge({ ...noor, in_at: '2026-11-22T09:14:00Z' })).toMatchObject({ kind: 'already', at: '2026-11-22T09:14:00Z' });
    expect(judge({ ...noor, status: 'cancelled' }).kind).toBe('off');
    expect(judge(undefined).kind).toBe('welcome');
  });

  it('keeps for the hub what let somebody in, not what sent them away', () => {
    expect([judge(noor), refused('unsure')].map(isKept)).toEqual([true, true]);
    expect([judge({ ...noor, status: 'waiting' }), refused('invalid'), refused('other')].map(isKept)).toEqual([false, false, false]);
  });
});

describe("the hub's word", () => {
  const told = (more: Partial<Told>): Told => ({ id: 'a', outcome: 'admitted', reason: null, participant_id: '1', name: 'Noor', first: null, ...more });

  it('tells what another device saw earlier', () => {
    const first = { id: 'b', at: '2026-11-22T09:14:00Z', device: 'Door 2' };
    expect(fromHub(told({ outcome: 'already', first }), judge(noor))).toEqual({ kind: 'already', name: 'Noor', at: first.at, device: 'Door 2' });
  });

  it('counts more than what this device thought', () => {
    expect(fromHub(told({ outcome: 'refused', reason: 'NOT_CONFIRMED', name: null }), judge(noor))).toMatchObject({ kind: 'off', name: 'Noor Haddad' });
    expect(fromHub(told({ outcome: 'refused', reason: 'VALIDATION_FAILED' }), refused('unsure')).kind).toBe('invalid');
    expect(fromHub(told({}), judge({ ...noor, status: 'pending' })).kind).toBe('welcome');
  });
});

it('names are found without case and accents', () => {
  const people = [noor, { ...noor, id: '2', name: 'Zoë Öztürk' }, { ...noor, id: '3', name: 'أحمد' }];
  const found = (text: string): string[] => search(people, text, 2).map(({ id }) => id);
  expect(found('haddad no')).toEqual(['1']);
  expect(found('OZTURK')).toEqual(['2']);
  expect(found('احمد')).toEqual(['3']);
  expect([found(''), found('o')]).toEqual([[], ['1', '2']]);
});
