/** One push of a room as a model sees it: the range bookkeeping is already done by the SDK. */
export interface Push {
  ev: string;
  data: unknown;
  /** Server time of the newest fact it covers; ephemeral pushes may lack it. */
  at_ms?: number | undefined;
}

/** What a kind of room does with a push: a pure function from the state it holds to the next one. */
export type Reduce<S> = (state: S, push: Push) => S;
