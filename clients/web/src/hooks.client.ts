import { i18n } from '$lib/i18n/i18n.svelte';
import { theme } from '$lib/state/theme.svelte';

/** Before the first page is drawn: its colours and its language. */
export async function init(): Promise<void> {
  theme.start();
  await i18n.start();
}
