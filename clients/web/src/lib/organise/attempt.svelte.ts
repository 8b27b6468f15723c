import { untrack } from 'svelte';
import { i18n, t } from '$lib/i18n/i18n.svelte';
import { ApiError } from '$lib/state/api';

/** Something that is asked of the hub: whether it is under way, and in words why it did not work. */
export class Attempt {
  busy = $state(false);
  fault = $state('');

  /** Does it; false when it did not work. One at a time. */
  async run(work: () => Promise<unknown>): Promise<boolean> {
    if (untrack(() => this.busy)) return false;
    this.busy = true;
    this.fault = '';
    try {
      await work();
      return true;
    } catch (error) {
      this.fault = error instanceof ApiError ? i18n.refusal(error.code) : t('net.offline.join');
      return false;
    } finally {
      this.busy = false;
    }
  }
}
