/** Moves a line so that it stands at `to`; beyond the ends is at the end. */
export function move(order: readonly string[], id: string, to: number): string[] {
  if (!order.includes(id)) return [...order];
  const rest = order.filter((held) => held !== id);
  rest.splice(Math.max(0, Math.min(to, rest.length)), 0, id);
  return rest;
}
