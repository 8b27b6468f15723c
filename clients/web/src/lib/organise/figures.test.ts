import { describe, expect, it } from 'vitest';
import { bars, columns } from './figures';

describe('figures', () => {
  it('are drawn beside one another, the highest in front of all', () => {
    const rows = bars([
      { id: 'a', label: 'A', amount: 20 },
      { id: 'b', label: 'B', amount: 5 },
    ]);
    expect(rows.map(({ share, lead }) => [share, lead])).toEqual([
      [1, true],
      [0.25, false],
    ]);
  });

  it('of nothing lead nowhere', () => {
    expect(bars([{ id: 'a', label: 'A', amount: 0 }])[0]).toMatchObject({ share: 0, lead: false });
    expect(bars([])).toEqual([]);
  });

  it('of quarter hours keep their moment', () => {
    expect(columns([{ from: '2026-11-22T09:15:00.000Z', deeds: 3, most_at_once: 9 }])).toEqual([{ value: Date.UTC(2026, 10, 22, 9, 15), count: 3 }]);
  });
});
