import { redirect } from '@sveltejs/kit';
import type { PageLoad } from './$types';

/** The address in the QR: short on paper, it leads to the join page with its code filled in. */
export const load: PageLoad = ({ params }) => redirect(307, `/?code=${encodeURIComponent(params.code)}`);
