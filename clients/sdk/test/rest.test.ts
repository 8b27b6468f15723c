import { describe, expect, it } from 'vitest';
import { type Refusal, get, joinByCode, login, refresh } from '../src/index.ts';

interface Asked {
  url: string;
  init: RequestInit;
}

function hub(status: number, body: unknown, headers: Record<string, string> = {}) {
  const asked: Asked[] = [];
  const answer: typeof fetch = async (url, init) => {
    asked.push({ url: String(url), init: init ?? {} });
    return new Response(typeof body === 'string' ? body : JSON.stringify(body), { status, headers });
  };
  return { asked, options: { url: 'https://hub.example', fetch: answer } };
}

describe('REST', () => {
  it('opens the envelope', async () => {
    const { asked, options } = hub(200, { success: true, data: { access_token: 'A' }, meta: {} });
    expect(await joinByCode({ ...options, tenant: 'demo' }, { code: 'ABC123' })).toEqual({ access_token: 'A' });
    expect(asked[0]?.url).toBe('https://hub.example/api/v1/auth/join');
    expect(asked[0]?.init.body).toBe('{"code":"ABC123"}');
    expect(asked[0]?.init.headers).toMatchObject({ 'x-tenant-id': 'demo' });
    expect((asked[0]?.init.headers as Record<string, string>)['idempotency-key']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('asks with the token and without a body', async () => {
    const { asked, options } = hub(200, { success: true, data: [], meta: {} });
    await get({ ...options, token: 'A' }, '/conferences');
    expect(asked[0]?.init).toEqual({ method: 'GET', headers: { accept: 'application/json', authorization: 'Bearer A' } });
  });

  it('rejects with the stable code and when to try again', async () => {
    const error = { code: 'VALIDATION_FAILED', message: 'no', details: { email: ['is missing'] } };
    const { options } = hub(429, { success: false, error, meta: {} }, { 'retry-after': '7' });
    const refusal = await login(options, { email: '', password: '' }).catch((caught: Refusal) => caught);
    expect(refusal).toMatchObject({ code: 'VALIDATION_FAILED', retryMs: 7_000, details: { email: ['is missing'] } });
  });

  it('rejects what is no envelope', async () => {
    const { options } = hub(502, '<html>');
    const refusal = await refresh(options, 'R').catch((caught: Refusal) => caught);
    expect(refusal).toMatchObject({ code: 'HTTP_502', retryMs: null });
  });
});
