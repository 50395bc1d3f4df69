// The one place that talks to the API.
import { refusal } from './words.js';

/** What was refused, as problem+json tells it. */
export class Problem extends Error {
  constructor(status, body) {
    const faults = (body?.errors ?? []).map(fault => `${fault.pointer} ${fault.detail}`).join(' ');
    super([refusal(body?.code) ?? body?.detail ?? body?.title ?? `HTTP ${status}`, faults].filter(Boolean).join(' '));
    this.status = status;
    this.code = body?.code;
  }
}

const kept = 'key';

/** What the pages of a session show with all that changes something; other sites cannot read it. */
let token = null;

/** Keeps the key that the API asks for, until this window is closed; none takes it away. */
export function useKey(key) {
  if (key) sessionStorage.setItem(kept, key);
  else sessionStorage.removeItem(kept);
}

/** Whether this window keeps a key. */
export const bearsKey = () => sessionStorage.getItem(kept) !== null;

/** Where the host asks for no key, none is sent. */
function identity() {
  const key = sessionStorage.getItem(kept);
  return key ? { authorization: `Bearer ${key}` } : {};
}

/** Who looks at the pages, as the host knows him. */
export async function meet() {
  const answer = await fetch('/session', { headers: identity() });
  const who = await answer.json();
  if (!answer.ok) throw new Problem(answer.status, who);
  token = who.token ?? null;
  return who;
}

/** Ends the session, and goes where the host says. */
export async function leave() {
  const answer = await fetch('/sign-out', { method: 'POST', headers: { 'x-csrf-token': token } });
  const told = await answer.json();
  if (!answer.ok) throw new Problem(answer.status, told);
  location.assign(told.next);
}

async function ask(path, { method = 'GET', body, match, signal } = {}) {
  const headers = identity();
  if (method !== 'GET' && token) headers['x-csrf-token'] = token;
  if (body !== undefined) headers['content-type'] = 'application/json';
  if (match) headers['if-match'] = match;
  const answer = await fetch(`/v1${path}`, { method, headers, signal, body: body && JSON.stringify(body) });
  const text = await answer.text();
  const value = text ? JSON.parse(text) : null;
  if (!answer.ok) throw new Problem(answer.status, value);
  return { value, tag: answer.headers.get('etag') };
}

/** A value. */
export const get = async (path, signal) => (await ask(path, { signal })).value;

/** A value with the tag that its change is bound to. */
export const tagged = (path, signal) => ask(path, { signal });

const asking = (path, question) => `${path}${path.includes('?') ? '&' : '?'}${question}`;

/** The entries of a list, page after page, at most `most`. */
export async function list(path, signal, most = 1000) {
  const first = path.includes('limit=') ? path : asking(path, 'limit=100');
  const found = [];
  let cursor = null;
  do {
    const page = await get(cursor === null ? first : asking(first, `cursor=${encodeURIComponent(cursor)}`), signal);
    found.push(...(Array.isArray(page) ? page : page.data));
    cursor = page.nextCursor ?? null;
  } while (cursor !== null && found.length < most);
  return found;
}

/** One page of a list: its entries and what asks for the next. */
export async function page(path, signal) {
  const found = await get(path, signal);
  return Array.isArray(found) ? { data: found, nextCursor: null } : found;
}

/** Changes something. */
export const send = async (method, path, body, match) => (await ask(path, { method, body, match })).value;

/** A part of an address. */
export const part = encodeURIComponent;

/** Whether the host answers and is ready: null if it is, else why not. */
export async function unready(signal) {
  const answer = await fetch('/health/ready', { signal });
  return answer.ok ? null : new Problem(answer.status, await answer.json()).message;
}

/** Hears server-sent events until `signal` ends it; comes back by itself, with the id of what it heard last.
 * `hear` is told each event's name and data, `reach` whether it is connected. */
export async function listen(path, signal, hear, reach) {
  let last = '';
  while (!signal.aborted) {
    try {
      const headers = { accept: 'text/event-stream', ...identity(), ...(last ? { 'last-event-id': last } : {}) };
      const answer = await fetch(`/v1${path}`, { headers, signal });
      if (!answer.ok) throw new Problem(answer.status, await answer.json());
      reach(true);
      for await (const event of events(answer.body)) {
        last = event.id ?? last;
        if (event.data) hear(event.name, JSON.parse(event.data));
      }
    } catch (error) {
      if (signal.aborted) return;
      reach(false, error);
    }
    await new Promise(wake => setTimeout(wake, 2_000));
  }
}

async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let [rest, event] = ['', { name: 'message' }];
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    const lines = (rest + read.value).split(/\r?\n/);
    rest = lines.pop();
    for (const line of lines) {
      const [, field, value] = /^([a-z]*):? ?(.*)$/.exec(line) ?? [];
      if (line === '') {
        yield event;
        event = { name: 'message' };
      } else if (field === 'event') event.name = value;
      else if (field === 'id') event.id = value;
      else if (field === 'data') event.data = (event.data ? `${event.data}\n` : '') + value;
    }
  }
}
