// Shows /api/v1/openapi.json: operations by tag, their parameters, bodies, answers and faults, with examples.
const METHODS = ['get', 'post', 'patch', 'put', 'delete'];
const BASE = '/api/v1';

/** An element with attributes and children; texts are set as texts, never as HTML. */
function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

/** Descriptions are plain text with `code` in backquotes. */
function prose(text) {
  const parts = text.split('`');
  return element('p', {}, ...parts.map((part, at) => (at % 2 ? element('code', {}, part) : part)));
}

let spec = {};

function resolve(thing) {
  if (!thing?.$ref) return thing;
  return thing.$ref
    .slice(2)
    .split('/')
    .reduce((found, key) => found?.[decodeURIComponent(key)], spec);
}

/** What a schema looks like, from its own example or from its parts. */
function example(schema, depth = 0) {
  const it = resolve(schema) ?? {};
  if (it.example !== undefined) return it.example;
  if (it.examples?.length) return it.examples[0];
  const either = it.oneOf ?? it.anyOf ?? it.allOf;
  if (either) return example(either.find((one) => one.type !== 'null') ?? either[0], depth);
  if (it.enum) return it.enum[0];
  const type = [it.type].flat().find((one) => one !== 'null');
  if (type === 'array') return depth > 5 ? [] : [example(it.items, depth + 1)];
  if (type === 'object' || it.properties) {
    if (depth > 5) return {};
    return Object.fromEntries(Object.entries(it.properties ?? {}).map(([key, part]) => [key, example(part, depth + 1)]));
  }
  return { string: 'text', integer: 0, number: 0, boolean: true }[type] ?? null;
}

function typeOf(schema) {
  const it = resolve(schema) ?? {};
  if (it.enum) return it.enum.map((one) => JSON.stringify(one)).join(' | ');
  const either = it.oneOf ?? it.anyOf;
  if (either) return either.map(typeOf).join(' | ');
  const types = [it.type].flat().filter(Boolean);
  return types.map((type) => (type === 'array' ? `list of ${typeOf(it.items)}` : type)).join(' | ') || 'anything';
}

function fields(schema) {
  const it = resolve(schema);
  const names = Object.entries(it?.properties ?? {});
  if (names.length === 0) return null;
  const rows = names.map(([name, part]) =>
    element(
      'tr',
      {},
      element('th', { scope: 'row' }, element('code', {}, name), it.required?.includes(name) ? ' *' : ''),
      element('td', {}, typeOf(part)),
      element('td', {}, prose(part.description ?? resolve(part)?.description ?? '')),
    ),
  );
  return table('Fields; * must be there', ['Field', 'Type', 'What it is'], rows);
}

function table(caption, heads, rows) {
  const head = element('tr', {}, ...heads.map((text) => element('th', { scope: 'col' }, text)));
  return element(
    'div',
    { class: 'wide', tabindex: '0', role: 'group', 'aria-label': caption },
    element('table', {}, element('caption', {}, caption), element('thead', {}, head), element('tbody', {}, ...rows)),
  );
}

function code(value) {
  return element('pre', { tabindex: '0' }, element('code', {}, JSON.stringify(value, null, 2)));
}

function parameters(operation) {
  if (!operation.parameters?.length) return null;
  const rows = operation.parameters.map((one) =>
    element(
      'tr',
      {},
      element('th', { scope: 'row' }, element('code', {}, one.name), one.required ? ' *' : ''),
      element('td', {}, one.in),
      element('td', {}, prose(one.description ?? '')),
    ),
  );
  return table('Parameters; * must be there', ['Name', 'Where', 'What it is'], rows);
}

function body(operation) {
  const schema = operation.requestBody?.content?.['application/json']?.schema;
  if (!schema) return [];
  const parts = fields(schema);
  return [element('h4', {}, 'Body'), parts, ...(parts ? [code(example(schema))] : [element('p', {}, 'An empty object.')])];
}

