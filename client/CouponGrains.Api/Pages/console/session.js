// Who looks at the pages, and what he may. The host says who it is, and its OpenAPI document what each operation needs.
import { bearsKey, leave, meet, useKey } from './api.js';
import { button, card, el, field, form, nothing } from './dom.js';
import { t, told } from './words.js';

const roles = ['viewer', 'marketer', 'operator', 'admin'];
const fruitless = {
  'no-role': 'You were signed in, but have no role here. An administrator of your identity provider can give you one.',
  unreachable: 'The identity provider does not answer. Try again in a moment.',
  failed: 'The sign-in came to nothing. Try again.',
};

let who = null;
let paths = {};
let reason = null;

/** Learns who it is and what the host has. */
export async function greet() {
  const [known, answer] = await Promise.all([meet(), fetch('/openapi/v1.json')]);
  who = known;
  paths = answer.ok ? (await answer.json()).paths : {};
  const address = new URL(location.href);
  reason = fruitless[address.searchParams.get('sign-in')] ?? null;
  address.searchParams.delete('sign-in');
  history.replaceState(null, '', address);
}

/** Whether the host has told who looks. */
export const isMet = () => who !== null;

const reaches = role => roles.indexOf(who?.role) >= roles.indexOf(role);

/** Whether he may do an operation, as in `POST /v1/campaigns`. Of somebody unknown the host decides. */
export function may(operation) {
  const [method, path] = operation.split(' ');
  const needs = paths[path]?.[method.toLowerCase()];
  if (!needs) return false;
  if (who?.role) return reaches(needs['x-role']);
  return !who?.scopes || needs.security.every(one => one.key.every(scope => who?.scopes.includes(scope)));
}

/** Whether an action is done in the name of whoever looks. */
export const isMe = actor => who?.actor?.kind === actor.kind && who.actor.id === actor.id;

/** Whether there is a dashboard, and the browser itself may go there, where it can show no key. */
export const mayVisit = () => who?.dashboard && reaches('operator');

/** Whether the host has nothing to show to whoever looks, so that nothing need be asked of it. */
export const isStranger = () => isMet() && !who.role && !who.scopes && !bearsKey();

/** Who is signed in, and the way out; nothing where nobody signs in. */
export const signedIn = () =>
  who?.token && [
    el('span', { class: 'who', title: who.name }, `${who.name} · ${told(who?.role)}`),
    button(t('Sign out'), leave, { key: 'sign-out' }),
  ];

const keyOf = again =>
  card(
    t('Key'),
    form(
      { class: 'act' },
      fields => {
        useKey(fields.key.trim());
        return again();
      },
      field(
        t('Key of the API'),
        el('input', { id: 'key', name: 'key', type: 'password', required: true, autocomplete: 'off' }),
        t('Kept until this window is closed'),
      ),
      el('button', { class: who?.signIn ? undefined : 'strong' }, t('Go on')),
    ),
  );

/** What stands in place of a page that the host does not show to whoever looks, with why where it said so. */
export function door(error, again) {
  if (error?.status === 403 && who?.token) {
    return [el('h1', { tabindex: -1 }, t('Not for your role')), nothing(error.message)];
  }
  const here = encodeURIComponent(`/${location.hash}`);
  return [
    el('h1', { tabindex: -1 }, who?.signIn ? t('Please sign in') : t('This host asks for a key')),
    reason && el('p', { class: 'notice', role: 'alert' }, t(reason)),
    who?.signIn &&
      card(
        t('With your account'),
        el('p', { class: 'act' }, el('a', { class: 'button strong', href: `/sign-in?to=${here}` }, t('Sign in'))),
      ),
    keyOf(again),
    error && !who?.signIn && nothing(error.message),
  ].filter(Boolean);
}
