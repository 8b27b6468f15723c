import { ApiError } from '$lib/state/api';
import { moderator } from '$lib/state/people';

/** Fetches a file with the account's token, and hands it to the browser to keep under a name. */
export async function download(path: string, name: string): Promise<void> {
  const headers: Record<string, string> = { Authorization: `Bearer ${(await moderator.token()) ?? ''}` };
  const answer = await fetch(`/api/v1${path}`, { headers });
  if (!answer.ok) {
    const { error } = (await answer.json().catch(() => ({}))) as { error?: { code: string; message: string; details?: Record<string, unknown> } };
    throw new ApiError(answer.status, error?.code ?? `HTTP_${answer.status}`, error?.message ?? answer.statusText, error?.details);
  }
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await answer.blob());
  link.download = name;
  link.click();
  // The browser has begun with it once this turn is over.
  setTimeout(() => URL.revokeObjectURL(link.href));
}
