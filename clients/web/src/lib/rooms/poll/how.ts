import { t } from '$lib/i18n/i18n.svelte';
import { bounds, budget, maxChoices, WORDS } from './ballot';
import type { Poll } from './model.svelte';

/** One line that says what this kind of poll wants from the voter. */
export function how(poll: Poll): string {
  switch (poll.kind) {
    case 'multiple':
      return poll.max_choices ? t('poll.multiple.max', { n: poll.max_choices }) : t('poll.multiple.how');
    case 'rating':
      return t('poll.rating.how', bounds(poll));
    case 'points':
      return t('poll.points.how', { n: budget(poll) });
    case 'numeric':
      return poll.min != null && poll.max != null
        ? t('poll.numeric.range', { min: poll.min, max: poll.max })
        : t('poll.numeric.how');
    case 'wordcloud':
      return t('poll.wordcloud.how', { n: poll.max_words ?? WORDS });
    case 'ranking':
      return maxChoices(poll) < poll.options.length ? t('poll.ranking.some', { n: maxChoices(poll) }) : t('poll.ranking.how');
    default:
      return t(`poll.${poll.kind}.how`);
  }
}