function answers(operation) {
  return Object.entries(operation.responses ?? {}).flatMap(([status, response]) => {
    const it = resolve(response);
    const media = it.content?.['application/json'];
    const shown = media?.example ?? (media?.schema && example(media.schema));
    const good = status.startsWith('2');
    const title = element('summary', {}, element('b', {}, status), ' ', ...prose(it.description ?? '').childNodes);
    const details = element('details', good ? { open: '' } : {}, title);
    if (shown !== undefined) details.append(code(shown));
    return [details];
  });
}

function curl(method, path, operation) {
  const schema = operation.requestBody?.content?.['application/json']?.schema;
  const lines = [`curl -X ${method.toUpperCase()} ${location.origin}${BASE}${path}`];
  if (operation.security) lines.push(`-H 'Authorization: Bearer TOKEN'`);
  if (schema) lines.push(`-H 'Content-Type: application/json'`, `-d '${JSON.stringify(example(schema))}'`);
  return element('pre', { tabindex: '0' }, element('code', {}, lines.join(' \\\n  ')));
}

function show({ method, path, operation, id }) {
  const name = element('h3', {}, operation.summary ?? path);
  const line = element(
    'p',
    { class: 'line' },
    element('span', { class: `method ${method}` }, method.toUpperCase()),
    ' ',
    element('code', {}, BASE + path),
    operation.security ? element('span', { class: 'token' }, 'needs a token') : null,
  );
  return element(
    'article',
    { id, 'data-text': `${method} ${path} ${operation.summary} ${operation.tags?.join(' ')}`.toLowerCase() },
    name,
    line,
    operation.description ? prose(operation.description) : null,
    parameters(operation),
    ...body(operation),
    element('h4', {}, 'Try it'),
    curl(method, path, operation),
    element('h4', {}, 'Answers'),
    ...answers(operation),
  );
}

function operations() {
  const all = Object.entries(spec.paths ?? {}).flatMap(([path, item]) =>
    METHODS.filter((method) => item[method]).map((method) => {
      const operation = item[method];
      const id = `${method}${path.replace(/[^a-z]+/gi, '-')}`.replace(/-$/, '');
      return { method, path, operation, id, tag: operation.tags?.[0] ?? 'Other' };
    }),
  );
  const tags = [...new Set(all.map((one) => one.tag))];
  return tags.map((tag) => [tag, all.filter((one) => one.tag === tag)]);
}

function render() {
  document.getElementById('about').replaceChildren(
    ...prose(spec.info.description).childNodes,
    ' Version ',
    spec.info.version,
    '. The same for programs: ',
    element('a', { href: `${BASE}/openapi.json` }, 'openapi.json'),
    '.',
  );
  for (const [tag, list] of operations()) {
    const links = list.map(({ id, method, operation }) =>
      element('li', {}, element('a', { href: `#${id}` }, operation.summary ?? id), ' ', element('small', {}, method.toUpperCase())),
    );
    document.getElementById('index').append(element('li', {}, element('b', {}, tag), element('ul', {}, ...links)));
    document.getElementById('operations').append(element('section', {}, element('h2', {}, tag), ...list.map(show)));
  }
  document.getElementById(location.hash.slice(1))?.scrollIntoView();
}

function find(words) {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const article of document.querySelectorAll('article')) {
    article.hidden = !wanted.every((word) => article.dataset.text.includes(word));
    if (!article.hidden) shown += 1;
  }
  for (const section of document.querySelectorAll('section')) {
    section.hidden = [...section.querySelectorAll('article')].every((article) => article.hidden);
  }
  document.getElementById('found').textContent = wanted.length ? `${shown} operations` : '';
}

document.getElementById('search').addEventListener('input', (event) => find(event.target.value));

try {
  const response = await fetch(`${BASE}/openapi.json`);
  if (!response.ok) throw new Error(`the hub answered ${response.status}`);
  spec = await response.json();
  render();
} catch (error) {
  document.getElementById('about').textContent = `The description cannot be read: ${error.message}`;
}
