// One page for every route, drawn by the browser: the hub serves files only.
export const ssr = false;
export const prerender = false;
